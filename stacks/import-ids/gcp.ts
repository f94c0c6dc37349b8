/** Google Cloud types that take no labels: resource names, which always follow from the inputs. */

import type { Properties } from "../../src/values/value.ts";
import { type ImportPlace, type ImportRule, lastPart, textsOf } from "./rule.ts";

const docs = "https://www.pulumi.com/registry/packages/gcp/api-docs";

export const gcpImportRules: readonly ImportRule[] = [
  compute("network", "Network", () => "global/networks"),
  compute("firewall", "Firewall", () => "global/firewalls"),
  compute("subnetwork", "Subnetwork", (inputs, place) => `${regionOf(inputs, place)}/subnetworks`),
  compute("router", "Router", (inputs, place) => `${regionOf(inputs, place)}/routers`),
  compute("routerNat", "RouterNat", (inputs, place) => {
    const [router] = textsOf(inputs, ["router"]) ?? [];
    return router === undefined ? undefined : `${regionOf(inputs, place)}/routers/${lastPart(router)}`;
  }),
  {
    type: "gcp:logging/projectBucketConfig:ProjectBucketConfig",
    id: (inputs, place) => {
      const [location, bucket] = textsOf(inputs, ["location", "bucketId"]) ?? [];
      return bucket === undefined
        ? undefined
        : `projects/${projectOf(inputs, place)}/locations/${location}/buckets/${bucket}`;
    },
    source: `${docs}/logging/projectbucketconfig/#import`,
  },
  {
    type: "gcp:logging/projectSink:ProjectSink",
    id: (inputs, place) => {
      const [name] = textsOf(inputs, ["name"]) ?? [];
      return name === undefined ? undefined : `projects/${projectOf(inputs, place)}/sinks/${name}`;
    },
    source: `${docs}/logging/projectsink/#import`,
  },
];

function compute(
  module: string,
  kind: string,
  collection: (inputs: Properties, place: ImportPlace) => string | undefined,
): ImportRule {
  return {
    type: `gcp:compute/${module}:${kind}`,
    id: (inputs, place) => {
      const [name] = textsOf(inputs, ["name"]) ?? [];
      const where = collection(inputs, place);
      if (name === undefined || where === undefined) return undefined;
      return `projects/${projectOf(inputs, place)}/${where}/${name}`;
    },
    source: `${docs}/compute/${module.toLowerCase()}/#import`,
  };
}

function projectOf(inputs: Properties, place: ImportPlace): string {
  const [project] = textsOf(inputs, ["project"]) ?? [];
  return lastPart(project ?? place.account);
}

function regionOf(inputs: Properties, place: ImportPlace): string {
  const [region] = textsOf(inputs, ["region"]) ?? [];
  return `regions/${lastPart(region ?? place.region)}`;
}
