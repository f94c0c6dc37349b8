/**
 * One digest over everything that decides what a stack is to be: two runs of a program under the same key ask for the
 * same. Starts no engine, loads no program.
 */
import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { rulesOf } from "../../../policies/packs.ts";
import type { ComponentContract } from "../../catalog/component.ts";
import { formatAddress, type StackSpec } from "../../model/spec.ts";
import type { StackGround } from "../../model/stack-ground.ts";
import type { Target } from "../../model/words.ts";
import { isSecret, type Value } from "../../values/value.ts";
import type { App } from "../app.ts";
import { policyDigest, programDigest } from "../program-digest.ts";
import { readSecrets } from "../project/secret-parameters.ts";
import { planVersions } from "../versions.ts";
import { hashOf } from "./make-plan.ts";

/** Component → output → value, secrets as markers. */
export type ShownOutputs = { readonly [component: string]: { readonly [output: string]: Value } };

/** What one stack hands to another. */
export interface UpstreamGround {
  readonly stack: string;
  readonly outputs: ShownOutputs;
  /**
   * What it stands on itself: stands for the secrets among its outputs, which no digest may hold. Undefined where that is
   * not known.
   */
  readonly ground: Pick<StackGround, "key" | "state"> | undefined;
}

export interface KeyedStack {
  readonly spec: StackSpec;
  readonly upstream: readonly UpstreamGround[];
  /** See {@link newSalt}; undefined for a spec without secret parameters. */
  readonly salt: string | undefined;
}

/** A dictionary attack on a secret parameter costs this once more for each guess and stack. */
const cost = { N: 2 ** 14, r: 8, p: 1 };

export class GroundKeys {
  readonly #app: Pick<App, "context" | "root" | "project">;
  readonly #target: Target;
  readonly programs: Promise<string>;
  readonly versions = planVersions();

  constructor(
    app: Pick<App, "context" | "root" | "project">,
    environment: Parameters<typeof programDigest>[0],
    target: Target,
  ) {
    this.#app = app;
    this.#target = target;
    this.programs = programDigest(environment, app.context.components);
  }

  /** Of a rule by its id: its verdicts are not kept. */
  dependsOnTime(id: string): boolean {
    return rulesOf(this.#app.project.policies.packs).some((rule) => rule.id === id && rule.dependsOnTime);
  }

  /** False where the same key need not mean the same program: code of the caller's own without a version. */
  isTold(spec: StackSpec): boolean {
    const own = new Map((this.#app.context.components ?? []).map((each) => [each.name, each]));
    return spec.components.every(({ type }) => isVersioned(own.get(type)));
  }

  /**
   * Undefined where nothing tells what the stack is handed.
   * @throws TerraneError `bad-secret-reference`
   */
  async keyOf({ spec, upstream, salt }: KeyedStack): Promise<string | undefined> {
    if (upstream.some(({ outputs, ground }) => hasSecrets(outputs) && ground === undefined)) return undefined;
    return hashOf({
      spec,
      target: this.#target,
      programs: await this.programs,
      policies: { packs: this.#app.project.policies.packs, digest: await policyDigest() },
      versions: this.versions,
      upstream: upstream.map(({ stack, outputs, ground }) => ({
        stack,
        outputs,
        secrets: hasSecrets(outputs) ? [ground?.key, ground?.state] : null,
      })),
      secrets: salt === undefined ? null : await this.#digestSecrets(spec, salt),
    });
  }

  async #digestSecrets(spec: StackSpec, salt: string): Promise<string> {
    const { root, context } = this.#app;
    const secrets = await readSecrets(spec.components, { root, environment: context.environment });
    const revealed = Object.fromEntries(
      spec.components.map((component) => {
        const address = formatAddress({ component: component.name, site: component.site });
        const values = Object.entries(secrets[address] ?? {});
        return [address, Object.fromEntries(values.map(([path, value]) => [path, value.reveal()]))];
      }),
    );
    const digest = await promisify<string, string, number, typeof cost, Buffer>(scrypt)(
      hashOf(revealed),
      salt,
      32,
      cost,
    );
    return digest.toString("hex");
  }
}

/** For a spec with secret parameters; undefined for any other. */
export function newSalt(spec: StackSpec): string | undefined {
  const isSalted = spec.components.some(({ secrets }) => Object.keys(secrets).length > 0);
  return isSalted ? randomBytes(16).toString("hex") : undefined;
}

export function hasSecrets(outputs: ShownOutputs): boolean {
  return Object.values(outputs).some((values) => Object.values(values).some(isSecret));
}

function isVersioned(contract: ComponentContract | undefined): boolean {
  return contract === undefined || contract.version !== undefined;
}
