/** One DNS name that leads to whichever site serves. */
import { z } from "zod";
import { defineComponent, unsupported, upcoming } from "../../../src/catalog/component.ts";
import { references } from "../../../src/catalog/reference.ts";
import { duration, hostname } from "../../../src/model/text.ts";
import { parseDuration } from "../../../src/values/duration.ts";
import { cluster } from "../../compute/cluster/contract.ts";

const later = upcoming("Traffic management comes with the recovery release.");

export const dnsFailover = defineComponent({
  name: "dns-failover",
  domain: "traffic",
  summary:
    "A DNS name with health checks that leads to the primary, and to the standby when the primary is gone.",
  spanning: true,
  fields: z.strictObject({
    targets: references(cluster).describe("What the name can lead to, in order of preference."),
    hostname: hostname.optional().describe("The name; without it, one the cloud makes up."),
    ttl: duration.default("30s").describe("How long resolvers may keep an answer."),
  }),
  outputs: z.strictObject({
    hostname: z.string().describe("The name."),
  }),
  check: ({ ttl }, { rto }) => {
    const [kept, limit] = [parseDuration(ttl), parseDuration(rto ?? "")];
    if (!kept.ok || !limit.ok || kept.seconds < limit.seconds) return [];
    const message = `resolvers may keep the failed site for ${ttl}, and service is to be back within ${rto}`;
    const nearest = limit.seconds > 30 ? { nearest: "30s" } : {};
    return [{ field: "ttl", code: "bad-value", message, allowed: `below ${rto}`, ...nearest }];
  },
  implementations: {
    aws: later,
    gcp: later,
    azure: later,
    kubernetes: unsupported("DNS belongs to a cloud."),
  },
});
