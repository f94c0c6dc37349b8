import { implement } from "../../component.ts";
import { vpc } from "./contract.ts";
export const implementation = implement(vpc, (context) => {
  const x: number = context.fields.zones;
  return {
    networkId: "x",
    cidr: "x",
    publicSubnetIds: [String(x)],
    privateSubnetIds: [],
    databaseSubnetIds: [],
  };
});
