/** Digests over sources: a plan is only good for the programs it was made with, a verdict for its rules. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ComponentContract, platformFor } from "../catalog/component.ts";
import type { EnvironmentSpec } from "../model/spec.ts";
import type { Platform } from "../model/words.ts";
import { sha256 } from "../values/digest.ts";

const stacksFolder = fileURLToPath(new URL("../../stacks/", import.meta.url));
const policiesFolder = fileURLToPath(new URL("../../policies/", import.meta.url));

let shipped: Promise<string> | undefined;
let policies: Promise<string> | undefined;

/**
 * SHA-256, hexadecimal, of the shipped programs and, for each component type of the caller's own that the environment uses,
 * of its version and the text of the function that builds it. What that function calls elsewhere has no text to be had:
 * the version stands for it.
 */
export async function programDigest(
  environment: Pick<EnvironmentSpec, "components" | "sites">,
  own: readonly ComponentContract[] = [],
): Promise<string> {
  shipped ??= digestOf(stacksFolder);
  const clouds = new Map(environment.sites.map(({ name, cloud }) => [name, cloud]));
  const texts = own.map(async (contract) => {
    const used = environment.components
      .filter(({ type }) => type === contract.name)
      .flatMap(({ site }) => clouds.get(site) ?? [])
      .map((cloud) => platformFor(contract, cloud));
    const functions = [...new Set(used)].sort().map((platform) => textOf(contract, platform));
    return [contract.name, contract.version ?? null, ...(await Promise.all(functions))];
  });
  const components = (await Promise.all(texts)).filter(([, , ...functions]) => functions.length > 0).sort();
  return components.length === 0 ? shipped : sha256(JSON.stringify([await shipped, ...components]));
}

/** SHA-256, hexadecimal, of the shipped policies. */
export function policyDigest(): Promise<string> {
  policies ??= digestOf(policiesFolder);
  return policies;
}

/** Null where there is none, or it cannot be loaded: whoever makes the program is told so. */
async function textOf(contract: ComponentContract, platform: Platform): Promise<string | null> {
  const support = contract.implementations[platform];
  if (support.support !== "supported") return null;
  return await support.load().then(
    ({ implementation }) => `${platform}: ${String(implementation)}`,
    () => null,
  );
}

async function digestOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && [".ts", ".js"].includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(file.slice(folder.length)).update("\0");
    hash.update(await readFile(file)).update("\0");
  }
  return hash.digest("hex");
}
