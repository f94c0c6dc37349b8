import { implement } from "../../component.ts";
import { argocd } from "./contract.ts";
export const implementation = implement(argocd, () => {
  throw new Error("being written");
});
