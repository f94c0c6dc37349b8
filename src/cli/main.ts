/**
 * One run of the command line: argv in, exit code out. Finds the command, hands it a session, turns whatever it
 * throws into a message and an exit code. What commands do is theirs.
 */
import { type ExitCode, exitCodes, TerraneError } from "../errors.ts";
import type { PlatformContext } from "../platform/context.ts";
import type { Io } from "./io.ts";
import { labelled, type Palette, plainPalette, styled } from "./output/line.ts";
import { type ColorMode, loadPalette, wantsColor } from "./output/palette.ts";
import { makePrinter, type Printer } from "./printer.ts";
import { answerQuickly, answerShell } from "./quick.ts";
import type { Settings } from "./settings.ts";
import type { UseCases } from "./use-cases.ts";

const helpWidth = 80;

/** Never throws. The default use cases are those of the platform. */
export async function run(argv: readonly string[], io: Io, useCases?: UseCases): Promise<ExitCode> {
  const text = await answerShell(argv, io);
  if (text !== undefined) {
    io.stdout.write(text);
    return exitCodes.done;
  }
  const mode = io.environment["TERRANE_COLOR"] === "never" ? "never" : "auto";
  const width = Math.min(io.stdout.columns() ?? helpWidth, helpWidth);
  const quick = await answerQuickly(argv, width);
  if (quick !== undefined) {
    (await printerFor(io, "stdout", mode)).print(quick);
    return exitCodes.done;
  }
  let settings: Settings | undefined;
  try {
    const { parseCommandLine } = await import("./parse.ts");
    const { resolveSettings } = await import("./resolve-settings.ts");
    // `help` with a word that is no command: the word is what is wrong.
    const parsed = parseCommandLine(argv[0] === "help" ? argv.slice(1) : argv);
    settings = resolveSettings(parsed.globals, io);
    const load = parsed.path.at(-1)?.load;
    if (load === undefined) return exitCodes.usage;
    const err = await printerFor(io, "stderr", settings.color);
    const session = {
      io,
      settings,
      context: await contextOf(settings, io, err),
      useCases: useCases ?? (await import("./use-cases.ts")).platformUseCases,
      out: await printerFor(io, "stdout", settings.color),
      err,
    };
    const command = await load();
    return await withTimeout(settings, io, parsed.path.at(-1)?.stopsInOrder ?? false, () =>
      command(session, parsed.invocation),
    );
  } catch (error) {
    const { reportError } = await import("./report-error.ts");
    const color = settings?.color ?? (argv.includes("--color=always") ? "always" : mode);
    return reportError(error, {
      io,
      out: await printerFor(io, "stdout", color),
      err: await printerFor(io, "stderr", color),
      json: argv.includes("--json") ? "object" : argv.includes("--json-lines") ? "lines" : undefined,
      debug: settings?.debug ?? false,
      dir: settings?.dir ?? io.workingFolder,
    });
  }
}

async function contextOf(settings: Settings, io: Io, err: Printer): Promise<PlatformContext> {
  const { findPullRequest } = await import("../platform/project/pull-request.ts");
  const pullRequest = findPullRequest(io.environment);
  return {
    dir: settings.dir,
    home: settings.home,
    environment: io.environment,
    now: io.now,
    warn: (message) => err.print(labelled(styled("warning", "warning  "), message, err.width())),
    ...(settings.locked ? { locked: true } : {}),
    ...(pullRequest === undefined ? {} : { pullRequest }),
  };
}

async function printerFor(io: Io, name: "stdout" | "stderr", mode: ColorMode): Promise<Printer> {
  const stream = io[name];
  const colored = wantsColor(mode, io.environment, stream.isTerminal);
  const palette: Palette = colored ? await loadPalette(true) : plainPalette;
  return makePrinter(stream, palette, io.environment["GITHUB_ACTIONS"] === "true");
}

// Long commands stop in good order when their time is up; the others are simply left.
async function withTimeout(
  settings: Settings,
  io: Io,
  stopsInOrder: boolean,
  call: () => Promise<ExitCode>,
): Promise<ExitCode> {
  const limit = settings.timeoutMilliseconds;
  if (limit === undefined || stopsInOrder) return call();
  let release = () => {};
  const expiry = new Promise<never>((_, reject) => {
    release = io.timers.after(limit, () => {
      reject(new TerraneError("timed-out", "there was no answer in the time given"));
    });
  });
  try {
    return await Promise.race([call(), expiry]);
  } finally {
    release();
  }
}
