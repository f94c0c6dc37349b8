/**
 * Answers that need the command table alone: help and the version. Loads no command-line parser, so that they come
 * as fast as node starts.
 */
import { commandTable, findCommand, globalOptions } from "./command-table.ts";
import { completeWord, shells } from "./completion-command.ts";
import type { CommandDescriptor } from "./descriptor.ts";
import type { Io } from "./io.ts";
import { commandHelp, rootHelp } from "./output/help.ts";
import { type Line, line } from "./output/line.ts";

/** The screen that argv asks for; undefined where a command has to run, or the words name no command. */
export async function answerQuickly(
  argv: readonly string[],
  width: number,
): Promise<readonly Line[] | undefined> {
  const end = argv.indexOf("--");
  const words = end === -1 ? argv : argv.slice(0, end);
  if (words.includes("--version") || words.includes("-V")) return [line(`terrane ${await readOwnVersion()}`)];
  const operands = operandsOf(words);
  const asked = operands[0] === "help";
  if (!asked && operands.length > 0 && !words.includes("--help") && !words.includes("-h")) {
    return needsSubcommand(operands) ? helpFor(operands, width) : undefined;
  }
  // Options alone may be wrong ones: the parser judges them.
  if (operands.length === 0 && words.some((word) => !knownWithoutCommand(word))) return undefined;
  return helpFor(asked ? operands.slice(1) : operands, width);
}

/** What a shell loads, or asks for while a key is pressed; undefined where argv is not a shell's. */
export async function answerShell(argv: readonly string[], io: Io): Promise<string | undefined> {
  const [first, second, ...more] = argv;
  if (first === completeWord) return (await import("./completion/answer.ts")).listNames(argv.slice(1), io);
  const shell =
    first === "completion" && more.length === 0 ? shells.find((each) => each === second) : undefined;
  return shell === undefined
    ? undefined
    : await (await import("./completion/script.ts")).completionScript(shell);
}

// As a module, since importing node:fs would cost more than everything else here.
async function readOwnVersion(): Promise<string> {
  const { default: manifest } = await import("../../package.json", { with: { type: "json" } });
  return manifest.version;
}

function knownWithoutCommand(word: string): boolean {
  return word === "--help" || word === "-h";
}

function needsSubcommand(operands: readonly string[]): boolean {
  return findCommand(operands)?.at(-1)?.subcommands !== undefined;
}

// Words after the command's own name may be its arguments: the longest path that names a command counts.
function helpFor(operands: readonly string[], width: number): readonly Line[] | undefined {
  if (operands.length === 0) return rootHelp(commandTable, globalOptions, width);
  for (let length = operands.length; length > 0; length -= 1) {
    const path = findCommand(operands.slice(0, length));
    if (path === undefined) continue;
    return isComplete(path, operands, length) ? commandHelp(path, globalOptions, width) : undefined;
  }
  return undefined;
}

// `cloud lss --help` names no command; `plan shop --help` does.
function isComplete(
  path: readonly CommandDescriptor[],
  operands: readonly string[],
  length: number,
): boolean {
  return length === operands.length || path.at(-1)?.subcommands === undefined;
}

// Positional words, without options and the values of global options.
function operandsOf(words: readonly string[]): readonly string[] {
  const withValue = new Set(
    globalOptions
      .filter((option) => option.flags.includes("<"))
      .flatMap((option) => option.flags.split(/[ ,]+/).filter((flag) => flag.startsWith("-"))),
  );
  return words.filter((word, index) => {
    if (word.startsWith("-")) return false;
    const before = words[index - 1];
    return before === undefined || !withValue.has(before);
  });
}
