/**
 * From argv to a command and its settings, by the command table. What the table does not know is refused with the nearest
 * right word. Written by hand: a parser's library costs a fifth of what `validate` may take.
 */
import { TerraneError } from "../errors.ts";
import { nearest } from "../values/nearest.ts";
import { commandTable, globalOptions } from "./command-table.ts";
import type { CommandDescriptor, Invocation, OptionDescriptor } from "./descriptor.ts";

export interface ParsedCommandLine {
  /** Parents first. */
  readonly path: readonly CommandDescriptor[];
  readonly invocation: Invocation;
  /** Global options as given, by camelCase name. */
  readonly globals: Invocation["options"];
}

type Values = Record<string, Invocation["options"][string]>;

/**
 * Global options may stand anywhere, a command's own after its name. Short flags may stand together (`-qy`); a value stands
 * in the next word, after `=`, or right behind a short flag. After `--` no word is an option.
 * @throws TerraneError `bad-usage` or `unknown-command`
 */
export function parseCommandLine(argv: readonly string[]): ParsedCommandLine {
  const path: CommandDescriptor[] = [];
  const operands: string[] = [];
  const globals: Values = {};
  const options: Values = {};
  const words = [...argv];
  let onlyOperands = false;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const command = path.at(-1);
    if (!onlyOperands && word === "--") {
      onlyOperands = true;
    } else if (!onlyOperands && word.startsWith("-") && word !== "-") {
      const found = findOption(word, path);
      // The flags that follow in `-qy` are words of their own.
      if (found.rest !== undefined) words.unshift(found.rest);
      const value = found.value ?? (takesValue(found.option) ? words.shift() : undefined);
      if (value === undefined && takesValue(found.option)) {
        throw refusal("bad-usage", `option '${found.option.flags}' argument missing`, path);
      }
      keep(found.option, value ?? "", globalOptions.includes(found.option) ? globals : options);
    } else if (command === undefined || command.subcommands !== undefined) {
      path.push(findSubcommand(word, path));
    } else {
      operands.push(word);
    }
  }
  const command = path.at(-1);
  if (command?.load === undefined) throw new TerraneError("bad-usage", "there is no command");
  return { path, globals, invocation: { arguments: nameArguments(command, operands, path), options } };
}

function findSubcommand(word: string, path: readonly CommandDescriptor[]): CommandDescriptor {
  const level = path.at(-1)?.subcommands ?? commandTable;
  const found = level.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
  if (found !== undefined) return found;
  const names = level.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  throw refusal("unknown-command", `unknown command '${word}'`, path, nearest(word, names));
}

interface FoundOption {
  readonly option: OptionDescriptor;
  readonly value?: string;
  /** The other flags of a word of several short ones. */
  readonly rest?: string;
}

function findOption(word: string, path: readonly CommandDescriptor[]): FoundOption {
  const known = [...globalOptions, ...(path.at(-1)?.options ?? [])];
  const find = (flag: string) => known.find((option) => flagsOf(option).includes(flag));
  if (!word.startsWith("--")) {
    const option = find(word.slice(0, 2));
    const behind = word.slice(2);
    if (option !== undefined && behind === "") return { option };
    if (option !== undefined && takesValue(option)) return { option, value: behind };
    if (option !== undefined) return { option, rest: `-${behind}` };
  }
  const equals = word.indexOf("=");
  const flag = equals === -1 ? word : word.slice(0, equals);
  const option = find(flag);
  if (option === undefined) {
    const near = nearest(flag, known.flatMap(flagsOf));
    throw refusal("bad-usage", `unknown option '${flag}'`, path, near);
  }
  if (equals === -1) return { option };
  if (!takesValue(option)) throw refusal("bad-usage", `option '${flag}' takes no value`, path);
  return { option, value: word.slice(equals + 1) };
}

function flagsOf(option: OptionDescriptor): readonly string[] {
  return option.flags.split(/[ ,]+/).filter((part) => part.startsWith("-"));
}

function takesValue(option: OptionDescriptor): boolean {
  return option.flags.includes("<");
}

function keep(option: OptionDescriptor, value: string, values: Values): void {
  const flag = flagsOf(option).find((each) => each.startsWith("--")) ?? option.flags;
  const name = flag.slice(2).replace(/-[a-z]/g, (letter) => letter.slice(1).toUpperCase());
  const before = values[name];
  if (option.counts) {
    values[name] = Number(before ?? 0) + 1;
    return;
  }
  if (!takesValue(option)) {
    if (before !== undefined) throw givenTwice(flag, "");
    values[name] = true;
    return;
  }
  if (before !== undefined && !option.many) throw givenTwice(flag, `: "${String(before)}" and "${value}"`);
  assertOptionValue(option, flag, value);
  values[name] = option.many ? [...(Array.isArray(before) ? before : []), value] : value;
}

function givenTwice(flag: string, seen: string): TerraneError {
  return new TerraneError("bad-usage", `${flag} is given twice${seen}`, { next: `Give ${flag} once.` });
}

function nameArguments(
  command: CommandDescriptor,
  operands: readonly string[],
  path: readonly CommandDescriptor[],
): Invocation["arguments"] {
  const known = command.arguments ?? [];
  const variadic = known.at(-1)?.variadic === true;
  if (operands.length > known.length && !variadic) {
    const most = known.length === 1 ? "1 argument" : `${known.length} arguments`;
    throw refusal(
      "bad-usage",
      `too many arguments: it takes ${most}, and ${operands.length} are given`,
      path,
    );
  }
  const named = known.map(({ name, required, variadic: takesAll }, index) => {
    const value = operands[index];
    if (value === undefined && required) {
      throw refusal("bad-usage", `missing required argument '${name}'`, path);
    }
    return [name, takesAll ? operands.slice(index) : value] as const;
  });
  return Object.fromEntries(named);
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

function refusal(
  code: "bad-usage" | "unknown-command",
  message: string,
  path: readonly CommandDescriptor[],
  near?: string,
): TerraneError {
  const help = ["terrane", ...path.map(({ name }) => name), "--help"].join(" ");
  return new TerraneError(code, message, {
    next: near === undefined ? `See \`${help}\`.` : `Did you mean ${near}? See \`${help}\`.`,
    ...(near === undefined ? {} : { details: { nearest: near } }),
  });
}
