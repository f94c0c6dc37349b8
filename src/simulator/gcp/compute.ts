/** Google Compute Engine: networks, subnetworks, firewall rules, addresses. */
import { isUnknown, type Properties } from "../../values/value.ts";
import { digits } from "../draw.ts";
import {
  asMap,
  type CloudView,
  defineModel,
  type InputFailure,
  listAt,
  type Refusal,
  type Subject,
  textAt,
} from "../model.ts";
import { cidrProblem, overlap, rangeOf } from "../ranges.ts";
import { checkName, gcpId, immutable, inUseBy, missingResource, selfLink, uniqueName } from "./naming.ts";

const api = "https://cloud.google.com/compute/docs/reference/rest/v1";
const quotas = "https://cloud.google.com/vpc/docs/quota";

export const networkType = "gcp:compute/network:Network";
export const subnetworkType = "gcp:compute/subnetwork:Subnetwork";
export const addressType = "gcp:compute/address:Address";
export const missingNetwork = missingResource("networks");

const autoName = { input: "name", maxLength: 63 };

const network = defineModel({
  type: networkType,
  service: "compute",
  source: `${api}/networks/insert`,
  global: true,
  autoName,
  id: gcpId("networks"),
  defaults: (_inputs, place) => ({
    project: place.account,
    autoCreateSubnetworks: true,
    deleteDefaultRoutesOnCreate: false,
    routingMode: "REGIONAL",
    mtu: 1460,
    networkFirewallPolicyEnforcementOrder: "AFTER_CLASSIC_FIREWALL",
  }),
  outputs: (subject) => ({
    selfLink: selfLink(subject.id),
    gatewayIpv4: "",
    numericId: subject.draw("number", 19, digits.slice(1)),
    networkId: subject.draw("number", 19, digits.slice(1)),
  }),
  immutable: immutable(
    `${api}/networks/patch`,
    "name",
    "project",
    "autoCreateSubnetworks",
    "description",
    "enableUlaInternalIpv6",
    "internalIpv6Range",
    "mtu",
    "networkProfile",
  ),
  unique: [uniqueName],
  checkInputs: checkName,
  quota: {
    limit: 15,
    refusal: (limit) => ({
      code: "quotaExceeded",
      message: `Quota 'NETWORKS' exceeded.  Limit: ${limit}.0 globally.`,
    }),
    source: quotas,
  },
  inUse: inUseBy,
  seconds: { create: 15, update: 10, delete: 25 },
});

const subnetwork = defineModel({
  type: subnetworkType,
  service: "compute",
  source: `${api}/subnetworks/insert`,
  autoName,
  id: gcpId("subnetworks"),
  defaults: (_inputs, place) => ({
    project: place.account,
    region: place.region,
    purpose: "PRIVATE",
    privateIpGoogleAccess: false,
    privateIpv6GoogleAccess: "DISABLE_GOOGLE_ACCESS",
    stackType: "IPV4_ONLY",
    secondaryIpRanges: [],
  }),
  outputs: (subject) => {
    const range = textAt(subject.inputs, "ipCidrRange") ?? "";
    const [first = 0, second = 0, third = 0, last = 0] = range.split("/")[0]?.split(".").map(Number) ?? [];
    return {
      selfLink: selfLink(subject.id),
      gatewayAddress: `${first}.${second}.${third}.${last + 1}`,
      creationTimestamp: subject.createdAt,
      fingerprint: subject.draw("fingerprint", 11),
      subnetworkId: Number(subject.draw("number", 15, digits.slice(1))),
    };
  },
  immutable: [
    ...immutable(
      `${api}/subnetworks/patch`,
      "name",
      "project",
      "region",
      "network",
      "purpose",
      "description",
      "externalIpv6Prefix",
      "reservedInternalRange",
    ),
    {
      input: "ipCidrRange",
      source: `${api}/subnetworks/expandIpCidrRange`,
      // A range may only grow in place.
      when: (before, after) => {
        const [old, wanted] = [before, after].map((each) =>
          typeof each === "string" ? rangeOf(each) : undefined,
        );
        return old === undefined || wanted === undefined || wanted.start > old.start || wanted.end < old.end;
      },
    },
  ],
  references: [
    { input: "network", to: networkType, missing: missingNetwork, source: `${api}/subnetworks/insert` },
  ],
  unique: [uniqueName],
  checkInputs: (inputs) => [...checkName(inputs), ...checkRange(inputs, "ipCidrRange")],
  rules: [{ check: subnetRanges, source: "https://cloud.google.com/vpc/docs/subnets#ipv4-ranges" }],
  quota: {
    limit: 275,
    refusal: (limit) => ({
      code: "quotaExceeded",
      message: `Quota 'SUBNETWORKS' exceeded.  Limit: ${limit}.0 globally.`,
    }),
    source: quotas,
  },
  inUse: inUseBy,
  seconds: { create: 20, update: 15, delete: 20 },
});

