/**
 * The stand-in for a resource type without a model: takes what the SDK says it takes, answers its inputs and plausible
 * values for the outputs whose names say what they are. Nobody knows what a change of it replaces.
 */
import type { Properties, Value } from "../values/value.ts";
import { digits } from "./draw.ts";
import { type Model, type Subject, textAt, typeName } from "./model.ts";
import { typeSchema } from "./schema.ts";

const models = new Map<string, Model>();

export function genericModel(type: string): Model {
  let model = models.get(type);
  if (model === undefined) {
    model = makeGeneric(type);
    models.set(type, model);
  }
  return model;
}

function makeGeneric(type: string): Model {
  const [cloud = "", module = ""] = type.split(":");
  const schema = typeSchema(type);
  const service = module.split("/")[0] ?? module;
  const named = schema?.inputs.has("name") === true && !schema.required.includes("name");
  return Object.freeze({
    type,
    modelled: false,
    service: cloud === "aws" ? service.toUpperCase() : service,
    source: "the SDK's own declaration of the type",
    global: cloud === "aws" && service === "iam",
    ...(named && cloud !== "kubernetes" ? { autoName: { input: "name", maxLength: 63 } } : {}),
    id: (subject: Omit<Subject, "id">) => genericId(cloud, service, subject),
    defaults: (inputs: Properties) =>
      schema?.outputs.has("tagsAll") ? { tagsAll: inputs["tags"] ?? {} } : {},
    outputs: (subject: Subject) => genericOutputs(cloud, service, subject),
    serves: (outputs: Properties) => serverOf(textAt(outputs, "endpoint")),
    seconds: { create: 5, update: 5, delete: 5 },
  });
}

function genericId(cloud: string, service: string, subject: Omit<Subject, "id">): string {
  const name = textAt(subject.inputs, "name") ?? subject.resourceName;
  const kind = typeName(subject.type);
  const plural = `${kind[0]?.toLowerCase() ?? ""}${kind.slice(1)}s`;
  if (cloud === "gcp") return `projects/${subject.place.account}/${service}/${plural}/${name}`;
  if (cloud === "azure-native") {
    const group = textAt(subject.inputs, "resourceGroupName") ?? "group";
    return `/subscriptions/${subject.place.account}/resourceGroups/${group}/providers/Microsoft.${service}/${plural}/${name}`;
  }
  return `${kind.toLowerCase()}-0${subject.draw("id", 16)}`;
}

/** Outputs that no input gives, where the name says what kind of value it is; others stay absent. */
function genericOutputs(cloud: string, service: string, subject: Subject): Properties {
  const schema = typeSchema(subject.type);
  const outputs: Record<string, Value> = {};
  for (const [name, shape] of schema?.outputs ?? []) {
    if (subject.inputs[name] !== undefined) continue;
    const value = shape === "string" ? plausibleText(name, cloud, service, subject) : undefined;
    if (value !== undefined) outputs[name] = value;
  }
  return outputs;
}

function plausibleText(name: string, cloud: string, service: string, subject: Subject): string | undefined {
  const { place, id } = subject;
  const host = `${subject.draw(name, 12)}.${place.region}.${service}.simulated`;
  if (name === "arn")
    return `arn:aws:${service}:${place.region}:${place.account}:${typeName(subject.type).toLowerCase()}/${id}`;
  if (/Arn$/.test(name))
    return `arn:aws:${service}:${place.region}:${place.account}:${name.slice(0, -3)}/${subject.draw(name, 12)}`;
  if (name === "region" || name === "location") return place.region;
  if (name === "project" || name === "accountId" || name === "ownerId") return place.account;
  if (name === "selfLink") return `https://www.googleapis.com/${service}/v1/${id}`;
  if (cloud === "gcp" && name === "endpoint")
    return `34.${Number.parseInt(subject.draw(name, 2), 16)}.${Number.parseInt(subject.draw("b", 2), 16)}.10`;
  if (/(endpoint|domainName|dnsName|fqdn|hostname)$/i.test(name)) return host;
  if (/(url|uri)$/i.test(name)) return `https://${host}`;
  if (/(ipAddress|^address)$/.test(name)) return `203.0.113.${Number(subject.draw(name, 2, digits)) + 1}`;
  if (/(Id|Identifier)$/.test(name)) return subject.draw(name, 17);
  if (/(secret|password|key)/i.test(name)) return subject.draw(name, 40);
  return undefined;
}

/** A bare host is what Google's clusters give: kubeconfigs put `https://` in front of it. */
function serverOf(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined) return undefined;
  return endpoint.startsWith("https://") ? endpoint : `https://${endpoint}`;
}
