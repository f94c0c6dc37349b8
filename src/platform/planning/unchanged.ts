/**
 * Which stacks stand on the ground that the ledger has of them: for those neither an engine nor a render is needed, since
 * both would find nothing to change. Reads the ledger and the states; loads no engine, no cloud, no program.
 */
import { rulesOf } from "../../../policies/packs.ts";
import type { Finding } from "../../model/finding.ts";
import { countSteps, type StackPlan, type Step } from "../../model/plan.ts";
import type { StackNode, StackOutputs } from "../../model/spec.ts";
import type { StackGround } from "../../model/stack-ground.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { resourcesOf, type StateResource, type StateSummary } from "../../state/store.ts";
import { isSecret } from "../../values/value.ts";
import type { App } from "../app.ts";
import { setAsidePlace } from "../applying/set-aside.ts";
import type { Prepared } from "../project/prepare.ts";
import { GroundKeys, hasSecrets, type ShownOutputs, type UpstreamGround } from "./ground-key.ts";
import type { PlanGround } from "./make-plan.ts";
import { toShown } from "./stack-outputs.ts";

/** A stack that nothing would change, as its preview would have told it. */
export interface UnchangedStack {
  readonly plan: StackPlan;
  /** All that is not in order, judged by today's date where that matters. */
  readonly findings: readonly Finding[];
  /** Without the secret ones: no ledger holds those. */
  readonly outputs: StackOutputs;
}

/** What is known of a stack that comes before another one. */
export interface BeforeStack {
  readonly outputs: StackOutputs;
  /** Taken from the ledger, not from a preview. */
  readonly unchanged?: UnchangedStack;
  /** Whether its preview would change something. */
  readonly changes: boolean;
}

export interface UnchangedRequest {
  readonly app: App;
  readonly prepared: Prepared;
  /** Nothing counts as unchanged. */
  readonly full: boolean;
}

export async function findUnchanged(request: UnchangedRequest): Promise<UnchangedStacks> {
  const { app, prepared } = request;
  const { graph, name, record } = prepared;
  const [ledger, state] = await Promise.all([app.ledger(), app.state()]);
  const names = graph.stacks.map((stack) => stack.name);
  const states = await Promise.all(names.map(async (stack) => [stack, await state.read(stack)] as const));
  const isAsked = !request.full && record !== undefined && prepared.moves.length === 0;
  const [grounds, outputs] = await Promise.all([
    isAsked ? ledger.grounds.read(name) : new Map<string, StackGround>(),
    ledger.readOutputs(name),
  ]);
  const stacks = new UnchangedStacks(request, { states: new Map(states), grounds, outputs });
  await stacks.look();
  return stacks;
}

interface Recorded {
  readonly states: ReadonlyMap<string, StateSummary | undefined>;
  readonly grounds: ReadonlyMap<string, StackGround>;
  readonly outputs: ReadonlyMap<string, ShownOutputs>;
}

export class UnchangedStacks {
  readonly keys: GroundKeys;
  readonly request: UnchangedRequest;
  readonly #recorded: Recorded;
  /** Unchanged, and so is all that they stand on. */
  readonly #certain = new Map<string, UnchangedStack>();

  constructor(request: UnchangedRequest, recorded: Recorded) {
    const { app, prepared } = request;
    this.request = request;
    this.#recorded = recorded;
    this.keys = new GroundKeys(app, prepared.graph.environment, prepared.target);
  }

