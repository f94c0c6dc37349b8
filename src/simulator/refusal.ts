/** How a cloud's refusal reads: each cloud wraps its codes in its own words, as its real provider prints them. */
import { TerraneError } from "../errors.ts";
import { drawText } from "./draw.ts";
import { type Model, type Place, type Refusal, typeName } from "./model.ts";

export type Verb = "create" | "read" | "update" | "delete" | "invoke";

const gerund: Readonly<Record<Verb, string>> = {
  create: "creating",
  read: "reading",
  update: "updating",
  delete: "deleting",
  invoke: "reading",
};
const prefix: Readonly<Record<Verb, string>> = {
  create: "Create",
  read: "Describe",
  update: "Modify",
  delete: "Delete",
  invoke: "Describe",
};

/** The refusal as an error of ours; `details` holds the cloud's code for machines. */
export function toCloudError(
  refusal: Refusal,
  call: { readonly verb: Verb; readonly model: Model; readonly place: Place; readonly urn: string },
): TerraneError {
  const { model, place, verb, urn } = call;
  const operation =
    (verb === "create" || verb === "update" || verb === "delete" ? model.calls?.[verb] : undefined) ??
    `${prefix[verb]}${typeName(model.type)}`;
  return new TerraneError("cloud-error", sentence(refusal, { ...call, operation }), {
    details: { cloud: place.cloud, service: model.service, operation, code: refusal.code, urn },
  });
}

function sentence(
  refusal: Refusal,
  call: {
    readonly verb: Verb;
    readonly model: Model;
    readonly place: Place;
    readonly operation: string;
    readonly urn: string;
  },
): string {
  const { model, operation } = call;
  const noun = typeName(model.type);
  if (call.place.cloud === "aws") {
    const draw = drawText([call.urn, operation, refusal.code], 32);
    const request = [8, 12, 16, 20, 32]
      .map((end, index, ends) => draw.slice(ends[index - 1] ?? 0, end))
      .join("-");
    return `${gerund[call.verb]} ${model.service} ${noun}: operation error ${model.service}: ${operation}, https response error StatusCode: 400, RequestID: ${request}, api error ${refusal.code}: ${refusal.message}`;
  }
  if (call.place.cloud === "gcp") {
    return `Error ${gerund[call.verb]} ${noun}: googleapi: Error ${googleStatus[refusal.code] ?? 400}: ${refusal.message}, ${refusal.code}`;
  }
  if (call.place.cloud === "azure-native") {
    return `Code="${refusal.code}" Message="${refusal.message}"`;
  }
  return refusal.message;
}

/** Google's HTTP status of a reason: https://cloud.google.com/compute/docs/api/troubleshooting */
const googleStatus: Readonly<Record<string, number>> = {
  alreadyExists: 409,
  notFound: 404,
  quotaExceeded: 403,
  forbidden: 403,
  resourceInUseByAnotherResource: 400,
  invalid: 400,
};
