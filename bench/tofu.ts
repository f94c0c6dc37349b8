/**
 * OpenTofu on `terraform_data`, which needs no provider process: the lightest work that it can be given. Found by
 * TERRANE_BENCH_TOFU or on PATH; bench/README.md says how to build one.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Cost, measure } from "./measure.ts";

const run = promisify(execFile);

/** The command; undefined where there is none. */
export async function findTofu(): Promise<string | undefined> {
  const command = process.env["TERRANE_BENCH_TOFU"] ?? "tofu";
  return await run(command, ["version"]).then(
    () => command,
    () => undefined,
  );
}

/** Nothing refers to anything: references into counted resources cost OpenTofu the square of their number. */
function configuration(count: number): string {
  return `resource "terraform_data" "part" {
  count = ${count}
  input = { number = count.index, group = floor(count.index / 10) }
}
`;
}

/** First apply of one root module of `count` resources. */
export async function applyTofu(command: string, count: number): Promise<Cost> {
  const folder = await mkdtemp(join(tmpdir(), "terrane-tofu-"));
  try {
    await makeModule(command, folder, count);
    return await measure(() => run(command, ["apply", "-auto-approve", "-no-color"], inFolder(folder)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Plans of `modules` root modules that are as they were applied, `limit` at once. */
export async function planTofu(command: string, modules: number, count: number, limits: readonly number[]) {
  const folder = await mkdtemp(join(tmpdir(), "terrane-tofu-"));
  try {
    const folders = Array.from({ length: modules }, (_, index) => join(folder, String(index)));
    for (const each of folders) {
      await mkdir(each);
      await makeModule(command, each, count);
      await run(command, ["apply", "-auto-approve", "-no-color"], inFolder(each));
    }
    const costs: Cost[] = [];
    for (const limit of limits) {
      costs.push(
        await measure(async () => {
          const left = [...folders];
          const work = async () => {
            for (let one = left.shift(); one !== undefined; one = left.shift()) {
              await run(command, ["plan", "-no-color"], inFolder(one));
            }
          };
          await Promise.all(Array.from({ length: limit }, work));
        }),
      );
    }
    return costs;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeModule(command: string, folder: string, count: number): Promise<void> {
  await writeFile(join(folder, "main.tf"), configuration(count));
  await run(command, ["init", "-no-color"], inFolder(folder));
}

function inFolder(cwd: string) {
  return { cwd, maxBuffer: 2 ** 26, env: { ...process.env, CHECKPOINT_DISABLE: "1" } };
}
