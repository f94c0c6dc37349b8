/** Regions of Google Cloud. Data: the list of the page named, as of 2026-11-21. */
import type { CloudRules } from "../../src/catalog/cloud.ts";
import { gcpTagger } from "../tagging/gcp.ts";

/** https://cloud.google.com/compute/docs/regions-zones */
export const gcpRules: CloudRules = {
  cloud: "gcp",
  title: "Google Cloud",
  asOf: "2026-11-21",
  regions: {
    "North America": [
      ...["us-central1", "us-east1", "us-east4", "us-east5", "us-south1"],
      ...["us-west1", "us-west2", "us-west3", "us-west4"],
      ...["northamerica-northeast1", "northamerica-northeast2", "northamerica-south1"],
    ],
    "South America": ["southamerica-east1", "southamerica-west1"],
    Europe: [
      ...["europe-central2", "europe-north1", "europe-north2", "europe-southwest1", "europe-west1"],
      ...["europe-west2", "europe-west3", "europe-west4", "europe-west6", "europe-west8"],
      ...["europe-west9", "europe-west10", "europe-west12"],
    ],
    "Middle East": ["me-central1", "me-central2", "me-west1"],
    Africa: ["africa-south1"],
    "Asia Pacific": [
      ...["asia-east1", "asia-east2", "asia-northeast1", "asia-northeast2", "asia-northeast3"],
      ...["asia-south1", "asia-south2", "asia-southeast1", "asia-southeast2"],
      ...["australia-southeast1", "australia-southeast2"],
    ],
  },
  optInRegions: new Set(),
  otherPartitions: {},
  regionOfZone: (text) => /^([a-z]+-[a-z]+\d{1,2})-[a-z]$/.exec(text)?.[1],
  checkTags: gcpTagger.check,
};
