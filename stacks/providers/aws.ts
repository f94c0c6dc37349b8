/** The explicit AWS provider of a site. Tags are inputs of each resource, never the provider's default tags. */
import { Provider } from "@pulumi/aws/provider.js";
import type { ProviderResource } from "@pulumi/pulumi";
import type { SiteSpec } from "../../src/model/spec.ts";

/** Named like the site. With an account, the provider refuses to work in any other. */
export function makeProvider(site: SiteSpec): ProviderResource {
  return new Provider(site.name, {
    region: site.region,
    ...(site.account === undefined ? {} : { allowedAccountIds: [site.account] }),
    ...(site.assumeRole === undefined
      ? {}
      : { assumeRoles: [{ roleArn: site.assumeRole, sessionName: "terrane" }] }),
  });
}
