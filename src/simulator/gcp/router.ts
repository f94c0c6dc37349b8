/** Google Compute Engine: Cloud Routers and Cloud NAT. */
import { asMap, defineModel, listAt, type Refusal, type Subject, textAt } from "../model.ts";
import { addressType, missingNetwork, networkType, subnetworkType } from "./compute.ts";
import {
  checkName,
  gcpId,
  immutable,
  inUseBy,
  missingResource,
  nameOf,
  selfLink,
  uniqueName,
} from "./naming.ts";

const api = "https://cloud.google.com/compute/docs/reference/rest/v1/routers";

const routerType = "gcp:compute/router:Router";

const router = defineModel({
  type: routerType,
  service: "compute",
  source: `${api}/insert`,
  autoName: { input: "name", maxLength: 63 },
  id: gcpId("routers"),
  defaults: (_inputs, place) => ({
    project: place.account,
    region: place.region,
    encryptedInterconnectRouter: false,
  }),
  outputs: (subject) => ({ selfLink: selfLink(subject.id), creationTimestamp: subject.createdAt }),
  immutable: immutable(`${api}/patch`, "name", "project", "region", "network", "encryptedInterconnectRouter"),
  references: [{ input: "network", to: networkType, missing: missingNetwork, source: `${api}/insert` }],
  unique: [uniqueName],
  checkInputs: checkName,
  quota: {
    limit: 20,
    refusal: (limit) => ({
      code: "quotaExceeded",
      message: `Quota 'ROUTERS' exceeded.  Limit: ${limit}.0 globally.`,
    }),
    source: "https://cloud.google.com/network-connectivity/docs/router/quotas",
  },
  inUse: inUseBy,
  seconds: { create: 12, update: 10, delete: 15 },
});

const routerNat = defineModel({
  type: "gcp:compute/routerNat:RouterNat",
  service: "compute",
  calls: { create: "routers.patch", update: "routers.patch", delete: "routers.patch" },
  source: `${api}/patch`,
  autoName: { input: "name", maxLength: 63 },
  id: (subject) =>
    `${subject.place.account}/${subject.place.region}/${routerName(subject)}/${nameOf(subject)}`,
  // https://www.pulumi.com/registry/packages/gcp/api-docs/compute/routernat/#import
  aliases: (outputs) => [
    `projects/${textAt(outputs, "project")}/regions/${textAt(outputs, "region")}/routers/${routerName({ inputs: outputs })}/${textAt(outputs, "name")}`,
  ],
  defaults: (_inputs, place) => ({
    project: place.account,
    region: place.region,
    type: "PUBLIC",
    enableDynamicPortAllocation: false,
    enableEndpointIndependentMapping: false,
    icmpIdleTimeoutSec: 30,
    tcpEstablishedIdleTimeoutSec: 1200,
    tcpTimeWaitTimeoutSec: 120,
    tcpTransitoryIdleTimeoutSec: 30,
    udpIdleTimeoutSec: 30,
    minPortsPerVm: 64,
  }),
  immutable: immutable(`${api}/patch`, "name", "project", "region", "router", "type", "initialNatIps"),
  unordered: ["natIps", "subnetworks"],
  references: [
    { input: "router", to: routerType, missing: missingResource("routers"), source: `${api}/patch` },
    { input: "natIps.*", to: addressType, missing: missingResource("addresses"), source: `${api}/patch` },
    {
      input: "subnetworks.*.name",
      to: subnetworkType,
      missing: missingResource("subnetworks"),
      source: `${api}/patch`,
    },
  ],
  unique: [
    {
      key: (subject) => `${routerName(subject)}/${nameOf(subject)}`,
      refusal: (subject) => ({
        code: "alreadyExists",
        message: `The NAT '${nameOf(subject)}' already exists in router '${routerName(subject)}'`,
      }),
      source: `${api}/patch`,
    },
  ],
  checkInputs: checkName,
  rules: [{ check: natOptions, source: `${api}/patch` }],
  seconds: { create: 12, update: 12, delete: 12 },
});

export const gcpRouterModels = [router, routerNat];

function routerName(subject: Pick<Subject, "inputs">): string {
  const given = textAt(subject.inputs, "router") ?? "";
  return given.slice(given.lastIndexOf("/") + 1);
}

function natOptions(subject: Subject): Refusal | undefined {
  const { inputs } = subject;
  const invalid = (field: string, why: string) => ({
    code: "invalid",
    message: `Invalid value for field 'resource.nats[0].${field}': ${why}`,
  });
  if (inputs["natIpAllocateOption"] === "MANUAL_ONLY" && listAt(inputs, "natIps").length === 0)
    return invalid("natIps", "addresses are required with MANUAL_ONLY.");
  if (inputs["natIpAllocateOption"] === "AUTO_ONLY" && listAt(inputs, "natIps").length > 0)
    return invalid("natIps", "addresses cannot be given with AUTO_ONLY.");
  const listed = inputs["sourceSubnetworkIpRangesToNat"] === "LIST_OF_SUBNETWORKS";
  const subnetworks = listAt(inputs, "subnetworks").map(asMap);
  if (listed !== subnetworks.length > 0)
    return invalid("subnetworks", "they go with LIST_OF_SUBNETWORKS, and with nothing else.");
  return undefined;
}
