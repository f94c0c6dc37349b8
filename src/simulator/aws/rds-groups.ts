/** Amazon RDS: DB subnet groups and parameter groups. */
import type { Properties, Value } from "../../values/value.ts";
import {
  asMap,
  type CloudView,
  defineModel,
  type InputFailure,
  listAt,
  type Refusal,
  type Subject,
  textAt,
  textsAt,
} from "../model.ts";
import { missingSubnet, subnetType } from "./ec2.ts";
import { arnOf, autoName, immutable, regional, regionImmutable } from "./naming.ts";
import { zonesOf } from "./regions.ts";

const api = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference";
const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";

export const subnetGroupType = "aws:rds/subnetGroup:SubnetGroup";
export const parameterGroupType = "aws:rds/parameterGroup:ParameterGroup";

const subnetGroup = defineModel({
  type: subnetGroupType,
  service: "RDS",
  calls: { create: "CreateDBSubnetGroup", update: "ModifyDBSubnetGroup", delete: "DeleteDBSubnetGroup" },
  source: `${api}/API_CreateDBSubnetGroup.html`,
  autoName: autoName("name", 255),
  id: (subject) => textAt(subject.inputs, "name") ?? subject.resourceName,
  defaults: (inputs, place) => ({ ...regional(inputs, place), description: "Managed by Pulumi" }),
  outputs: (subject, view) => {
    const first = view.find(subnetType, textsAt(subject.inputs, "subnetIds")[0] ?? "", subject.place);
    return {
      arn: arnOf("rds", subject.place, `subgrp:${subject.id}`),
      supportedNetworkTypes: ["IPV4"],
      ...(first === undefined ? {} : { vpcId: first.inputs["vpcId"] ?? "" }),
    };
  },
  immutable: [...immutable(`${api}/API_ModifyDBSubnetGroup.html`, "name", "namePrefix"), regionImmutable],
  unordered: ["subnetIds"],
  references: [
    {
      input: "subnetIds.*",
      to: subnetType,
      missing: missingSubnet,
      onDelete: "ignore",
      source: `${api}/API_CreateDBSubnetGroup.html`,
    },
  ],
  unique: [
    {
      key: (subject) => textAt(subject.inputs, "name"),
      refusal: (subject) => ({
        code: "DBSubnetGroupAlreadyExists",
        message: `The DB subnet group '${textAt(subject.inputs, "name")}' already exists.`,
      }),
      source: `${api}/API_CreateDBSubnetGroup.html`,
    },
  ],
  checkInputs: (inputs) => lowercaseName(inputs, "name"),
  rules: [
    { check: twoZones, source: `${guide}/USER_VPC.WorkingWithRDSInstanceinaVPC.html` },
    {
      on: ["update"],
      check: sameNetwork,
      source: "https://github.com/hashicorp/terraform-provider-aws/issues/27459",
    },
    { on: ["update"], check: usedSubnets, source: `${api}/API_ModifyDBSubnetGroup.html` },
  ],
  quota: {
    limit: 50,
    refusal: () => ({ code: "DBSubnetGroupQuotaExceeded", message: "Quota exceeded: DB subnet groups." }),
    source: `${guide}/CHAP_Limits.html`,
  },
  inUse: (object, blockers) => ({
    code: "InvalidDBSubnetGroupStateFault",
    message: `Cannot delete the subnet group '${object.id}' because at least one database instance: ${blockers[0]?.id} is still using it.`,
  }),
  seconds: { create: 2, update: 2, delete: 2 },
});

const parameterGroup = defineModel({
  type: parameterGroupType,
  service: "RDS",
  calls: {
    create: "CreateDBParameterGroup",
    update: "ModifyDBParameterGroup",
    delete: "DeleteDBParameterGroup",
  },
  source: `${api}/API_CreateDBParameterGroup.html`,
  autoName: autoName("name", 255),
  id: (subject) => textAt(subject.inputs, "name") ?? subject.resourceName,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    description: "Managed by Pulumi",
    skipDestroy: false,
  }),
  outputs: (subject) => ({ arn: arnOf("rds", subject.place, `pg:${subject.id}`) }),
  immutable: [
    ...immutable(`${api}/API_CreateDBParameterGroup.html`, "name", "namePrefix", "family", "description"),
    regionImmutable,
  ],
  unordered: ["parameters"],
  unique: [
    {
      key: (subject) => textAt(subject.inputs, "name"),
      refusal: (subject) => ({
        code: "DBParameterGroupAlreadyExists",
        message: `Parameter group ${textAt(subject.inputs, "name")} already exists`,
      }),
      source: `${api}/API_CreateDBParameterGroup.html`,
    },
  ],
  checkInputs: (inputs) => lowercaseName(inputs, "name"),
  rules: [
    { on: ["create"], check: unknownFamily, source: `${api}/API_CreateDBParameterGroup.html` },
    { check: staticAtOnce, source: `${guide}/USER_WorkingWithParamGroups.html` },
  ],
  inUse: (object) => ({
    code: "InvalidDBParameterGroupState",
    message: `One or more database instances are still members of this parameter group ${object.id}, so the group cannot be deleted`,
  }),
  seconds: { create: 2, update: 2, delete: 2 },
});

export const rdsGroupModels = [subnetGroup, parameterGroup];

