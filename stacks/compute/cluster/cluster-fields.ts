/** What a cluster is judged by. */

/** The fields that limits depend on, with their defaults. */
export interface ClusterFields {
  readonly version: string;
  readonly publicAccessCidrs: readonly string[];
  /** Absent until a block is cut for it. */
  readonly serviceRange?: string | undefined;
  readonly nodes: number;
  readonly nodeType: string;
  readonly autoscaling: "karpenter" | "none";
  readonly capacity: readonly string[];
  readonly architectures: readonly string[];
  readonly limits: { readonly cpu: number; readonly memory: number };
  readonly podsPerNode: number;
  readonly access: readonly { readonly principal: string; readonly level: string }[];
}
