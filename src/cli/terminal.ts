/**
 * What a person at the terminal does to this process: signals, and keys in raw mode. Belongs to the process edge. Raw
 * mode swallows what Ctrl-C, Ctrl-Z and Ctrl-\ usually send, so they are done here by hand.
 */
import { readFileSync } from "node:fs";
import type { Interruption, Release } from "./io.ts";
import { type Key, parseKeys } from "./keys.ts";

const interruptions: Readonly<Record<Interruption, NodeJS.Signals>> = {
  interrupt: "SIGINT",
  terminate: "SIGTERM",
  hangup: "SIGHUP",
};

/** One press of Ctrl-C arrives twice below `npx`: from the terminal, and handed on by npm. */
const samePress = 250;

type OnInterrupt = (kind: Interruption) => void;
const listeners = new Set<OnInterrupt>();

export function onInterrupt(call: OnInterrupt): Release {
  let last: { readonly kind: Interruption; readonly at: number } | undefined;
  const handlers = (Object.keys(interruptions) as Interruption[]).map((kind) => {
    const handler = () => {
      const now = performance.now();
      const repeated = last?.kind === kind && now - last.at < samePress;
      last = { kind, at: now };
      if (!repeated) call(kind);
    };
    return { signal: interruptions[kind], handler };
  });
  for (const { signal, handler } of handlers) process.on(signal, handler);
  listeners.add(call);
  return () => {
    for (const { signal, handler } of handlers) process.off(signal, handler);
    listeners.delete(call);
  };
}

/** Reads single keys until released. Nothing happens without a terminal, or where another job has it. */
export function onKey(call: (key: Key) => void): Release {
  const { stdin } = process;
  if (!stdin.isTTY || !isForeground()) return () => {};
  const restore = () => setRaw(false);
  const again = () => setRaw(true);
  const listen = (sent: Buffer) => {
    for (const key of parseKeys(sent.toString("utf8"))) if (!steers(key)) call(key);
  };
  setRaw(true);
  stdin.on("data", listen);
  stdin.on("error", ignore);
  process.on("SIGCONT", again);
  process.on("exit", restore);
  stdin.resume();
  return () => {
    stdin.off("data", listen);
    process.off("SIGCONT", again);
    process.off("exit", restore);
    setRaw(false);
    stdin.pause();
  };
}

/** Does what the terminal itself would do for a key; false where the key means nothing to it. */
function steers(key: Key): boolean {
  switch (key) {
    case "ctrl-c":
      for (const call of [...listeners]) call("interrupt");
      return true;
    case "ctrl-z":
      setRaw(false);
      // The whole group, as the terminal does: below `npx` the shell waits for npm.
      process.kill(0, "SIGTSTP");
      return true;
    case "ctrl-\\":
      setRaw(false);
      process.kill(0, "SIGQUIT");
      return true;
    default:
      return false;
  }
}

// A terminal that is gone cannot be set; a job in the background would be stopped for trying.
function setRaw(raw: boolean): void {
  if (!isForeground()) return;
  try {
    process.stdin.setRawMode(raw);
  } catch {
    // It was closed.
  }
}

function ignore(): void {}

// proc(5): process group is field 5, the terminal's foreground group field 8; the name in field 2 may hold blanks.
function isForeground(): boolean {
  if (process.platform !== "linux") return true;
  try {
    const fields = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[2] === fields[5];
  } catch {
    return true;
  }
}
