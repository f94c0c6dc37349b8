import { implement } from "../../component.ts";
import { postgres } from "./contract.ts";
export const implementation = implement(postgres, (context) => {
  const ids = context.references.network.outputs.databaseSubnetIds;
  return {
    endpoint: context.references.network.outputs.networkId,
    port: 5432,
    secretId: ids.apply((i) => i[0]!),
    accessGroupId: "x",
  };
});
