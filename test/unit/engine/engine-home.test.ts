import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openEngineHome } from "../../../src/engine/engine-home.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "terrane-engine-home-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

test("an engine finds a file where its debug logs would go, and those of earlier ones are gone", async () => {
  const logs = join(home, "pulumi", "logs");
  await mkdir(logs, { recursive: true });
  await writeFile(join(logs, "pulumi-20261121T120000-1.log"), "inputs of resources");

  const folders = await Promise.all([openEngineHome(home), openEngineHome(home)]);

  expect(new Set(folders)).toEqual(new Set([join(home, "pulumi")]));
  expect(await readFile(logs, "utf8")).toContain("terrane keeps it from that by this file");
  expect(await readdir(join(home, "pulumi"))).toEqual(["logs"]);
});
