/** The explicit Google Cloud provider of a site. Labels are inputs of each resource, never the provider's default. */
import { Provider } from "@pulumi/gcp/provider.js";
import { output, type ProviderResource } from "@pulumi/pulumi";
import type { SiteSpec } from "../../src/model/spec.ts";

/** Named like the site. The site's account is the project; without it, the one of the credentials. */
export function makeProvider(site: SiteSpec): ProviderResource {
  return new Provider(site.name, {
    region: site.region,
    project: site.account ?? unset,
    zone: unset,
    // The provider would add a label of its own to everything it makes.
    addPulumiAttributionLabel: false,
  });
}

// For an absent argument the SDK would read variables of this process; an empty output is left out instead.
const unset = output<string | undefined>(undefined);
