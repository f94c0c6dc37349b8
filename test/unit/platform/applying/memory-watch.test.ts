import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { watchMemory } from "../../../../src/platform/applying/memory-watch.ts";

test("a process whose heap fills up is told before node ends it, with the limit and how to raise it", async () => {
  const hog = fileURLToPath(new URL("memory-hog.ts", import.meta.url));
  // Not smaller: the young generation alone is up to 64 MiB, and V8 ends a process that cannot hold it beside what is old.
  const { stdout } = await promisify(execFile)(process.execPath, ["--max-old-space-size=512", hog]);
  const error = JSON.parse(stdout) as { code: string; message: string; next: string };
  expect(error.code).toBe("out-of-memory");
  expect(error.message).toMatch(/^terrane's own process \(node\) uses \d+ of the \d+ MiB/);
  expect(error.next).toMatch(/lower --parallel, or with NODE_OPTIONS=--max-old-space-size=\d+/);
});

test("a process with room is left alone", () => {
  using watch = watchMemory();
  expect(watch.signal.aborted).toBe(false);
});
