import { implement } from "../../component.ts";
import { cluster } from "./contract.ts";
export const implementation = implement(cluster, () => {
  throw new Error("being written");
});
