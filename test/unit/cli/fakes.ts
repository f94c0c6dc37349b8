/** A process, a clock and a platform made of values: what the command line is run with in these tests. */

import type { Interruption, Io } from "../../../src/cli/io.ts";
import { run } from "../../../src/cli/main.ts";
import type { UseCases } from "../../../src/cli/use-cases.ts";
import type { ExitCode } from "../../../src/errors.ts";

export interface FakeIoOptions {
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingFolder?: string;
  /** Lines typed on stdin, in order; after them input has ended. */
  readonly typed?: readonly string[];
}

export interface FakeIo extends Io {
  /** All that was written so far. */
  readonly written: { stdout: string; stderr: string };
  /** Lets time pass: timers that are due are called in order. */
  advance(milliseconds: number): void;
  /** One Ctrl-C, or another wish to end. */
  interrupt(kind?: Interruption): void;
  /** One key pressed. */
  press(key: string): void;
  /** Timers and listeners not yet released. */
  readonly held: () => number;
}

interface FakeTimer {
  readonly call: () => void;
  readonly every: number | undefined;
  due: number;
}

export function fakeIo(options: FakeIoOptions = {}): FakeIo {
  const written = { stdout: "", stderr: "" };
  const typed = [...(options.typed ?? [])];
  const timers = new Set<FakeTimer>();
  const listeners = new Set<(kind: Interruption) => void>();
  const keyListeners = new Set<(key: string) => void>();
  const isTerminal = options.terminal ?? false;
  let clock = Date.parse("2026-11-21T10:00:00.000Z");
  const stream = (name: "stdout" | "stderr") => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTerminal,
    columns: () => (isTerminal ? (options.columns ?? 80) : undefined),
    rows: () => (isTerminal ? (options.rows ?? 24) : undefined),
  });
  const hold = (timer: FakeTimer) => {
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  };
  return {
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    stdin: {
      isTerminal,
      readLine: async (signal) => (signal.aborted ? undefined : typed.shift()),
      onKey: (call) => {
        keyListeners.add(call);
        return () => {
          keyListeners.delete(call);
        };
      },
    },
    environment: options.environment ?? {},
    workingFolder: options.workingFolder ?? "/project",
    userHome: "/home/ada",
    userName: "ada",
    now: () => new Date(clock),
    timers: {
      every: (milliseconds, call) => hold({ call, every: milliseconds, due: clock + milliseconds }),
      after: (milliseconds, call) => hold({ call, every: undefined, due: clock + milliseconds }),
    },
    onInterrupt: (call) => {
      listeners.add(call);
      return () => {
        listeners.delete(call);
      };
    },
    written,
    advance: (milliseconds) => {
      const end = clock + milliseconds;
      for (;;) {
        const next = [...timers].filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        clock = next.due;
        if (next.every === undefined) timers.delete(next);
        else next.due += next.every;
        next.call();
      }
      clock = end;
    },
    interrupt: (kind = "interrupt") => {
      for (const call of [...listeners]) call(kind);
    },
    press: (key) => {
      for (const call of [...keyListeners]) call(key);
    },
    held: () => timers.size + listeners.size + keyListeners.size,
  };
}

/** A platform of which only the given use cases exist; calling another fails the test. */
export function fakeUseCases(given: Partial<UseCases>): UseCases {
  return new Proxy(given as UseCases, {
    get: (target, name) => {
      const found = target[name as keyof UseCases];
      if (found === undefined) throw new Error(`the command called ${String(name)}`);
      return found;
    },
  });
}

export interface FakeRun {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  readonly io: FakeIo;
}

/** Runs one command line to its end. */
export async function runFake(
  argv: readonly string[],
  useCases: Partial<UseCases> = {},
  options: FakeIoOptions = {},
): Promise<FakeRun> {
  const io = fakeIo(options);
  const code = await run(argv, io, fakeUseCases(useCases));
  return { code, stdout: io.written.stdout, stderr: io.written.stderr, io };
}
