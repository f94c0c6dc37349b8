/** Puts a plan together and seals it with its hash. */
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { TerraneError } from "../../errors.ts";
import type { Finding } from "../../model/finding.ts";
import { addCounts, type Plan, type PlanMove, type StackPlan } from "../../model/plan.ts";
import type { PlanSubject } from "../applying/change.ts";

/** What a plan was made from, besides what it says itself. */
export interface PlanGround {
  /** Digest of each stack's state; null where there is none. */
  readonly states: { readonly [stack: string]: string | null };
  /** Digest of the programs' sources. */
  readonly programs: string;
  /** Versions of terrane, engine and SDKs. */
  readonly versions: { readonly [name: string]: string };
}

export interface PlanParts {
  readonly kind: Plan["kind"];
  readonly moves: readonly PlanMove[];
  readonly stacks: readonly StackPlan[];
  readonly findings: readonly Finding[];
}

export function makePlan(
  subject: Pick<PlanSubject, "graph" | "target" | "sources" | "typeFacts">,
  { kind, moves, stacks, findings }: PlanParts,
  ground: PlanGround,
): Plan {
  const spec = subject.graph.environment;
  const body: Omit<Plan, "hash"> = {
    format: "terrane.dev/plan/v1",
    kind,
    environment: spec.name,
    class: spec.class,
    target: subject.target,
    provisional: spec.provisional,
    blueprint: spec.blueprint,
    counts: addCounts(stacks.map((stack) => stack.counts)),
    moves: [...moves],
    stacks: [...stacks],
    findings: findings.filter((finding) => finding.verdict !== "pass"),
    dataAtRisk: dataAtRisk(subject, stacks),
  };
  return { ...body, hash: hashOf({ plan: body, spec, ground }), sources: subject.sources };
}

/** SHA-256 over the canonical form of RFC 8785, hexadecimal. */
export function hashOf(value: unknown): string {
  // Through JSON first: canonical form knows no undefined.
  const text = canonicalize(JSON.parse(JSON.stringify(value)));
  if (text === undefined)
    throw new TerraneError("internal", "a value without canonical form was to be hashed");
  return createHash("sha256").update(text).digest("hex");
}

/**
 * URNs of resources whose data the plan would lose. What is set aside counts under the URN that its successor has now,
 * which is the one people know.
 */
function dataAtRisk(subject: Pick<PlanSubject, "typeFacts">, stacks: readonly StackPlan[]): string[] {
  const steps = stacks.flatMap((stack) => stack.steps);
  const waiting = new Set(steps.map((step) => step.setAside));
  return steps
    .filter(({ urn, type, action, setAside }) => {
      const isLost =
        action === "replace" || setAside !== undefined || (action === "delete" && !waiting.has(urn));
      return isLost && subject.typeFacts(type).stateful;
    })
    .map((step) => step.urn);
}
