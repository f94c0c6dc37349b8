/** The page of commands and options, from their table. */
import { commandTable, globalOptions } from "../../src/cli/command-table.ts";
import type { ArgumentDescriptor, CommandDescriptor, OptionDescriptor } from "../../src/cli/descriptor.ts";
import { anchor, code, makePage, type Page, table } from "./markdown.ts";

export function commandLinePage(): Page {
  const groups = Map.groupBy(commandTable, (command) => command.group ?? "Other");
  return makePage("command-line.md", "Command line", [
    "```sh",
    "terrane <command> [arguments] [options]",
    "```",
    "",
    "Data goes to stdout, messages to stderr. Colour only on a terminal; `NO_COLOR` and `FORCE_COLOR` are heeded. Without a",
    "terminal nothing is ever asked. An option beats its `TERRANE_*` variable, and that beats `terrane.yaml`.",
    "[Exit codes](errors.md#exit-codes) are the same everywhere.",
    "",
    ...[...groups].flatMap(([group, commands]) => [
      `- **${group}**: ${commands.map((each) => `[${each.name}](#${anchor(each.name)})`).join(", ")}`,
    ]),
    "",
    "## Options of every command",
    "",
    ...options(globalOptions),
    ...[...groups].flatMap(([group, commands]) => [
      `## ${group}`,
      "",
      ...commands.flatMap((command) => describe(command, [])),
    ]),
  ]);
}

function describe(command: CommandDescriptor, above: readonly string[]): readonly string[] {
  const path = [...above, command.name];
  const usage = ["terrane", ...path, ...(command.arguments ?? []).map(placeholder)].join(" ");
  const aliases = (command.aliases ?? []).map((alias) => code([...above, alias].join(" ")));
  const children = command.subcommands ?? [];
  return [
    `${"#".repeat(path.length + 2)} ${path.join(" ")}`,
    "",
    `${sentence(command.summary)}${aliases.length === 0 ? "" : ` Also ${aliases.join(", ")}.`}`,
    ...(command.description ?? []),
    "",
    ...(children.length > 0 ? [] : ["```sh", usage, "```", ""]),
    ...table(
      ["Argument", "Meaning"],
      (command.arguments ?? []).map((each) => [code(placeholder(each)), each.summary]),
    ),
    ...options(command.options ?? []),
    ...examples(command),
    ...children.flatMap((child) => describe(child, path)),
  ];
}

function placeholder({ name, required, variadic }: ArgumentDescriptor): string {
  const inner = variadic ? `${name}...` : name;
  return required ? `<${inner}>` : `[${inner}]`;
}

function options(list: readonly OptionDescriptor[]): readonly string[] {
  return table(
    ["Option", "Meaning", "Variable"],
    list.map((option) => [
      code(option.flags),
      withChoices(option),
      option.variable === undefined ? "" : code(option.variable),
    ]),
  );
}

function withChoices({ summary, choices }: OptionDescriptor): string {
  const isSaid = choices?.every((choice) => summary.includes(choice)) ?? true;
  return isSaid ? summary : `${summary} (${choices?.join(", ")})`;
}

function examples({ examples: list }: CommandDescriptor): readonly string[] {
  if (list === undefined) return [];
  const width = Math.max(...list.map((each) => each.command.length));
  return ["```sh", ...list.map((each) => `${each.command.padEnd(width)}  # ${each.what}`), "```", ""];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
