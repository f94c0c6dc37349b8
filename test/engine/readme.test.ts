/** The example of the README is a program that runs. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { exampleOutput, libraryExample } from "../support/readme.ts";

it("the library example of the README is thirty lines of code and does what it shows, in an empty folder", async () => {
  const code = libraryExample();
  expect(code.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(30);
  const dir = await mkdtemp(join(tmpdir(), "terrane-readme-"));
  try {
    const source = new URL("../../src/index.ts", import.meta.url).href;
    await writeFile(join(dir, "example.ts"), code.replace('from "terrane"', `from "${source}"`));
    const { stdout } = await promisify(execFile)(process.execPath, ["example.ts"], { cwd: dir });
    const lines = stdout.trim().split("\n");
    expect(lines).toEqual(exampleOutput.map((line) => expect.stringMatching(line)));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}, 180_000);
