/** The command table as shells need it: each command by its path, with flags taken apart and the global ones added. */
import { commandTable, globalOptions } from "../command-table.ts";
import type { ArgumentDescriptor, CommandDescriptor, Offer, OptionDescriptor } from "../descriptor.ts";

export interface Flag {
  /** `--dir`; the short one first where there is one. */
  readonly names: readonly string[];
  readonly summary: string;
  /** What its value is; undefined where it takes none, `any` where nothing can be offered. */
  readonly value: Offer | "any" | undefined;
  /** It may be given again and again. */
  readonly repeats: boolean;
}

export interface CommandGrammar {
  /** Names from the root on: empty for the root, `["cloud", "ls"]`. */
  readonly path: readonly string[];
  /** Its own name, then its aliases. */
  readonly names: readonly string[];
  readonly summary: string;
  /** Its own, without those of every command. */
  readonly flags: readonly Flag[];
  readonly arguments: readonly ArgumentDescriptor[];
  readonly commands: readonly CommandGrammar[];
}

/** Flags that every command takes. */
export const commonFlags: readonly Flag[] = [
  ...globalOptions.map(toFlag),
  { names: ["-h", "--help"], summary: "show help", value: undefined, repeats: false },
];

export function readGrammar(): CommandGrammar {
  const version = {
    names: ["-V", "--version"],
    summary: "print terrane's version",
    value: undefined,
    repeats: false,
  };
  return {
    path: [],
    names: ["terrane"],
    summary: "",
    flags: [version],
    arguments: [],
    commands: commandTable.map((command) => toGrammar(command, [])),
  };
}

/** The command and all below it. */
export function everyCommand(grammar: CommandGrammar): readonly CommandGrammar[] {
  return [grammar, ...grammar.commands.flatMap(everyCommand)];
}

function toGrammar(command: CommandDescriptor, above: readonly string[]): CommandGrammar {
  const path = [...above, command.name];
  return {
    path,
    names: [command.name, ...(command.aliases ?? [])],
    summary: command.summary,
    flags: (command.options ?? []).map(toFlag),
    arguments: command.arguments ?? [],
    commands: (command.subcommands ?? []).map((each) => toGrammar(each, path)),
  };
}

function toFlag(option: OptionDescriptor): Flag {
  const takesValue = option.flags.includes("<");
  return {
    names: option.flags.split(/[ ,]+/).filter((word) => word.startsWith("-")),
    summary: option.summary,
    value: takesValue ? (option.offer ?? option.choices ?? "any") : undefined,
    repeats: option.many === true || option.counts === true,
  };
}
