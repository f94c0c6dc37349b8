/** Limits of Google Cloud. Data. */
import { limitsAsOf } from "./limit.ts";
import { nameLimitsAsOf } from "./name-limits.ts";

const limit = limitsAsOf("2026-11-21");
const ranges = "https://cloud.google.com/vpc/docs/subnets";
const labels = "https://cloud.google.com/compute/docs/labeling-resources#requirements";

/** Longest names. */
export const gcpNames = nameLimitsAsOf("2026-11-21", {
  compute: {
    of: "a Compute Engine resource",
    maxLength: 63,
    source: "https://cloud.google.com/compute/docs/naming-resources",
  },
  logBucket: {
    of: "a log bucket",
    maxLength: 100,
    source: "https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.locations.buckets/create",
  },
  logSink: {
    of: "a log sink",
    maxLength: 100,
    source: "https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks",
  },
});

export const labelsPerResource = limit({ what: "Labels of one resource", most: 64, source: labels });
export const labelLength = limit({ what: "Characters of a label's key and value", most: 63, source: labels });

export const networkPrefix = limit({
  what: "Prefix of a subnet's range, largest to smallest subnet",
  from: 8,
  to: 29,
  source: `${ranges}#valid-ranges`,
});

export const reservedPerSubnet = limit({
  what: "Addresses of a subnet that Google Cloud keeps",
  is: 4,
  source: `${ranges}#unusable-ip-addresses-in-every-subnet`,
});