  /** Every stack in the order of the graph; undefined where one of them has to be previewed. */
  get whole(): readonly UnchangedStack[] | undefined {
    const { stacks } = this.request.prepared.graph;
    const found = stacks.flatMap((node) => this.#certain.get(node.name) ?? []);
    return found.length === stacks.length ? found : undefined;
  }

  /** Digests of the states that all this was found with. */
  get digests(): ReadonlyMap<string, string | undefined> {
    return new Map([...this.#recorded.states].map(([stack, state]) => [stack, state?.digest]));
  }

  /** As the ledger has them. */
  get grounds(): ReadonlyMap<string, StackGround> {
    return this.#recorded.grounds;
  }

  /** Resources in the states, by stack. */
  get counts(): Readonly<Record<string, number>> {
    const { states } = this.#recorded;
    return Object.fromEntries([...states].map(([stack, state]) => [stack, resourcesOf(state).length]));
  }

  /** What a plan of nothing but these is made from. */
  async ground(): Promise<PlanGround> {
    const states = [...this.digests].map(([stack, digest]) => [stack, digest ?? null] as const);
    return {
      states: Object.fromEntries(states),
      programs: await this.keys.programs,
      versions: this.keys.versions,
    };
  }

  async look(): Promise<void> {
    for (const node of this.request.prepared.graph.stacks) {
      if (!node.dependsOn.every((stack) => this.#certain.has(stack))) continue;
      const upstream = node.dependsOn.map((stack) => this.#recordedGround(stack));
      const found = await this.#compare(node, upstream);
      if (found !== undefined) this.#certain.set(node.name, found);
    }
  }

  /** Undefined: it has to be previewed. `before`: what is known of the stacks that it depends on. */
  async check(
    node: StackNode,
    before: (stack: string) => BeforeStack | undefined,
  ): Promise<UnchangedStack | undefined> {
    if (this.#isAskedForSecrets(node)) return undefined;
    const upstream = node.dependsOn.map((stack) => this.#groundOf(stack, before(stack)));
    if (upstream.some((each) => each === undefined)) return undefined;
    return await this.#compare(
      node,
      upstream.flatMap((each) => each ?? []),
    );
  }

  /** Secret outputs stand in no ledger: only its own preview hands them to a stack that has to be previewed. */
  #isAskedForSecrets(node: StackNode): boolean {
    const { stacks } = this.request.prepared.graph;
    if (!hasSecrets(this.#recorded.outputs.get(node.name) ?? {})) return false;
    return stacks.some((other) => other.dependsOn.includes(node.name) && !this.#certain.has(other.name));
  }

  #recordedGround(stack: string): UpstreamGround {
    const { outputs, grounds } = this.#recorded;
    return { stack, outputs: outputs.get(stack) ?? {}, ground: grounds.get(stack) };
  }

  /** What a preview found to be different, or cannot tell yet, is no ground of anything. */
  #groundOf(stack: string, before: BeforeStack | undefined): UpstreamGround | undefined {
    const recorded = this.#recordedGround(stack);
    if (before === undefined || before.unchanged !== undefined) return recorded;
    const outputs = toShown(before.outputs);
    // Previewed for nothing but its secrets, it hands over those that it always did.
    const isAsRecorded = this.#certain.has(stack) && !before.changes;
    return hasSecrets(outputs) && !isAsRecorded ? undefined : { ...recorded, outputs };
  }

  async #compare(node: StackNode, upstream: readonly UpstreamGround[]): Promise<UnchangedStack | undefined> {
    const { grounds, states } = this.#recorded;
    const ground = grounds.get(node.name);
    const state = states.get(node.name);
    const spec = node.converge;
    if (ground === undefined || state === undefined || node.prune !== undefined) return undefined;
    if (ground.state !== state.digest || !isSettled(state) || !this.keys.isTold(spec)) return undefined;
    const key = await this.keys.keyOf({ spec, upstream, salt: ground.salt });
    return key === ground.key ? this.#toUnchanged(node, state, ground) : undefined;
  }

  #toUnchanged(node: StackNode, state: StateSummary, ground: StackGround): UnchangedStack {
    const shown = this.#recorded.outputs.get(node.name) ?? {};
    const steps = stepsOf(state);
    return {
      plan: {
        stack: node.name,
        site: node.site,
        domain: node.domain,
        phase: "converge",
        steps,
        counts: countSteps(steps),
        outputs: shown,
        outputsBefore: shown,
      },
      findings: [...ground.findings, ...this.#judgeAgain(node, ground)],
      outputs: withoutSecrets(shown),
    };
  }

  #judgeAgain(node: StackNode, { dated }: StackGround): readonly Finding[] {
    if (dated.length === 0) return [];
    const { app, prepared } = this.request;
    const rules = rulesOf(app.project.policies.packs).filter((rule) => rule.dependsOnTime);
    const context = {
      class: node.converge.environment.class,
      stack: node.name,
      target: prepared.target,
      today: app.context.now().toISOString().slice(0, 10),
    };
    return evaluate(rules, context, dated);
  }
}

/** Nothing was begun and not ended, replaced and not deleted, or set aside for a deletion still to come. */
function isSettled({ pending, resources }: StateSummary): boolean {
  return (
    pending.length === 0 &&
    resources.every(({ urn, replaced }) => !replaced && setAsidePlace(urn) === undefined)
  );
}

function stepsOf(state: StateSummary): Step[] {
  const resources = resourcesOf(state);
  const there = new Set(resources.map((resource) => resource.urn));
  return resources.map((resource) => toSame(resource, there));
}

function toSame({ urn, type, parent }: StateResource, there: ReadonlySet<string>): Step {
  return {
    urn,
    type,
    name: urn.split("::").slice(3).join("::"),
    // The stack's own root is left out.
    ...(parent === undefined || !there.has(parent) ? {} : { parent }),
    action: "same",
    changes: [],
    replacementUnknown: false,
  };
}

function withoutSecrets(shown: ShownOutputs): StackOutputs {
  return Object.fromEntries(
    Object.entries(shown).map(([component, values]) => [
      component,
      Object.fromEntries(
        Object.entries(values).flatMap(([output, value]) =>
          isSecret(value) ? [] : [[output, { kind: "known" as const, value }]],
        ),
      ),
    ]),
  );
}
