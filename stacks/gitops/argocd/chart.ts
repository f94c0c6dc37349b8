/** The Argo CD chart, by its exact version. Data. */

/** https://github.com/argoproj/argo-helm/releases/tag/argo-cd-9.1.0: Argo CD 3.2, for Kubernetes 1.25 and newer. */
export const argoCdChart = {
  repository: "https://argoproj.github.io/argo-helm",
  chart: "argo-cd",
  version: "9.1.0",
} as const;
