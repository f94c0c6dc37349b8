/**
 * Three-valued logic of policies: what can be said of a resource while some of its values are not known yet. An
 * answer that holds with an unknown value holds with every value it can become. Knows nothing of rules or clouds.
 */
import { isSecret, isUnknown, type Properties, type Value } from "../values/value.ts";

/**
 * Answer to a yes-or-no question about a resource. `unknown`: a value that decides is not known before `up`.
 * `hidden`: it is secret, so that no rule will ever see it.
 */
export type Answer =
  | { readonly kind: "yes" | "no" }
  | { readonly kind: "unknown" | "hidden"; readonly property: string };

/** One place in a resource's inputs, whether or not there is something. Never throws. */
export interface Reader {
  /** Property path as people write it: `ingress[0].cidrBlocks`; empty for the whole. */
  readonly path: string;
  /** `absent`: nothing is there, and nothing above it is unknown or secret. */
  readonly state: "absent" | "known" | "unknown" | "secret";
  /** Undefined unless the state is `known`. May hold markers further down. */
  readonly value: Value | undefined;
  /** The property of that name. Below an unknown value everything is that unknown value. */
  at(key: string): Reader;
  /**
   * The elements of a list. What is unknown or secret as a whole is its own only element, and so is a single value
   * where a list is usual: whoever asks about every element asks about it too.
   */
  each(): readonly Reader[];
}

/** A reader of the inputs of a resource. */
export function makeReader(inputs: Properties): Reader {
  return readerAt("", inputs);
}

function readerAt(path: string, value: Value | undefined): Reader {
  const state = stateOf(value);
  const reader: Reader = {
    path,
    state,
    value: state === "known" ? value : undefined,
    at(key) {
      if (state === "unknown" || state === "secret") return reader;
      return readerAt(path === "" ? key : `${path}.${key}`, propertyOf(value, key));
    },
    each() {
      if (state === "absent") return [];
      if (!Array.isArray(value)) return [reader];
      return value.map((element, index) => readerAt(`${path}[${index}]`, element));
    },
  };
  return reader;
}

function stateOf(value: Value | undefined): Reader["state"] {
  // Pulumi drops undefined and treats null the same way.
  if (value === undefined || value === null) return "absent";
  if (isUnknown(value)) return "unknown";
  if (isSecret(value)) return "secret";
  return "known";
}

function propertyOf(value: Value | undefined, key: string): Value | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as Properties)[key] : undefined;
}

/** Asks about one value; `undefined` stands for an absent one. */
export function ask(reader: Reader, question: (value: Value | undefined) => boolean): Answer {
  if (reader.state === "unknown") return { kind: "unknown", property: reader.path };
  if (reader.state === "secret") return { kind: "hidden", property: reader.path };
  return toAnswer(question(reader.value));
}

/** Yes where something is there, secret or not. */
export function isPresent(reader: Reader): Answer {
  if (reader.state === "unknown") return { kind: "unknown", property: reader.path };
  return toAnswer(reader.state !== "absent");
}

export function toAnswer(truth: boolean): Answer {
  return { kind: truth ? "yes" : "no" };
}

/** No as soon as one is no, whatever the others may become. */
export function both(...answers: readonly Answer[]): Answer {
  return strongest(answers, ["no", "unknown", "hidden", "yes"]);
}

/** Yes as soon as one is yes, whatever the others may become. */
export function either(...answers: readonly Answer[]): Answer {
  return strongest(answers, ["yes", "unknown", "hidden", "no"]);
}

export function not(answer: Answer): Answer {
  if (answer.kind === "yes") return { kind: "no" };
  if (answer.kind === "no") return { kind: "yes" };
  return answer;
}

// The last kind of the order is the neutral one: the answer of no questions at all.
function strongest(answers: readonly Answer[], order: readonly ["no" | "yes", ...Answer["kind"][]]): Answer {
  for (const kind of order) {
    const found = answers.find((answer) => answer.kind === kind);
    if (found !== undefined) return found;
  }
  return { kind: order[0] === "no" ? "yes" : "no" };
}
