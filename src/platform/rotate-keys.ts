/** Gives the secrets of the project's states new keys, or the keys another passphrase or cloud's key that opens them. */
import { randomUUID } from "node:crypto";
import { TerraneError } from "../errors.ts";
import type { SecretReference } from "../model/secret-reference.ts";
import { endRotation, openRotation } from "../state/keys/key-records.ts";
import { type KeySource, kmsSource } from "../state/keys/key-source.ts";
import type { StateKeys } from "../state/keys/keys.ts";
import { isRotated, rotateDataKey } from "../state/keys/rotate-data-keys.ts";
import { rotateWrapper } from "../state/keys/rotate-wrapper.ts";
import type { PlatformContext } from "./context.ts";
import { openProject } from "./project/open-project.ts";
import { type OpenStacks, openStacks } from "./records/open-stacks.ts";
import { type KeySurroundings, passphraseFrom } from "./records/state-keys.ts";

export interface RotateKeysRequest {
  /** `<environment>.<site>.<domain>`; default: every stack. */
  readonly stack?: string;
  /** What opens the keys from now on; absent: what does now. */
  readonly to?: { readonly passphrase: SecretReference } | { readonly key: string };
  /** New data keys as well. Without `to` they are what is rotated. */
  readonly dataKeys?: boolean;
  /** Who starts it, for people who meet its lease. */
  readonly startedBy: string;
}

export interface RotatedKeys {
  /** What opens the keys now, where that has changed. */
  readonly opener?: { readonly name: string; readonly stacks: number };
  /** Stacks with new data keys, and how many secrets of each were sealed anew. */
  readonly stacks: readonly { readonly name: string; readonly secrets: number }[];
  /** What is left to do by hand. */
  readonly next?: string;
}

/**
 * Broken off, it goes on when it is called again with the same request.
 * @throws TerraneError `wrong-passphrase`, `key-unavailable`, `lease-held` while an operation is at work on a stack,
 * `stack-not-found`, `bad-usage`
 */
export async function rotateKeys(context: PlatformContext, request: RotateKeysRequest): Promise<RotatedKeys> {
  const { to } = request;
  if (to !== undefined && request.stack !== undefined) {
    throw new TerraneError("bad-usage", "what opens the keys is the same for all stacks", {
      next: "Leave the stack out, or rotate its data keys alone.",
    });
  }
  await using project = await openProject(context);
  await using stacks = await openStacks(project.app);
  if (to === undefined)
    return { stacks: await rotateStacks(stacks, request, stacks.keysFrom(stacks.source)) };
  const source = sourceOf(to, stacks.surroundings);
  const { database, surroundings } = stacks;
  const keys = stacks.keysFrom(stacks.source);
  const opened = await rotateWrapper({
    ...{ database, keys, to: source, who: request.startedBy, now: surroundings.now },
  });
  return {
    opener: { name: source.name, stacks: opened },
    stacks: request.dataKeys === true ? await rotateStacks(stacks, request, stacks.keysFrom(source)) : [],
    next: `Write into terrane.yaml, now: state: { ${fieldOf(to)} }`,
  };
}

type NewOpener = NonNullable<RotateKeysRequest["to"]>;

function sourceOf(to: NewOpener, surroundings: KeySurroundings): KeySource {
  return "key" in to ? kmsSource(to.key, surroundings) : passphraseFrom(to.passphrase, surroundings);
}

function fieldOf(to: NewOpener): string {
  if ("key" in to) return `key: "${to.key}"`;
  const [[how, where] = ["fromEnv", ""]] = Object.entries(to.passphrase);
  return `passphrase: { ${how}: ${where} }`;
}

async function rotateStacks(
  { database, storeWith, surroundings, underLease }: OpenStacks,
  { stack: name, startedBy }: RotateKeysRequest,
  keys: StateKeys,
): Promise<RotatedKeys["stacks"]> {
  const { now } = surroundings;
  await keys.assertUsable();
  const store = storeWith(keys);
  const wanted = name === undefined ? await store.list() : [await store.get({ project: "terrane", name })];
  // Of one stack alone there is nothing to go on with.
  const fresh = `rotate-keys-${randomUUID()}`;
  const rotation = name === undefined ? await openRotation(database, fresh, now()) : fresh;
  const done: { name: string; secrets: number }[] = [];
  for (const stack of wanted.filter((each) => !isRotated(each, rotation))) {
    const secrets = await underLease(stack, { id: rotation, by: startedBy }, (lease) =>
      rotateDataKey({ database, store, keys, rotation, who: startedBy, now }, stack, lease),
    );
    done.push({ name: stack.name, secrets });
  }
  if (name === undefined) await endRotation(database, rotation, now());
  return done;
}
