/** What AWS answers to look-ups that make nothing: identity, region, zones, policy documents, image parameters. */
import type { Properties, Value } from "../../values/value.ts";
import { drawText } from "../draw.ts";
import { asMap, listAt, type Place, type Refusal, textAt, textsAt } from "../model.ts";
import { awsRegions, zonesOf } from "./regions.ts";

export type LookUp = (inputs: Properties, place: Place) => Properties | { readonly refusal: Refusal };

const regionOf = (inputs: Properties, place: Place): string =>
  textAt(inputs, "region") ?? textAt(inputs, "name") ?? place.region;

/** The identity that simulated credentials have: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const getCallerIdentity: LookUp = (_inputs, { account }) => ({
  id: account,
  accountId: account,
  arn: `arn:aws:sts::${account}:assumed-role/simulated/terrane`,
  userId: `AROA${drawText([account], 17, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}:terrane`,
});

const getRegion: LookUp = (inputs, place) => {
  const region = regionOf(inputs, place);
  if (!awsRegions.includes(region))
    return { refusal: { code: "InvalidParameterValue", message: `region not found for name: ${region}` } };
  return {
    id: region,
    name: region,
    region,
    description: region,
    endpoint: `ec2.${region}.amazonaws.com`,
  };
};

const getPartition: LookUp = () => ({
  id: "aws",
  partition: "aws",
  dnsSuffix: "amazonaws.com",
  reverseDnsPrefix: "com.amazonaws",
});

const getAvailabilityZones: LookUp = (inputs, place) => {
  const region = regionOf(inputs, place);
  const excluded = new Set(textsAt(inputs, "excludeNames"));
  const excludedIds = new Set(textsAt(inputs, "excludeZoneIds"));
  const zones = zonesOf(region).filter(({ name, id }) => !excluded.has(name) && !excludedIds.has(id));
  return {
    ...inputs,
    id: region,
    region,
    names: zones.map((zone) => zone.name),
    zoneIds: zones.map((zone) => zone.id),
    groupNames: [region],
  };
};

/** AMI ids under the public parameters of Amazon: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html */
const getParameter: LookUp = (inputs, place) => {
  const name = textAt(inputs, "name") ?? "";
  const region = regionOf({ region: inputs["region"] ?? "" }, place);
  if (!/^\/aws\/service\/(ami-|eks\/|ecs\/|bottlerocket\/|canonical\/)/.test(name))
    return { refusal: { code: "ParameterNotFound", message: `couldn't find resource (${name})` } };
  const value = `ami-0${drawText([region, name], 16)}`;
  return {
    ...inputs,
    id: name,
    arn: `arn:aws:ssm:${region}::parameter${name}`,
    type: "String",
    value,
    insecureValue: value,
    version: 1,
    region,
  };
};

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document */
const getPolicyDocument: LookUp = (inputs) => {
  const own = listAt(inputs, "statements").map((each) => statement(asMap(each)));
  let statements: readonly Properties[] = [];
  for (const source of textsAt(inputs, "sourcePolicyDocuments"))
    statements = [...statements, ...statementsOf(source)];
  statements = bySid(statements, own);
  for (const override of textsAt(inputs, "overridePolicyDocuments"))
    statements = bySid(statements, statementsOf(override));
  const id = textAt(inputs, "policyId");
  const document = {
    Version: textAt(inputs, "version") ?? "2012-10-17",
    ...(id === undefined ? {} : { Id: id }),
    ...(statements.length === 0 ? {} : { Statement: statements }),
  };
  const json = JSON.stringify(document, undefined, 2);
  return { ...inputs, id: drawText([json], 10, "0123456789"), json, minifiedJson: JSON.stringify(document) };
};

export const awsFunctions: Readonly<Record<string, LookUp>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": getCallerIdentity,
  "aws:index/getRegion:getRegion": getRegion,
  "aws:index/getPartition:getPartition": getPartition,
  "aws:index/getAvailabilityZones:getAvailabilityZones": getAvailabilityZones,
  "aws:ssm/getParameter:getParameter": getParameter,
  "aws:iam/getPolicyDocument:getPolicyDocument": getPolicyDocument,
};

function statement(from: Properties): Properties {
  const made: Record<string, Value> = {};
  const sid = textAt(from, "sid");
  if (sid !== undefined) made["Sid"] = sid;
  made["Effect"] = textAt(from, "effect") ?? "Allow";
  const lists = {
    actions: "Action",
    notActions: "NotAction",
    resources: "Resource",
    notResources: "NotResource",
  };
  for (const [input, key] of Object.entries(lists)) {
    const texts = textsAt(from, input);
    if (texts.length > 0) made[key] = oneOrMany(texts);
  }
  for (const [input, key] of [
    ["principals", "Principal"],
    ["notPrincipals", "NotPrincipal"],
  ] as const) {
    const principals = listAt(from, input).map(asMap);
    if (principals.length > 0) made[key] = principalsOf(principals);
  }
  const conditions = listAt(from, "conditions").map(asMap);
  if (conditions.length > 0) made["Condition"] = conditionsOf(conditions);
  return made;
}

function principalsOf(principals: readonly Properties[]): Value {
  const everyone = principals.find(
    (each) => each["type"] === "*" && textsAt(each, "identifiers").includes("*"),
  );
  if (everyone !== undefined && principals.length === 1) return "*";
  const byType = new Map<string, readonly string[]>();
  for (const each of principals) {
    const type = textAt(each, "type") ?? "";
    byType.set(type, [...(byType.get(type) ?? []), ...textsAt(each, "identifiers")]);
  }
  return Object.fromEntries([...byType].map(([type, identifiers]) => [type, oneOrMany(identifiers)]));
}

function conditionsOf(conditions: readonly Properties[]): Value {
  const byTest: Record<string, Record<string, Value>> = {};
  for (const each of conditions) {
    const test = textAt(each, "test") ?? "";
    byTest[test] = { ...byTest[test], [textAt(each, "variable") ?? ""]: oneOrMany(textsAt(each, "values")) };
  }
  return byTest;
}

function oneOrMany(texts: readonly string[]): Value {
  const sorted = [...new Set(texts)].sort().reverse();
  return sorted.length === 1 ? (sorted[0] ?? "") : sorted;
}

function statementsOf(document: string): readonly Properties[] {
  const statements = asMap(JSON.parse(document) as Value)["Statement"];
  return (Array.isArray(statements) ? statements : statements === undefined ? [] : [statements]).map(asMap);
}

/** Later statements replace earlier ones of the same Sid. */
function bySid(earlier: readonly Properties[], later: readonly Properties[]): readonly Properties[] {
  const named = new Map(later.filter((each) => each["Sid"] !== undefined).map((each) => [each["Sid"], each]));
  const kept = earlier.map((each) => {
    const replacement = each["Sid"] === undefined ? undefined : named.get(each["Sid"]);
    if (replacement !== undefined) named.delete(each["Sid"]);
    return replacement ?? each;
  });
  return [...kept, ...later.filter((each) => each["Sid"] === undefined || named.has(each["Sid"]))];
}
