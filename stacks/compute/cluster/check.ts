/** What a place and a network refuse of a cluster: everything at once. Loads no cloud's SDK. */
import type { FieldRefusal, Place, ReferredComponents } from "../../../src/catalog/component.ts";
import { checkAddresses } from "./check-addresses.ts";
import { checkNodes } from "./check-nodes.ts";
import { checkVersion } from "./check-version.ts";
import type { ClusterFields } from "./cluster-fields.ts";

export function checkCluster(
  fields: ClusterFields,
  place: Place,
  referred: ReferredComponents,
): readonly FieldRefusal[] {
  return [
    ...checkVersion(fields, place),
    ...checkEndpoint(fields, place),
    ...checkRepeats(fields),
    ...checkNodes(fields, place),
    ...checkAddresses(fields, place, referred["network"]?.[0]),
  ];
}

/** terrane itself works on the Kubernetes API, so it has to get there; nothing is opened for it unasked. */
function checkEndpoint({ publicAccessCidrs }: ClusterFields, { runner }: Place): readonly FieldRefusal[] {
  if (runner === "inside" || publicAccessCidrs.length > 0) return [];
  return [
    {
      field: "publicAccessCidrs",
      code: "endpoint-unreachable",
      message: "the API answers inside the network only, and terrane runs outside of it",
      allowed: "`runner: inside` on the site, or the ranges that terrane comes from",
      next: "Write `runner: inside` on the site if terrane runs there, else `publicAccessCidrs: [203.0.113.7/32]`.",
    },
  ];
}

function checkRepeats({ capacity, architectures, access }: ClusterFields): readonly FieldRefusal[] {
  const grants = access.map(({ principal, level }) => `${level} for ${principal}`);
  return Object.entries({ capacity, architectures, access: grants }).flatMap(([field, list]) => {
    const repeated = list.find((each, index) => list.indexOf(each) !== index);
    if (repeated === undefined) return [];
    const allowed = field === "access" ? "one entry for each principal and level" : "each one once";
    return [{ field, code: "bad-value" as const, message: `${repeated} is there twice`, allowed }];
  });
}
