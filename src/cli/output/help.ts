/** Help screens, from the command table alone. */
import type { CommandDescriptor, Example, OptionDescriptor } from "../descriptor.ts";
import { emptyLine, type Line, labelled, line, styled, textWidth, wrapText } from "./line.ts";

interface Entry {
  readonly term: string;
  readonly text: string;
}

/** The first screen: commands by group, global options, examples. */
export function rootHelp(
  commands: readonly CommandDescriptor[],
  options: readonly OptionDescriptor[],
  width: number,
): readonly Line[] {
  const groups = [...new Set(commands.map((command) => command.group ?? ""))];
  return [
    ...labelled(styled("strong", "terrane "), "turns blueprints into running environments.", width),
    emptyLine,
    ...labelled(styled("strong", "Usage  "), "terrane <command> [options]", width),
    ...groups.flatMap((group) =>
      section(group, commands.filter((command) => command.group === group).map(commandEntry), width),
    ),
    ...section("Options, for every command", [...options.map(optionEntry), helpEntry, versionEntry], width),
    ...examples(
      [
        { command: "terrane init", what: "write a project to start from" },
        { command: "terrane up", what: "bring it up on simulated clouds: no account needed" },
        { command: "terrane plan --help", what: "more about one command" },
      ],
      width,
    ),
  ];
}

/** Help of one command. `path` leads to it: its parents first. */
export function commandHelp(
  path: readonly CommandDescriptor[],
  globals: readonly OptionDescriptor[],
  width: number,
): readonly Line[] {
  const command = path.at(-1);
  if (command === undefined) return [];
  const words = (command.arguments ?? []).map((argument) => {
    const name = argument.variadic ? `${argument.name}...` : argument.name;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  const subcommands = command.subcommands ?? [];
  const usage = [
    "terrane",
    ...path.map((each) => each.name),
    ...(subcommands.length > 0 ? ["<command>"] : words),
    "[options]",
  ].join(" ");
  const aliases = command.aliases ?? [];
  return [
    line(styled("strong", `terrane ${path.map((each) => each.name).join(" ")}`)),
    ...wrapText(toSentence(command.summary), width).map((part) => line(part)),
    emptyLine,
    ...labelled(styled("strong", "Usage  "), usage, width),
    ...(aliases.length > 0 ? [line(styled("strong", "Alias"), `  ${aliases.join(", ")}`)] : []),
    ...(command.description === undefined
      ? []
      : [
          emptyLine,
          ...command.description.flatMap((text) => wrapText(text, width).map((part) => line(part))),
        ]),
    ...section("Commands", subcommands.map(commandEntry), width),
    ...section(
      "Arguments",
      (command.arguments ?? []).map((argument) => ({ term: argument.name, text: argument.summary })),
      width,
    ),
    ...section("Options", [...(command.options ?? []).map(optionEntry), helpEntry], width),
    ...section("Options, for every command", globals.map(optionEntry), width),
    ...examples(command.examples ?? subcommands.flatMap((each) => each.examples ?? []), width),
  ];
}

const helpEntry: Entry = { term: "-h, --help", text: "show this" };
const versionEntry: Entry = { term: "-V, --version", text: "print terrane's version" };

function toSentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function commandEntry(command: CommandDescriptor): Entry {
  const aliases = command.aliases ?? [];
  return {
    term: command.name,
    text: aliases.length > 0 ? `${command.summary} (also: ${aliases.join(", ")})` : command.summary,
  };
}

function optionEntry(option: OptionDescriptor): Entry {
  const indented = option.flags.startsWith("--") ? `    ${option.flags}` : option.flags;
  return { term: indented, text: option.summary };
}

function section(title: string, entries: readonly Entry[], width: number): readonly Line[] {
  if (entries.length === 0) return [];
  const termWidth = Math.max(...entries.map((entry) => textWidth(entry.term)));
  return [
    emptyLine,
    line(styled("strong", title)),
    ...entries.flatMap((entry) => formatEntry(entry, termWidth, width)),
  ];
}

// Term and text side by side; one under the other where that would leave the text too narrow.
function formatEntry(entry: Entry, termWidth: number, width: number): readonly Line[] {
  const room = width - termWidth - 4;
  if (room < 24) {
    return [
      ...wrapText(entry.term.trim(), width - 4).map((part, index) =>
        line(index === 0 ? "  " : "    ", styled("accent", part)),
      ),
      ...wrapText(entry.text, width - 6).map((part) => line("      ", part)),
    ];
  }
  return wrapText(entry.text, room).map((part, index) =>
    index === 0
      ? line("  ", styled("accent", entry.term.padEnd(termWidth)), "  ", part)
      : line(" ".repeat(termWidth + 4), part),
  );
}

function examples(list: readonly Example[], width: number): readonly Line[] {
  if (list.length === 0) return [];
  return section(
    "Examples",
    list.map((example) => ({ term: example.command, text: example.what })),
    width,
  );
}
