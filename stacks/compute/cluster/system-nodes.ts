/** How system nodes are told from others, and what runs on them. */

export const systemLabel = { "terrane.dev/nodes": "system" } as const;

/** Only what a cluster cannot do without: https://karpenter.sh/docs/concepts/scheduling/ and the add-ons tolerate it. */
export const systemTaint = { key: "CriticalAddonsOnly", value: "true", effect: "NO_SCHEDULE" } as const;

/** Lets a pod onto system nodes. */
export const systemToleration = { key: systemTaint.key, operator: "Exists" } as const;
