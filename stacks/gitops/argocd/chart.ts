/** The Argo CD chart, by its exact version. Data. */

/**
 * https://github.com/argoproj/argo-helm/releases/tag/argo-cd-9.5.14: Argo CD 3.4.2, of the three minor versions that
 * the project maintains. Chart 10 exists; its values were not read. As of 2026-11-21.
 */
export const argoCdChart = {
  repository: "https://argoproj.github.io/argo-helm",
  chart: "argo-cd",
  version: "9.5.14",
} as const;
