import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const program = fileURLToPath(new URL("./edge-program.ts", import.meta.url));

interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly written: { stdout: string; stderr: string };
  /** Waits until stderr holds the text. */
  readonly says: (text: string) => Promise<void>;
  readonly ended: Promise<number | null>;
}

function start(waitFor: string): Running {
  const child = spawn(process.execPath, [program, "up", "--yes"], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] ?? "", WAIT_FOR: waitFor },
  });
  const written = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    written.stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    written.stderr += chunk.toString();
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  const says = async (text: string) => {
    while (!written.stderr.includes(text)) await once(child.stderr, "data");
  };
  return { child, written, says, ended };
}

it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s lets the operation finish what it began",
  async (signal) => {
    const { child, written, says, ended } = start("signal");
    await says("→ virginia.network");
    child.kill(signal);
    expect(await ended).toBe(130);
    expect(written.stderr).toContain("finishing 1 step; Ctrl-C again to stop at once");
    expect(written.stdout).toContain("! up of shop was stopped");
  },
);

it("a second signal stops at once", async () => {
  const { child, says, ended } = start("force");
  await says("→ virginia.network");
  child.kill("SIGINT");
  await says("finishing 1 step");
  child.kill("SIGTERM");
  await says("stopping at once");
  expect(await ended).toBe(130);
});

it("a reader that goes away does not end an operation half way", async () => {
  const { child, says, ended } = start("end of input");
  await says("→ virginia.network");
  child.stdout.destroy();
  child.stdin.end();
  expect(await ended).toBe(0);
});

it("one press of Ctrl-C that arrives twice counts once", async () => {
  const { child, written, says, ended } = start("signal");
  await says("→ virginia.network");
  child.kill("SIGINT");
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(written.stderr).not.toContain("stopping at once");
});

it("a terminal that is gone never means: at once", async () => {
  const { child, written, says, ended } = start("force");
  await says("→ virginia.network");
  child.kill("SIGHUP");
  await says("finishing 1 step");
  child.kill("SIGHUP");
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(written.stderr.match(/stopping at once/g)).toHaveLength(1);
});
