/**
 * No firewall lets the whole internet in: inline rules and rules of their own. Front doors need a named exception.
 * Egress is not looked at.
 */
import ipaddr from "ipaddr.js";
import { type Answer, ask, both, either, isPresent, not, type Reader } from "../../src/policy/answer.ts";
import { defineRule, refuseWhen, severityByClass, type Verdict } from "../../src/policy/rule.ts";
import type { Value } from "../../src/values/value.ts";

/** A range of addresses that a rule lets in, when `admits` holds. */
interface Opening {
  readonly range: Reader;
  readonly admits: Answer;
}

const yes: Answer = { kind: "yes" };

const openingsOf: Readonly<Record<string, (inputs: Reader) => readonly Opening[]>> = {
  "aws:ec2/securityGroup:SecurityGroup": inlineIngress,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": inlineIngress,
  "aws:ec2/securityGroupRule:SecurityGroupRule": (inputs) => {
    const admits = ask(inputs.at("type"), (value) => value === "ingress");
    return rangesOf(inputs, ["cidrBlocks", "ipv6CidrBlocks"], admits);
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (inputs) =>
    rangesOf(inputs, ["cidrIpv4", "cidrIpv6"], yes),
  "gcp:compute/firewall:Firewall": (inputs) => {
    // Ingress is the default direction.
    const admits = both(
      not(ask(inputs.at("direction"), (value) => value === "EGRESS")),
      not(ask(inputs.at("disabled"), (value) => value === true)),
      isPresent(inputs.at("allows")),
    );
    return rangesOf(inputs, ["sourceRanges"], admits);
  },
  "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule": (inputs) => {
    const admits = both(
      ask(inputs.at("direction"), (value) => value === "INGRESS"),
      ask(inputs.at("action"), (value) => value === "allow"),
      not(ask(inputs.at("disabled"), (value) => value === true)),
    );
    return rangesOf(inputs.at("match"), ["srcIpRanges"], admits);
  },
  "azure-native:network:SecurityRule": azureRule,
  "azure-native:network:NetworkSecurityGroup": (inputs) =>
    inputs.at("securityRules").each().flatMap(azureRule),
};

export const noOpenSecurityGroup = defineRule({
  id: "baseline/no-open-security-group",
  title: "No firewall lets the whole internet in.",
  sources: [
    "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18",
    "https://cloud.google.com/firewall/docs/firewalls",
    "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
  ],
  severity: severityByClass("deny", { sandbox: "warn" }),
  types: Object.keys(openingsOf),
  *check({ inputs, type }) {
    for (const { range, admits } of openingsOf[type]?.(inputs) ?? []) {
      yield* refuseWhen(both(ask(range, isWholeInternet), admits), refusal(range.path, range.value));
    }
    if (type === "gcp:compute/firewall:Firewall") yield* checkSourceless(inputs);
  },
});

function inlineIngress(inputs: Reader): readonly Opening[] {
  return inputs
    .at("ingress")
    .each()
    .flatMap((rule) => rangesOf(rule, ["cidrBlocks", "ipv6CidrBlocks"], yes));
}

function azureRule(rule: Reader): readonly Opening[] {
  const admits = both(
    ask(rule.at("direction"), (value) => value === "Inbound"),
    ask(rule.at("access"), (value) => value === "Allow"),
  );
  return rangesOf(rule, ["sourceAddressPrefix", "sourceAddressPrefixes"], admits);
}

function rangesOf(inputs: Reader, properties: readonly string[], admits: Answer): Opening[] {
  return properties.flatMap((property) =>
    inputs
      .at(property)
      .each()
      .map((range) => ({ range, admits })),
  );
}

// A Google Cloud ingress rule without any source lets everyone in.
function checkSourceless(inputs: Reader): Verdict[] {
  const sources = ["sourceRanges", "sourceTags", "sourceServiceAccounts"].map((property) =>
    hasElements(inputs.at(property)),
  );
  const admits = both(
    not(ask(inputs.at("direction"), (value) => value === "EGRESS")),
    not(ask(inputs.at("disabled"), (value) => value === true)),
    isPresent(inputs.at("allows")),
  );
  return refuseWhen(both(not(either(...sources)), admits), {
    property: "sourceRanges",
    why: "an ingress rule without a source lets the whole internet in",
    mend: "Name the addresses, tags or service accounts that need it.",
  });
}

function hasElements(list: Reader): Answer {
  return both(isPresent(list), not(ask(list, (value) => Array.isArray(value) && value.length === 0)));
}

function refusal(property: string, range: Value | undefined) {
  return {
    property,
    why: `${JSON.stringify(range)} lets the whole internet in`,
    mend: "Name the addresses or the security group that need it.",
  };
}

/**
 * True for a range so wide that it can only mean everyone: shorter than the largest blocks that one holder has, /8 of
 * IPv4 and /16 of IPv6 (https://www.iana.org/assignments/ipv4-address-space), so that halves of the internet count
 * too; and for Azure's words for it.
 */
function isWholeInternet(value: Value | undefined): boolean {
  if (typeof value !== "string") return false;
  const text = value.trim();
  if (["*", "any", "internet", "0.0.0.0", "::"].includes(text.toLowerCase())) return true;
  if (!ipaddr.isValidCIDR(text)) return false;
  const [address, prefix] = ipaddr.parseCIDR(text);
  return address.kind() === "ipv4" ? prefix < 8 : prefix < 16;
}
