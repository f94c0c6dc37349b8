import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { countMemoryKills } from "../../../src/engine/memory-kills.ts";

test("processes killed for their memory are counted where the kernel tells, and are none where it does not", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kills-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = [join(folder, "memory.events"), join(folder, "vmstat"), join(folder, "missing")];
  await writeFile(files[0] ?? "", "low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 7\n");
  await writeFile(files[1] ?? "", "nr_free_pages 1\noom_kill 5\n");
  expect(await countMemoryKills(files)).toBe(7);
  expect(await countMemoryKills([join(folder, "missing")])).toBe(0);
});
