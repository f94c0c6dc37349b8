/** A command on a terminal of its own (Linux): what it shows is read, what it is sent is typed. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/** Runs a command in a terminal of its own and hands on what is typed; part of util-linux. */
const recorder = "script";

export interface Terminal {
  /** All that was ever shown. */
  readonly screen: () => string;
  /** Waits until the screen has held the text. */
  readonly shows: (text: string) => Promise<void>;
  readonly type: (keys: string) => void;
  /** Takes the terminal away from whoever runs on it. */
  readonly hangUp: () => void;
  /** Fulfilled when the terminal is gone. */
  readonly ended: Promise<void>;
}

export interface TerminalOptions {
  /** Default: 80. */
  readonly columns?: number;
  readonly cwd?: string;
  /** Beside PATH and TERM, the whole environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** @param command for a shell that outlives Ctrl-C and a hang-up, below one that a hang-up ends */
export function openTerminal(command: string, options: TerminalOptions = {}): Terminal {
  const shell = `trap : INT; stty cols ${options.columns ?? 80} rows 24; (trap : INT HUP; ${command}); :`;
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    recorder,
    ["--quiet", "--flush", "--return", "--command", shell, "/dev/null"],
    {
      stdio: ["pipe", "pipe", "inherit"],
      env: { PATH: process.env["PATH"] ?? "", TERM: "xterm", ...options.variables },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    },
  );
  let screen = "";
  child.stdout.on("data", (chunk: Buffer) => {
    screen += chunk.toString();
  });
  return {
    screen: () => screen,
    shows: async (text) => {
      while (!screen.includes(text)) await once(child.stdout, "data");
    },
    type: (keys) => child.stdin.write(keys),
    hangUp: () => child.kill("SIGKILL"),
    ended: once(child, "close").then(() => {}),
  };
}
