/** The process edge: with `terminal.ts` all that touches `process`. Makes an {@link Io} of it and leaves with an exit code. */
import { homedir, userInfo } from "node:os";
import type { Io, TextStream } from "./io.ts";
import { run } from "./main.ts";
import { onInterrupt, onKey } from "./terminal.ts";
import type { UseCases } from "./use-cases.ts";

/** Runs the command line of this process and ends the process. The default use cases are those of the platform. */
export async function runProcess(useCases?: UseCases): Promise<never> {
  const code = await run(process.argv.slice(2), processIo(), useCases);
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  process.exit(code);
}

// Streams are made when they are first used: opening one costs as much as printing the help.
export function processIo(): Io {
  let stdout: TextStream | undefined;
  let stderr: TextStream | undefined;
  return {
    get stdout() {
      stdout ??= textStream(process.stdout);
      return stdout;
    },
    get stderr() {
      stderr ??= textStream(process.stderr);
      return stderr;
    },
    stdin: {
      get isTerminal() {
        return process.stdin.isTTY === true;
      },
      readLine,
      onKey,
    },
    environment: process.env,
    workingFolder: process.cwd(),
    get userHome() {
      return homedir();
    },
    get userName() {
      return userName();
    },
    now: () => new Date(),
    timers: {
      every: (milliseconds, call) => {
        const timer = setInterval(call, milliseconds).unref();
        return () => clearInterval(timer);
      },
      after: (milliseconds, call) => {
        const timer = setTimeout(call, milliseconds).unref();
        return () => clearTimeout(timer);
      },
    },
    onInterrupt,
  };
}

// Whoever read may have gone (`| head`, a closed terminal): an operation half way goes on without a reader.
function textStream(stream: NodeJS.WriteStream): TextStream {
  let gone = false;
  stream.on("error", () => {
    gone = true;
  });
  return {
    write: (text) => {
      if (!gone) stream.write(text);
    },
    isTerminal: stream.isTTY === true,
    columns: () => stream.columns,
    rows: () => stream.rows,
  };
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0 || stream.destroyed || stream.errored !== null) return Promise.resolve();
  return new Promise((done) => {
    stream.once("drain", done);
    stream.once("error", () => done());
    stream.once("close", () => done());
  });
}

async function readLine(signal: AbortSignal): Promise<string | undefined> {
  const { createInterface } = await import("node:readline");
  // Without `terminal: false` readline would take Ctrl-C for itself.
  const reader = createInterface({ input: process.stdin, terminal: false });
  try {
    return await new Promise<string | undefined>((answer) => {
      if (signal.aborted) answer(undefined);
      signal.addEventListener("abort", () => answer(undefined), { once: true });
      reader.once("line", answer);
      reader.once("close", () => answer(undefined));
    });
  } finally {
    reader.close();
    process.stdin.pause();
  }
}

// A container may run under a number without a name.
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
