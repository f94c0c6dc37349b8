/** What the files of the implementation share. */
import type { BuildContext } from "../../component.ts";
import type { argocd } from "./contract.ts";

export type ArgocdContext = BuildContext<(typeof argocd)["fields"]>;

/** Name of the root application and of its project. */
export const rootName = "root";
