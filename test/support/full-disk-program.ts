/**
 * Fault 9, on a small disk that only this process and its children see: `up` is run there until its disk is full at the
 * point `argv[2]`, then once more with room. Tells what came of it.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readResources } from "../../src/platform/resources.ts";
import { aftermathOf, newestId } from "./kill-case.ts";
import { Stages } from "./kill-harness.ts";
import { filler, type KillPoint } from "./kill-points.ts";
import { environment } from "./kill-world.ts";
import { brokenRules, brokenStillness } from "./rules.ts";

export interface FullDiskAccount {
  /** The run that met the full disk. */
  readonly full: { readonly code: number | undefined; readonly said: string };
  /** States could be read while the disk was full. */
  readonly readable: boolean;
  readonly next: { readonly code: number | undefined; readonly said: string };
  readonly sameOperation: boolean;
  readonly broken: readonly string[];
}

await using stages = new Stages();
await using project = await stages.open("new");
const argv = ["up", environment, "--yes"];
const full = await project.run(argv, { point: process.argv[2] as KillPoint, nth: 1, victim: "disk" });
const readable = await readResources(project.context, environment, {}).then(
  () => true,
  () => false,
);
await rm(join(project.dir, filler));
const operation = await newestId(project);
const next = await project.run(argv);
const aftermath = await aftermathOf(project);
const account: FullDiskAccount = {
  full: { code: full.code, said: full.stdout + full.stderr },
  readable,
  next: { code: next.code, said: next.stdout + next.stderr },
  sameOperation: (await newestId(project)) === operation,
  broken: [...(await brokenRules(aftermath)), ...(await brokenStillness(aftermath))],
};
process.stdout.write(JSON.stringify(account));