/** Families of PostgreSQL as of 2026-11; those of other engines are not known here. */
function unknownFamily({ inputs }: Subject): Refusal | undefined {
  const family = textAt(inputs, "family") ?? "";
  if (!family.startsWith("postgres") || /^postgres(9\.[3-6]|1[0-8])$/.test(family)) return undefined;
  return {
    code: "InvalidParameterValue",
    message: `ParameterGroupFamily ${family} is not a valid parameter group family`,
  };
}

/** Parameters that PostgreSQL reads at its start only: https://www.postgresql.org/docs/current/runtime-config.html */
const staticParameters: ReadonlySet<string> = new Set([
  "max_connections",
  "max_replication_slots",
  "max_wal_senders",
  "max_worker_processes",
  "rds.logical_replication",
  "shared_buffers",
  "shared_preload_libraries",
  "wal_buffers",
]);

function staticAtOnce({ inputs }: Subject): Refusal | undefined {
  const wrong = listAt(inputs, "parameters")
    .map(asMap)
    .find(
      (each) =>
        (textAt(each, "applyMethod") ?? "immediate") === "immediate" &&
        staticParameters.has(textAt(each, "name") ?? ""),
    );
  if (wrong === undefined) return undefined;
  return {
    code: "InvalidParameterCombination",
    message: "cannot use immediate apply method for static parameter",
  };
}

/** `DB subnet groups must contain at least two Availability Zones`. */
function twoZones(subject: Subject, view: CloudView): Refusal | undefined {
  const subnets = textsAt(subject.inputs, "subnetIds").flatMap(
    (id) => view.find(subnetType, id, subject.place) ?? [],
  );
  const zones = new Set(subnets.map((each) => each.outputs["availabilityZone"]));
  const networks = new Set(subnets.map((each) => each.inputs["vpcId"]));
  if (networks.size > 1)
    return { code: "InvalidSubnet", message: "The specified subnets are not all in the same VPC." };
  if (zones.size >= 2) return undefined;
  return {
    code: "DBSubnetGroupDoesNotCoverEnoughAZs",
    message:
      "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: " +
      `${[...zones].join(", ")}. Add subnets to cover at least 2 AZs.`,
  };
}

/** A group stays in the network it was made in. */
function sameNetwork(subject: Subject, view: CloudView): Refusal | undefined {
  const [first = ""] = textsAt(subject.inputs, "subnetIds");
  const before = textAt(subject.old?.outputs ?? {}, "vpcId");
  const after = textAt(view.find(subnetType, first, subject.place)?.inputs ?? {}, "vpcId");
  if (before === undefined || after === undefined || before === after) return undefined;
  return {
    code: "InvalidParameterValue",
    message: "The new Subnets are not in the same Vpc as the existing subnet group",
  };
}

/** A database stands in the subnet of its zone; where its standby stands, nobody is told, so that may be any of them. */
function usedSubnets({ inputs, old, place }: Subject, view: CloudView): Refusal | undefined {
  if (old === undefined) return undefined;
  const kept = new Set(textsAt(inputs, "subnetIds"));
  const zones = view
    .referrers(old)
    .flatMap(({ outputs }) => [textAt(outputs, "availabilityZone"), outputs["multiAz"] === true]);
  const used = textsAt(old.inputs, "subnetIds").filter((id) => {
    const zone = textAt(view.find(subnetType, id, place)?.outputs ?? {}, "availabilityZone");
    return !kept.has(id) && zones.some((each) => each === true || (each !== undefined && each === zone));
  });
  if (used.length === 0) return undefined;
  return {
    code: "SubnetAlreadyInUse",
    message: `Some of the subnets to be deleted are currently in use: ${used.join(", ")}`,
  };
}

/** Names of RDS are lowercase; identifiers follow rules of their own on top. */
export function lowercaseName(inputs: Properties, input: string): readonly InputFailure[] {
  const value: Value | undefined = inputs[input];
  if (typeof value !== "string" || /^[a-z0-9._-]+$/.test(value)) {
    if (typeof value !== "string" || input !== "identifier") return [];
    if (/^[a-z]/.test(value) && !value.endsWith("-") && !value.includes("--")) return [];
    return [
      {
        input,
        reason: `"${input}" must start with a letter, and cannot end with a hyphen or hold two in a row`,
      },
    ];
  }
  return [{ input, reason: `only lowercase alphanumeric characters and hyphens allowed in "${input}"` }];
}

/** Ids of the subnets that a database instance may stand in. */
export function subnetsOf(subject: Subject, view: CloudView): readonly string[] {
  const name = textAt(subject.inputs, "dbSubnetGroupName") ?? "";
  const group = view.find(subnetGroupType, name, subject.place);
  return group === undefined ? [] : textsAt(group.inputs, "subnetIds");
}

/** Zone of a database instance: one of its subnets, or of the region where it names none; it stays there. */
export function chosenZone(subject: Subject, view: CloudView): string {
  const old = textAt(subject.old?.outputs ?? {}, "availabilityZone");
  const covered = subnetsOf(subject, view).flatMap((id) => {
    const subnet = view.find(subnetType, id, subject.place);
    return textAt(subnet?.outputs ?? {}, "availabilityZone") ?? [];
  });
  const zones = covered.length > 0 ? covered : zonesOf(subject.place.region).map((zone) => zone.name);
  const drawn = zones[Number.parseInt(subject.draw("az", 4), 16) % Math.max(1, zones.length)];
  return old ?? drawn ?? `${subject.place.region}a`;
}
