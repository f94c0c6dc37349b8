/** The closed word lists that every document and record draws on. */

export const apiVersion = "terrane.dev/v1";

/** Decides defaults, policy severity, approvals and time to live. */
export const environmentClasses = ["prod", "staging", "dev", "sandbox"] as const;
export type EnvironmentClass = (typeof environmentClasses)[number];

export const clouds = ["aws", "gcp", "azure"] as const;
export type Cloud = (typeof clouds)[number];

/** Roles a site can have. The blueprint gives the first one; from then on the environment record holds it. */
export const roles = ["primary", "standby"] as const;
export type Role = (typeof roles)[number];

/** What a component is about. The order is a rank: a component refers only to equal or lower ranks. */
export const domains = ["foundation", "network", "data", "compute", "gitops", "traffic"] as const;
export type Domain = (typeof domains)[number];

export function rankOf(domain: Domain): number {
  return domains.indexOf(domain);
}

/** Simulated clouds run in this process; live ones cost money. Fixed when an environment is created. */
export const targets = ["simulated", "live"] as const;
export type Target = (typeof targets)[number];

/** How implementations are told apart: one file per cloud, and one for what lives inside Kubernetes. */
export const platforms = ["aws", "gcp", "azure", "kubernetes"] as const;
export type Platform = (typeof platforms)[number];

/**
 * What addresses are for. Those of networks and pods are routed, so no two of them may overlap anywhere. Those of
 * services exist inside one cluster only, so clusters may share them; they must be off every routed range, because a
 * cluster never reaches an address that it takes for a service of its own.
 * Sources, as of 2026-11-21: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html (service range off the
 * VPC and off what is peered with it); https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips (services are
 * virtual, pod ranges are routed); https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning.
 */
export const addressPurposes = ["network", "pods", "services"] as const;
export type AddressPurpose = (typeof addressPurposes)[number];
