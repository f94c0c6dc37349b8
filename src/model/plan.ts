/** What the real engine would change, over all stacks of an environment. What is applied is what was planned. */
import { z } from "zod";
import { findingSchema } from "./finding.ts";
import { valueSchema } from "./resource.ts";
import { domains, environmentClasses, targets } from "./words.ts";

/** What the engine does with a resource. `replace` stands for the whole replacement, in either order. */
export const stepActions = [
  "create",
  "update",
  "replace",
  "delete",
  "same",
  "read",
  "import",
  "refresh",
] as const;
export type StepAction = (typeof stepActions)[number];

/** One difference inside of a property that is a list, a mapping or a JSON text. */
export const changePartSchema = z.strictObject({
  /** From the property down: `Statement[Sid=Read].Action`, `[2]`. */
  path: z.string(),
  /** `reorder`: the same elements in another order. */
  kind: z.enum(["add", "delete", "update", "reorder"]),
  before: valueSchema.optional(),
  after: valueSchema.optional(),
});
export type ChangePart = z.infer<typeof changePartSchema>;

export const propertyChangeSchema = z.strictObject({
  /** Path within the inputs: `tags.Owner`, `ingress`. Lists are compared as a whole. */
  path: z.string(),
  kind: z.enum(["add", "delete", "update"]),
  /** The change forces the replacement. */
  replaces: z.boolean(),
  before: valueSchema.optional(),
  after: valueSchema.optional(),
  /** What differs inside, where both sides are lists, mappings or JSON; empty where JSON is only written differently. */
  parts: z.array(changePartSchema).optional(),
  /** The property is a text that was compared by what it says. */
  text: z.literal("json").optional(),
  /** The provider fills the value in, nobody asked for it. */
  byDefault: z.boolean().optional(),
});
export type PropertyChange = z.infer<typeof propertyChangeSchema>;

export const stepSchema = z.strictObject({
  urn: z.string(),
  type: z.string(),
  name: z.string(),
  /** URN of the parent; absent where the stack itself is it. */
  parent: z.string().optional(),
  action: z.enum(stepActions),
  changes: z.array(propertyChangeSchema),
  /** Top-level inputs that stay as they are, for steps that change others. */
  unchanged: z.record(z.string(), valueSchema).optional(),
  /** Of a replacement: the old one goes before the new one comes, since the two cannot be there at once. */
  deletesFirst: z.literal(true).optional(),
  /**
   * URN under which what this one takes the place of stands from then on: other stacks may still use it, so that only
   * the prune phase deletes it.
   */
  setAside: z.string().optional(),
  /** True where the simulated cloud has no model of the type, so that nobody knows what a change would replace. */
  replacementUnknown: z.boolean().default(false),
});
export type Step = z.infer<typeof stepSchema>;

export const changeCountsSchema = z.strictObject({
  create: z.int(),
  update: z.int(),
  replace: z.int(),
  delete: z.int(),
  same: z.int(),
});
export type ChangeCounts = z.infer<typeof changeCountsSchema>;

export const stackPlanSchema = z.strictObject({
  stack: z.string(),
  site: z.string(),
  domain: z.enum(domains),
  phase: z.enum(["converge", "prune", "destroy"]),
  steps: z.array(stepSchema),
  counts: changeCountsSchema,
  /** Outputs as far as they are known: component → output → value with markers. */
  outputs: z.record(z.string(), z.record(z.string(), valueSchema)),
  /** As the last change left them; absent where the stack has none on record. */
  outputsBefore: z.record(z.string(), z.record(z.string(), valueSchema)).optional(),
});
export type StackPlan = z.infer<typeof stackPlanSchema>;

/** A place in a document, as `src/errors.ts` counts it. */
export const positionSchema = z.strictObject({ file: z.string(), line: z.int(), column: z.int() });

/** A component that keeps its cloud objects under another name or in another stack: only states are rewritten. */
export const planMoveSchema = z.strictObject({
  type: z.string(),
  from: z.strictObject({ stack: z.string(), component: z.string() }),
  to: z.strictObject({ stack: z.string(), component: z.string() }),
  /** URNs before and after: the component itself first, then all it is made of. */
  resources: z.array(z.strictObject({ from: z.string(), to: z.string() })),
});
export type PlanMove = z.infer<typeof planMoveSchema>;

export const planSchema = z.strictObject({
  format: z.literal("terrane.dev/plan/v1"),
  /** SHA-256 over the canonical form (RFC 8785) of everything else but `sources`, and of what the plan was made from. */
  hash: z.string(),
  kind: z.enum(["up", "destroy"]),
  environment: z.string(),
  class: z.enum(environmentClasses),
  target: z.enum(targets),
  /** True while the environment does not exist: names and addresses are the likely ones. */
  provisional: z.boolean(),
  blueprint: z.strictObject({ name: z.string(), version: z.string() }),
  counts: changeCountsSchema,
  /** Done before anything else; the steps of the stacks name every resource as it is called then. */
  moves: z.array(planMoveSchema),
  stacks: z.array(stackPlanSchema),
  findings: z.array(findingSchema),
  /** URNs of stateful resources that would be replaced or deleted. */
  dataAtRisk: z.array(z.string()),
  /** Where the blueprint names each component, by component. Not part of the hash: moving a line changes no plan. */
  sources: z.record(z.string(), positionSchema).optional(),
});
/** What an up or a destroy would change, over all stacks, with findings and hash. */
export type Plan = z.infer<typeof planSchema>;
export type ComponentSources = NonNullable<Plan["sources"]>;

export const noChanges: ChangeCounts = Object.freeze({
  create: 0,
  update: 0,
  replace: 0,
  delete: 0,
  same: 0,
});

export function addCounts(counts: readonly ChangeCounts[]): ChangeCounts {
  return counts.reduce(
    (sum, each) => ({
      create: sum.create + each.create,
      update: sum.update + each.update,
      replace: sum.replace + each.replace,
      delete: sum.delete + each.delete,
      same: sum.same + each.same,
    }),
    noChanges,
  );
}

/** Whether anything at all would change. */
export function hasChanges(counts: ChangeCounts): boolean {
  return counts.create + counts.update + counts.replace + counts.delete > 0;
}

/** Whether there is anything to do for a plan: a move changes no resource, but it has to be made. */
export function isWork(plan: Pick<Plan, "counts" | "moves">): boolean {
  return hasChanges(plan.counts) || plan.moves.length > 0;
}

/** How many steps of each kind. An import is a resource more and counts as `create`; reads and refreshes as `same`. */
export function countSteps(steps: readonly Pick<Step, "action">[]): ChangeCounts {
  const counts = { ...noChanges };
  for (const { action } of steps) counts[countedAs(action)]++;
  return counts;
}

function countedAs(action: StepAction): keyof ChangeCounts {
  switch (action) {
    case "import":
      return "create";
    case "read":
    case "refresh":
      return "same";
    default:
      return action;
  }
}
