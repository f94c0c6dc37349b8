/** Facts of the Google Cloud documentation that names, labels and networks keep to, with source and date. */
import type { NameRules } from "../../src/values/names.ts";

/** Longest names, as of 2026-11-21. */
export const gcpNames = {
  // https://cloud.google.com/compute/docs/naming-resources
  compute: { maxLength: 63 },
  // https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.locations.buckets/create
  logBucket: { maxLength: 100 },
  // https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks
  logSink: { maxLength: 100 },
} as const satisfies Readonly<Record<string, NameRules>>;

/** https://cloud.google.com/compute/docs/labeling-resources#requirements, as of 2026-11-21. */
export const labelLimits = { perResource: 64, length: 63 } as const;

/** https://cloud.google.com/vpc/docs/subnets#valid-ranges and #unusable-ip-addresses-in-every-subnet, as of 2026-11-21. */
export const networkLimits = { smallestPrefix: 8, subnetLargestPrefix: 29, reservedPerSubnet: 4 } as const;
