/** Schema of a range that may reach a cluster's API over the internet. Knows nothing of the cloud. */
import { z } from "zod";
import type { IssueParams } from "../../../src/model/text.ts";
import { type Cidr, overlaps, parseCidr } from "../../../src/values/cidr.ts";

/** A shorter prefix than this is not a list of offices and runners any more. */
const shortestPrefix = 8;

/** RFC 1918 and RFC 6598: EKS refuses them here, since they never arrive over the internet. */
const privateRanges = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"].map(read);

export const publicRange = z
  .string()
  .max(43)
  .superRefine((text, context) => {
    const refusal = refusalOf(text);
    if (refusal === undefined) return;
    const { message, ...params } = refusal;
    context.addIssue({ code: "custom", message, params });
  });

function refusalOf(text: string): (IssueParams & { readonly message: string }) | undefined {
  if (/^[0-9a-f:]*::?\/0$/i.test(text)) return open(text);
  const parsed = parseCidr(text);
  if (!parsed.ok) return parsed.refusal;
  if (parsed.cidr.prefix < shortestPrefix) return open(text);
  if (!privateRanges.some((range) => overlaps(range, parsed.cidr))) return undefined;
  return {
    code: "bad-value",
    message: `${text} is private and never arrives over the internet`,
    allowed: "public addresses, such as 203.0.113.0/24; inside the network the API answers anyway",
  };
}

function open(text: string): IssueParams & { readonly message: string } {
  return {
    code: "open-to-the-world",
    message: `${text} opens the Kubernetes API to the internet`,
    allowed: `ranges of /${shortestPrefix} and longer, such as 203.0.113.0/24`,
  };
}

function read(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new RangeError(text);
  return parsed.cidr;
}
