/** The judges of a change's stacks, and what of each stack has to be judged again on another day. */
import { rulesOf } from "../../../policies/packs.ts";
import type { Resource } from "../../model/resource.ts";
import type { StackSpec } from "../../model/spec.ts";
import type { Target } from "../../model/words.ts";
import { changesWithTime, type Judge, makeJudge } from "../../policy/evaluate.ts";
import type { Rule } from "../../policy/rule.ts";
import type { Mask } from "../../values/mask.ts";
import type { App } from "../app.ts";

export class Judges {
  readonly #rules: readonly Rule[];
  readonly #today: string;
  readonly #target: Target;
  readonly #hiding: { readonly mask: Mask };
  readonly #dated = new Map<string, Map<string, Resource>>();

  constructor(app: Pick<App, "context" | "project">, target: Target, hiding: { readonly mask: Mask }) {
    this.#rules = rulesOf(app.project.policies.packs);
    this.#today = app.context.now().toISOString().slice(0, 10);
    this.#target = target;
    this.#hiding = hiding;
  }

  /** For one run of the stack's program. */
  of(spec: StackSpec): Judge {
    const judge = makeJudge(this.#rules, {
      class: spec.environment.class,
      stack: spec.name,
      target: this.#target,
      today: this.#today,
    });
    const dated = new Map<string, Resource>();
    this.#dated.set(spec.name, dated);
    const keep = (resource: Resource) => {
      if (changesWithTime(this.#rules, resource)) dated.set(resource.urn, resource);
    };
    return {
      judge: (resource) => {
        keep(resource);
        return judge.judge(resource);
      },
      judgeStack: (resources) => {
        resources.forEach(keep);
        return judge.judgeStack(resources);
      },
    };
  }

  /** Of the newest run. */
  dated(stack: string): readonly Resource[] {
    return [...(this.#dated.get(stack)?.values() ?? [])].map((resource) => this.#hiding.mask(resource));
  }
}
