/** Values of the Argo CD chart: closed to the outside, placed beside the system's own pods, several of each in prod. */

/**
 * Values by https://github.com/argoproj/argo-helm/blob/argo-cd-9.5.14/charts/argo-cd/values.yaml; the high-availability
 * form follows the "High Availability" section of its README.md. As of 2026-11-21.
 */
export function chartValues(fields: {
  readonly highAvailability: boolean;
}): Readonly<Record<string, unknown>> {
  const { replicas, spread, redis } = fields.highAvailability ? several : single;
  return {
    global: {
      tolerations,
      affinity: { podAntiAffinity: spread },
      networkPolicy: { create: true },
    },
    // Deleting the chart would otherwise delete every Application with all it has deployed.
    crds: { install: true, keep: true },
    configs: {
      // A shell in any pod, for whoever may look at it, is not wanted.
      cm: { "exec.enabled": false },
      params: { "server.insecure": false },
    },
    // One: a second replica takes over other clusters' applications, and there is only this one. Its budget would only
    // keep nodes from being drained.
    controller: { replicas: 1, resources: requests("250m", "1Gi"), pdb: { enabled: false } },
    server: { ...replicas, resources: requests("50m", "128Mi"), ingress: { enabled: false } },
    repoServer: { ...replicas, resources: requests("100m", "256Mi") },
    applicationSet: { ...replicas, resources: requests("50m", "128Mi") },
    ...redis,
    // Users sign in through a provider that a later release sets up; until then there is only `admin`.
    dex: { enabled: false },
    notifications: { enabled: false },
  };
}

/** System nodes keep ordinary pods away; whoever brings the rest up must not wait for the rest. */
const tolerations = [{ key: "CriticalAddonsOnly", operator: "Exists" }] as const;

// Memory is a limit, too; processor time is not: throttling makes reconciliation late and saves nothing.
function requests(cpu: string, memory: string) {
  return { requests: { cpu, memory }, limits: { memory } };
}

const single = {
  replicas: { replicas: 1 },
  spread: "soft",
  redis: { redis: { resources: requests("50m", "128Mi") } },
} as const;

const several = {
  replicas: { replicas: 2, pdb: { enabled: true, maxUnavailable: 1 } },
  spread: "hard",
  redis: {
    "redis-ha": {
      enabled: true,
      tolerations,
      hardAntiAffinity: true,
      podDisruptionBudget: { maxUnavailable: 1 },
      redis: { resources: requests("50m", "128Mi") },
      sentinel: { resources: requests("25m", "64Mi") },
      haproxy: {
        tolerations,
        hardAntiAffinity: true,
        podDisruptionBudget: { maxUnavailable: 1 },
        resources: requests("25m", "128Mi"),
      },
    },
  },
} as const;
