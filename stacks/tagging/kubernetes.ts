/**
 * Tags inside Kubernetes: terrane's own become labels, so that objects can be selected by them; the user's become
 * annotations, which take any text. Helm releases have no metadata of their own and stay untagged.
 */
import { sha256 } from "../../src/values/digest.ts";
import { labelLength } from "../limits/kubernetes.ts";
import { findCollisions } from "./collisions.ts";
import type { Tagger } from "./tagger.ts";

const prefix = "terrane:";

export const kubernetesTagger: Tagger = {
  package: "kubernetes",
  // Lists have list metadata, and patches change objects that belong to someone else.
  input: (type, props) => ("metadata" in props && !/(List|Patch)$/.test(type) ? "metadata" : undefined),
  merge: (existing, tags) => {
    const own = Object.entries(tags).filter(([key]) => key.startsWith(prefix));
    const users = Object.entries(tags).filter(([key]) => !key.startsWith(prefix));
    return {
      ...existing,
      labels: {
        ...(existing["labels"] as object | undefined),
        ...toLabels(own),
      },
      annotations: {
        ...(existing["annotations"] as object | undefined),
        ...Object.fromEntries(users.map(([key, value]) => [`tags.terrane.dev/${toNamePart(key)}`, value])),
      },
    };
  },
  form: (own) => toLabels(Object.entries(own)),
  held: (metadata) => (metadata["labels"] ?? {}) as Readonly<Record<string, unknown>>,
  check: (tags) =>
    findCollisions(tags, toNamePart, (name) => `both become the annotation "${name}" in Kubernetes`),
};

function toLabels(own: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(
    own.map(([key, value]) => [`terrane.dev/${key.slice(prefix.length)}`, toLabel(value)]),
  );
}

/** A label value or the name part of a key: letters, digits, `-`, `_`, `.`, alphanumeric at both ends. */
function toNamePart(text: string): string {
  const mapped = text.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  if (mapped !== "" && mapped.length <= labelLength.most) return mapped;
  const hash = sha256(text).slice(0, 6);
  const cut = mapped.slice(0, labelLength.most - hash.length - 1).replace(/[^A-Za-z0-9]+$/, "");
  return cut === "" ? hash : `${cut}-${hash}`;
}

function toLabel(value: string): string {
  return value === "" ? "" : toNamePart(value);
}
