/** Ids, links and name rules that Google Compute resources share. */
import { isUnknown, type Properties } from "../../values/value.ts";
import {
  type Immutable,
  type InputFailure,
  type Refusal,
  type Subject,
  textAt,
  type Unique,
} from "../model.ts";

const naming = "https://cloud.google.com/compute/docs/naming-resources";
const link = "https://www.googleapis.com/compute/v1/";

export function nameOf(subject: Omit<Subject, "id">): string {
  return textAt(subject.inputs, "name") ?? subject.resourceName;
}

/** `projects/p/regions/r/subnetworks/n`: https://cloud.google.com/apis/design/resource_names */
export function gcpId(collection: string): (subject: Omit<Subject, "id">) => string {
  return (subject) => {
    const { account, region } = subject.place;
    const where = region === "global" ? "global" : `regions/${region}`;
    return `projects/${account}/${where}/${collection}/${nameOf(subject)}`;
  };
}

export function selfLink(id: string): string {
  return `${link}${id}`;
}

export function missingResource(collection: string): (value: string) => Refusal {
  return (value) => ({
    code: "notFound",
    message: `The resource '${value.replace(link, "")}' was not found (${collection})`,
  });
}

export function inUseBy(
  object: { readonly id: string },
  blockers: readonly { readonly id: string }[],
): Refusal {
  return {
    code: "resourceInUseByAnotherResource",
    message: `The ${object.id.split("/").at(-2)?.replace(/s$/, "")} resource '${object.id}' is already being used by '${blockers[0]?.id}'`,
  };
}

export const uniqueName: Unique = {
  key: (subject) => textAt(subject.inputs, "name"),
  refusal: (subject) => ({ code: "alreadyExists", message: `The resource '${subject.id}' already exists` }),
  source: "https://cloud.google.com/compute/docs/api/troubleshooting",
};

export function immutable(source: string, ...inputs: readonly string[]): readonly Immutable[] {
  return inputs.map((input) => ({ input, source }));
}

/** RFC 1035 label: what every Compute resource may be called. */
export function checkName(inputs: Properties): readonly InputFailure[] {
  const name = inputs["name"];
  if (typeof name !== "string" || isUnknown(name) || /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))
    return [];
  return [
    {
      input: "name",
      reason: `"name" ("${name}") doesn't match regexp "^(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)$" (${naming})`,
    },
  ];
}
