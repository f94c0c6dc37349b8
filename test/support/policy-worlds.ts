/** Worlds for the promise of three-valued verdicts: near the cases, known or with some of their values veiled. */
import fc from "fast-check";
import type { Finding } from "../../src/model/finding.ts";
import { denials } from "../../src/policy/evaluate.ts";
import type { Rule } from "../../src/policy/rule.ts";
import { type Properties, secret, unknown, type Value } from "../../src/values/value.ts";
import { judge } from "./policy.ts";
import { policyCases } from "./policy-cases.ts";

export interface KnownWorld {
  readonly rule: Rule;
  readonly type: string;
  readonly inputs: Properties;
}

const texts = ["true", "", "1.27", "1.31", "1.35", "0.0.0.0/0", "10.0.0.0/8", "::/0", "*", "latest"];
const words = ["egress", "ingress", "EGRESS", "INGRESS", "allow", "staging", "prod", "Disabled", "valkey"];
const leaf = fc.constantFrom<Value>(null, true, false, 5, [], ["0.0.0.0/0"], {}, secret, ...texts, ...words);

/** A case with its unknown places filled and some places changed: nothing in it is unknown. */
export const knownWorlds: fc.Arbitrary<KnownWorld> = fc
  .tuple(
    fc.constantFrom(...policyCases),
    fc.infiniteStream(leaf),
    fc.infiniteStream(fc.integer({ min: 0, max: 5 })),
  )
  .map(([{ rule, type, inputs }, leaves, dice]) => ({
    rule,
    type,
    inputs: change(inputs, (value) =>
      value === unknown || dice.next().value === 0 ? (leaves.next().value as Value) : value,
    ) as Properties,
  }));

/** A known world, and the same with some of its values unknown. */
export const veiledWorlds: fc.Arbitrary<{ readonly known: KnownWorld; readonly veiled: Properties }> = fc
  .tuple(knownWorlds, fc.infiniteStream(fc.integer({ min: 0, max: 3 })))
  .map(([known, dice]) => ({
    known,
    veiled: change(known.inputs, (value) => (dice.next().value === 0 ? unknown : value)) as Properties,
  }));

/** What a rule said too early: a verdict on the veiled inputs that the known ones take back. */
export function takenBack({ known, veiled }: { known: KnownWorld; veiled: Properties }): readonly string[] {
  const before = judge(known.rule, known.type, veiled);
  const after = judge(known.rule, known.type, known.inputs);
  const denied = new Set(places(denials(after)));
  const lost = places(denials(before)).filter((place) => !denied.has(place));
  const early = worst(before);
  return early === "undetermined" || early === worst(after)
    ? lost
    : [...lost, `${early} became ${worst(after)}`];
}

/** The verdict on the resource as a whole. */
export function worst(findings: readonly Finding[]): Finding["verdict"] {
  for (const verdict of ["fail", "undetermined"] as const) {
    if (findings.some((finding) => finding.verdict === verdict)) return verdict;
  }
  return "pass";
}

function places(findings: readonly Finding[]): string[] {
  return findings.map(({ property, why }) => `${property}: ${why}`);
}

/** The value with every place below the top asked for its replacement, markers left whole. */
function change(value: Value, replace: (value: Value) => Value): Value {
  if (Array.isArray(value)) return value.map((element: Value) => descend(element, replace));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, descend(each, replace)]));
}

function descend(value: Value, replace: (value: Value) => Value): Value {
  const replaced = replace(value);
  return replaced === value && value !== unknown && value !== secret ? change(value, replace) : replaced;
}
