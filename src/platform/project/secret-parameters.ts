/**
 * Reads the values of secret parameters where they are kept, at the moment they are needed. They go into the program
 * as {@link Secret}s and nowhere else.
 */
import { readFile, realpath } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { TerraneError } from "../../errors.ts";
import type { SecretReference } from "../../model/secret-reference.ts";
import { type ComponentSpec, formatAddress, type StackGraph } from "../../model/spec.ts";
import { shortestSecret } from "../../values/mask.ts";
import { Secret } from "../../values/secret.ts";
import type { Value } from "../../values/value.ts";

export interface SecretSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of the project: files must lie below it. */
  readonly root: string;
}

/** Address of the component → path of the field → value. */
export type SecretValues = { readonly [address: string]: { readonly [path: string]: Secret<Value> } };

/** Longest secret that is read, bytes. */
const maximumSize = 64 * 1024;

/** Those that will be there, or still are. */
export function componentsOf(graph: StackGraph): readonly ComponentSpec[] {
  return graph.stacks.flatMap((stack) => stack.converge.components);
}

/** @throws TerraneError `bad-secret-reference` naming what could not be read, never a value */
export async function readSecrets(
  components: readonly Pick<ComponentSpec, "name" | "site" | "secrets">[],
  sources: SecretSources,
): Promise<SecretValues> {
  const entries = components.map(async ({ name, site, secrets }) => {
    const values = Object.entries(secrets).map(
      async ([path, reference]) => [path, await readSecret(reference, sources)] as const,
    );
    return [formatAddress({ component: name, site }), Object.fromEntries(await Promise.all(values))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Where a secret stands, for people. */
export function placeOfSecret(reference: SecretReference): string {
  if ("fromEnv" in reference) return `the environment variable ${reference.fromEnv}`;
  return "fromFile" in reference ? `the file ${reference.fromFile}` : `the secret ${reference.fromSecret}`;
}

/** @throws TerraneError `bad-secret-reference` */
export async function readSecret(
  reference: SecretReference,
  sources: SecretSources,
): Promise<Secret<string>> {
  if ("fromEnv" in reference) {
    const value = sources.environment[reference.fromEnv];
    const name = `the environment variable ${reference.fromEnv}`;
    if (value === undefined || value === "") {
      throw new TerraneError(
        "bad-secret-reference",
        `${name} is ${value === undefined ? "not set" : "empty"}`,
      );
    }
    assertHidable(value, name);
    return new Secret(value);
  }
  if ("fromFile" in reference) return readSecretFile(reference.fromFile, sources.root);
  throw new TerraneError(
    "bad-secret-reference",
    `the secret "${reference.fromSecret}" cannot be read: this release has no secret store`,
    {
      next: "Give the secret by `fromEnv` or `fromFile`.",
    },
  );
}

async function readSecretFile(file: string, root: string): Promise<Secret<string>> {
  const refuse = (why: string, cause?: unknown) =>
    new TerraneError("bad-secret-reference", `the secret file ${file} ${why}`, { cause });
  const path = await realpath(resolve(root, file)).catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code === "ENOENT" ? "does not exist" : "cannot be read", error);
  });
  const inside = relative(await realpath(root), path);
  if (inside === ".." || inside.startsWith(`..${sep}`)) throw refuse("lies outside the project");
  const bytes = await readFile(path).catch((error: unknown) => {
    throw refuse("cannot be read", error);
  });
  if (bytes.length > maximumSize) throw refuse(`is over ${maximumSize} bytes`);
  const text = bytes.toString("utf8").replace(/\r?\n$/, "");
  if (text === "") throw refuse("is empty");
  assertHidable(text, `the secret file ${file}`);
  return new Secret(text);
}

/** Programs, engines and clouds repeat what they are given: a secret that cannot be taken out of their words is none. */
function assertHidable(text: string, where: string): void {
  if (text.trim().length >= shortestSecret) return;
  throw new TerraneError(
    "bad-secret-reference",
    `${where} holds a secret of under ${shortestSecret} characters`,
    {
      next: `Take one of at least ${shortestSecret}: a shorter text stands everywhere by chance and cannot be hidden.`,
    },
  );
}
