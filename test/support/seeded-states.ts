/** States with a secret in a project's ledger, for tests that take them elsewhere. */
import { thisProcess } from "../../src/ledger/holder.ts";
import type { PlatformContext } from "../../src/platform/context.ts";
import { openProject } from "../../src/platform/project/open-project.ts";
import { organization } from "../../src/state/deployment/canonical.ts";
import type { VersionedDeployment } from "../../src/state/deployment/deployment.ts";
import { openSecret, secretsOf } from "../../src/state/deployment/secret-values.ts";
import { openSecrets, sealSecrets } from "../../src/state/stacks/stack-secrets.ts";
import { stateOf } from "./stack-world.ts";

/** Saves a root and a component with the secret, under the lease of the stack's environment. */
export async function seedState(context: PlatformContext, name: string, secret: string): Promise<void> {
  await using project = await openProject(context);
  const [ledger, store] = await Promise.all([project.app.ledger(), project.app.stacks()]);
  const holder = thisProcess("seed", context.now());
  await using held = await ledger.holdEnvironment(name.split(".")[0] ?? "", "op-seed", holder);
  const { lease } = held;
  const stack = await store.create({ project: "terrane", name }, lease);
  const state = stateOf(name, 1);
  const [root, bucket] = state.deployment.resources ?? [];
  const component = { ...bucket, custom: false, outputs: { password: openSecret(JSON.stringify(secret)) } };
  const { id: _id, provider: _provider, ...kept } = component;
  const resources = [root, kept];
  const owner = { owner: organization, project: "terrane", stack: name };
  const secrets_providers = { type: "service", state: owner };
  const seeded = {
    ...state,
    deployment: { ...state.deployment, secrets_providers, resources },
  } as VersionedDeployment;
  await store.save(stack, await sealSecrets(seeded, store.cipherOf(stack)), { lease, reason: "import" });
}

export interface SeenState {
  readonly urns: readonly string[];
  /** In clear. */
  readonly secrets: readonly (string | undefined)[];
  readonly serial: number;
  readonly digest: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What the project's ledger holds, by name of the stack. */
export async function seenStates(context: PlatformContext): Promise<Readonly<Record<string, SeenState>>> {
  await using project = await openProject(context);
  const store = await project.app.stacks();
  const seen: Record<string, SeenState> = {};
  for (const stack of await store.list()) {
    const state = await openSecrets(await store.state(stack), store.cipherOf(stack));
    seen[stack.name] = {
      urns: (state.deployment.resources ?? []).map(({ urn }) => urn),
      secrets: secretsOf(state).map(({ plaintext }) => plaintext),
      ...{ serial: stack.serial, digest: stack.digest, tags: stack.tags },
    };
  }
  return seen;
}