const firewall = defineModel({
  type: "gcp:compute/firewall:Firewall",
  service: "compute",
  source: `${api}/firewalls/insert`,
  global: true,
  autoName,
  id: gcpId("firewalls"),
  defaults: (inputs, place) => ({
    project: place.account,
    direction: "INGRESS",
    priority: 1000,
    disabled: false,
    ...(inputs["direction"] === "EGRESS" ||
    inputs["sourceRanges"] !== undefined ||
    inputs["sourceTags"] !== undefined
      ? {}
      : { sourceRanges: ["0.0.0.0/0"] }),
  }),
  outputs: (subject) => ({ selfLink: selfLink(subject.id), creationTimestamp: subject.createdAt }),
  immutable: immutable(`${api}/firewalls/patch`, "name", "project", "network", "direction"),
  unordered: ["sourceRanges", "destinationRanges", "sourceTags", "targetTags", "allows", "denies"],
  references: [
    { input: "network", to: networkType, missing: missingNetwork, source: `${api}/firewalls/insert` },
  ],
  unique: [uniqueName],
  checkInputs: checkName,
  rules: [
    {
      check: (subject) =>
        listAt(subject.inputs, "allows").length > 0 === listAt(subject.inputs, "denies").length > 0
          ? {
              code: "invalid",
              message:
                "Invalid value for field 'resource': exactly one of 'allowed' and 'denied' must be given.",
            }
          : undefined,
      source: `${api}/firewalls/insert`,
    },
  ],
  seconds: { create: 12, update: 12, delete: 12 },
});

const address = defineModel({
  type: addressType,
  service: "compute",
  source: `${api}/addresses/insert`,
  autoName,
  id: gcpId("addresses"),
  defaults: (inputs, place) => ({
    project: place.account,
    region: place.region,
    addressType: "EXTERNAL",
    ...(inputs["addressType"] === "INTERNAL" ? { purpose: "GCE_ENDPOINT" } : { networkTier: "PREMIUM" }),
  }),
  outputs: (subject) => ({
    selfLink: selfLink(subject.id),
    // Addresses of the documentation block lead nowhere: https://www.rfc-editor.org/rfc/rfc5737
    address: textAt(subject.inputs, "address") ?? `198.51.100.${Number.parseInt(subject.draw("ip", 2), 16)}`,
    creationTimestamp: subject.createdAt,
    labelFingerprint: subject.draw("fingerprint", 11),
    users: [],
  }),
  immutable: immutable(
    `${api}/addresses/insert`,
    "name",
    "project",
    "region",
    "address",
    "addressType",
    "network",
    "subnetwork",
    "networkTier",
    "purpose",
    "prefixLength",
    "description",
  ),
  references: [
    { input: "network", to: networkType, missing: missingNetwork, source: `${api}/addresses/insert` },
    {
      input: "subnetwork",
      to: subnetworkType,
      missing: missingResource("subnetworks"),
      source: `${api}/addresses/insert`,
    },
  ],
  unique: [uniqueName],
  checkInputs: checkName,
  quota: {
    limit: 8,
    refusal: (limit) => ({
      code: "quotaExceeded",
      message: `Quota 'STATIC_ADDRESSES' exceeded.  Limit: ${limit}.0`,
    }),
    source: quotas,
  },
  inUse: inUseBy,
  seconds: { create: 6, update: 5, delete: 6 },
});

export const gcpComputeModels = [network, subnetwork, firewall, address];

function checkRange(inputs: Properties, input: string): readonly InputFailure[] {
  const value = inputs[input];
  if (typeof value !== "string" || isUnknown(value)) return [];
  const problem = cidrProblem(value);
  return problem === undefined ? [] : [{ input, reason: problem }];
}

/** Primary and secondary ranges of a subnetwork, as inputs name them. */
function rangesOf(inputs: Properties): readonly string[] {
  const secondary = listAt(inputs, "secondaryIpRanges").map((each) => textAt(asMap(each), "ipCidrRange"));
  return [textAt(inputs, "ipCidrRange"), ...secondary].filter((each) => each !== undefined);
}

/** No range of one network overlaps another, primary or secondary, whatever the region. */
function subnetRanges(subject: Subject, view: CloudView): Refusal | undefined {
  const own = rangesOf(subject.inputs);
  const primary = rangeOf(own[0] ?? "");
  if (primary !== undefined && (primary.prefix < 8 || primary.prefix > 29))
    return {
      code: "invalid",
      message: `Invalid value for field 'resource.ipCidrRange': '${own[0]}'. The range must be /29 or larger.`,
    };
  const parent = view.find(networkType, textAt(subject.inputs, "network") ?? "", subject.place);
  const others = parent === undefined ? [] : view.referrers(parent, subnetworkType);
  const taken = others
    .filter((each) => each.id !== subject.id)
    .flatMap((each) => rangesOf(each.inputs).map((text) => [text, each.id] as const));
  for (const [index, text] of own.entries()) {
    const range = rangeOf(text);
    if (range === undefined)
      return {
        code: "invalid",
        message: `Invalid value for field 'resource.secondaryIpRanges': '${text}' is not a valid range.`,
      };
    const mine = own.slice(0, index).map((each) => [each, subject.id] as const);
    for (const [other, owner] of [...mine, ...taken]) {
      const theirs = rangeOf(other);
      if (theirs !== undefined && overlap(range, theirs))
        return {
          code: "invalid",
          message: `Invalid IPCidrRange: ${text} conflicts with existing subnetwork '${owner}' (${other})`,
        };
    }
  }
  return undefined;
}
