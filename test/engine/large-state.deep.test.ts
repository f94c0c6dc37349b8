import { afterAll, expect, test } from "vitest";
import { newestId } from "../support/kill-case.ts";
import { Stages } from "../support/kill-harness.ts";
import { stockDocuments, stockEnvironment } from "../support/kill-world.ts";

const stages = new Stages();
afterAll(() => stages[Symbol.asyncDispose]());
const count = Number(process.env["TERRANE_COUNT"] ?? 5000);
const limits = { NODE_OPTIONS: `--max-old-space-size=${process.env["HEAP"] ?? 1024}` };

test("try", async () => {
  await using project = await stages.open("new");
  const argv = ["up", stockEnvironment, "--yes"];
  const timed = async (what: string, act: () => Promise<unknown>) => {
    const started = performance.now();
    const result = (await act()) as { code?: number; stdout: string; stderr: string };
    console.log(what, Math.round(performance.now() - started), result.code, result.stdout.length, result.stderr.length);
    console.log(result.stdout.slice(0, 1500), "\n...\n", result.stdout.slice(-1500));
    console.log("ERR", result.stderr.slice(0, 1500), "\n...\n", result.stderr.slice(-1500));
    return result;
  };
  for (const [file, text] of Object.entries(stockDocuments(count))) await project.write(file, text);
  await timed("up", () => project.run(argv, undefined, limits));
  await timed("plan", () => project.run(["plan", stockEnvironment], undefined, limits));
  await timed("plan full", () => project.run(["plan", stockEnvironment, "--full"], undefined, limits));
  const exported = await project.run(["state", "export", `${stockEnvironment}.here.data`]);
  console.log("state", exported.stdout.length);
  for (const [file, text] of Object.entries(stockDocuments(count, 900))) await project.write(file, text);
  await timed("killed", () => project.run(argv, { point: "K7", nth: 1, victim: "cli" }, limits));
  await timed("next", () => project.run(argv, undefined, limits));
  await timed("destroy", () => project.run(["destroy", stockEnvironment, "--yes"], undefined, limits));
  void newestId; void expect;
});
