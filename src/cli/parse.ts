/**
 * From argv to a command and its settings: the parser is built from the command table, its refusals become errors of
 * terrane's own table with the nearest right word.
 */
import { Argument, Command, CommanderError, Option } from "commander";
import { TerraneError } from "../errors.ts";
import { commandTable, globalOptions } from "./command-table.ts";
import type { CommandDescriptor, Invocation, OptionDescriptor } from "./descriptor.ts";

export interface ParsedCommandLine {
  /** Parents first. */
  readonly path: readonly CommandDescriptor[];
  readonly invocation: Invocation;
  /** Global options as given, by camelCase name. */
  readonly globals: Invocation["options"];
}

/** @throws TerraneError `bad-usage` or `unknown-command` */
export function parseCommandLine(argv: readonly string[]): ParsedCommandLine {
  let parsed: Omit<ParsedCommandLine, "globals"> | undefined;
  const program = makeCommand("terrane", globalOptions);
  for (const descriptor of commandTable) {
    addCommand(program, [descriptor], (path, invocation) => {
      parsed = { path, invocation };
    });
  }
  try {
    program.parse([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) throw toUsageError(error, argv);
    throw error;
  }
  if (parsed === undefined) throw new TerraneError("bad-usage", "there is no command");
  return { ...parsed, globals: program.opts() };
}

type Found = (path: readonly CommandDescriptor[], invocation: Invocation) => void;

function makeCommand(name: string, options: readonly OptionDescriptor[]): Command {
  const command = new Command(name)
    .exitOverride()
    .helpOption(false)
    .helpCommand(false)
    .configureOutput({ writeOut: () => {}, writeErr: () => {}, outputError: () => {} });
  for (const option of options) command.addOption(makeOption(option));
  return command;
}

function addCommand(parent: Command, path: readonly CommandDescriptor[], found: Found): void {
  const descriptor = path.at(-1);
  if (descriptor === undefined) return;
  const command = makeCommand(descriptor.name, descriptor.options ?? []);
  command.aliases(descriptor.aliases ?? []);
  const names = (descriptor.arguments ?? []).map((argument) => argument.name);
  for (const argument of descriptor.arguments ?? []) {
    const name = argument.variadic ? `${argument.name}...` : argument.name;
    command.addArgument(new Argument(argument.required ? `<${name}>` : `[${name}]`, argument.summary));
  }
  for (const child of descriptor.subcommands ?? []) addCommand(command, [...path, child], found);
  if (descriptor.load !== undefined) {
    command.action((...given: unknown[]) => {
      const values = names.map((name, index) => [name, given[index]] as const);
      found(path, {
        arguments: Object.fromEntries(values) as Invocation["arguments"],
        options: command.opts(),
      });
    });
  }
  parent.addCommand(command);
}

function makeOption(descriptor: OptionDescriptor): Option {
  const option = new Option(descriptor.flags, descriptor.summary);
  if (descriptor.counts) {
    return option.argParser(
      (_value: string | undefined, previous: number | undefined) => (previous ?? 0) + 1,
    );
  }
  const name = option.long ?? descriptor.flags;
  if (!descriptor.flags.includes("<")) {
    return option.argParser((_value: string | undefined, previous: boolean | undefined) => {
      if (previous === undefined) return true;
      throw new TerraneError("bad-usage", `${name} is given twice`, { next: `Give ${name} once.` });
    });
  }
  if (descriptor.many) {
    return option.argParser((value: string, previous: readonly string[] | undefined) => {
      assertOptionValue(descriptor, name, value);
      return [...(previous ?? []), value];
    });
  }
  return option.argParser((value: string, previous: string | undefined) => {
    if (previous !== undefined) {
      throw new TerraneError("bad-usage", `${name} is given twice: "${previous}" and "${value}"`, {
        next: `Give ${name} once.`,
      });
    }
    assertOptionValue(descriptor, name, value);
    return value;
  });
}

/**
 * Refuses a value that the option does not take.
 * @param source how the value came: the flag, or a variable's name
 * @throws TerraneError `bad-usage`
 */
export function assertOptionValue(descriptor: OptionDescriptor, source: string, value: string): void {
  const allowed =
    descriptor.choices !== undefined && !descriptor.choices.includes(value)
      ? descriptor.choices.join(", ")
      : value === ""
        ? "a value that is not empty"
        : descriptor.refuse?.(value);
  if (allowed === undefined) return;
  throw new TerraneError("bad-usage", `${source} cannot be "${value}"`, { next: `Allowed: ${allowed}.` });
}

// commander's texts: "error: unknown command 'plna'\n(Did you mean plan?)"
function toUsageError(error: CommanderError, argv: readonly string[]): TerraneError {
  const [first = "", ...rest] = error.message.split("\n");
  const message = first.replace(/^error: /, "").replace(/\.$/, "");
  const nearest = /\(Did you mean (?:one of )?(.*)\?\)/.exec(rest.join(" "))?.[1];
  const code = error.code === "commander.unknownCommand" ? "unknown-command" : "bad-usage";
  const command = commandTable.find((each) => argv.includes(each.name))?.name;
  const help = command === undefined ? "terrane --help" : `terrane ${command} --help`;
  return new TerraneError(code, message, {
    next: nearest === undefined ? `See \`${help}\`.` : `Did you mean ${nearest}? See \`${help}\`.`,
    ...(nearest === undefined ? {} : { details: { nearest } }),
  });
}
