/** What Google Cloud answers to look-ups that make nothing: zones, and who the provider is. */
import type { Properties } from "../../values/value.ts";
import { type Place, textAt } from "../model.ts";

/**
 * Zones of regions, as of 2026-11-21: https://cloud.google.com/compute/docs/regions-zones
 * Regions that are not listed have zones a, b and c.
 */
const odd: Readonly<Record<string, string>> = {
  "us-central1": "abcf",
  "us-east1": "bcd",
  "europe-west1": "bcd",
};

function zonesOf(region: string): readonly string[] {
  return [...(odd[region] ?? "abc")].map((letter) => `${region}-${letter}`);
}

export const gcpFunctions: Readonly<Record<string, (inputs: Properties, place: Place) => Properties>> = {
  "gcp:compute/getZones:getZones": (inputs, place) => {
    const region = textAt(inputs, "region") ?? place.region;
    const project = textAt(inputs, "project") ?? place.account;
    return {
      ...inputs,
      id: `projects/${project}/regions/${region}`,
      project,
      region,
      names: zonesOf(region),
    };
  },
  "gcp:organizations/getClientConfig:getClientConfig": (_inputs, place) => ({
    id: `projects/${place.account}/regions/${place.region}/zones/`,
    project: place.account,
    region: place.region,
    zone: "",
    accessToken: "simulated-access-token",
    defaultLabels: {},
  }),
};

/** Results that must not be shown. */
export const gcpSecretResults: Readonly<Record<string, readonly string[]>> = {
  "gcp:organizations/getClientConfig:getClientConfig": ["accessToken"],
};
