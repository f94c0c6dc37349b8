import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const garbage = fileURLToPath(new URL("garbage-maker.ts", import.meta.url));

async function largestHeap(how: "early" | "late" | "let-go"): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [garbage, how]);
  return Number(stdout);
}

test("a process that collects early holds far less than it otherwise would, until it lets go", async () => {
  const [early, late, letGo] = await Promise.all([
    largestHeap("early"),
    largestHeap("late"),
    largestHeap("let-go"),
  ]);
  expect(early).toBeLessThan(late * 0.6);
  expect(letGo).toBeGreaterThan(early * 1.5);
});
