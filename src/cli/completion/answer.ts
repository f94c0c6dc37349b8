/** `terrane __complete <kind> -- <words of the line>`: names for a shell, one a line, each with a tab and what helps to choose. */
import { resolve } from "node:path";
import { type CompletionKind, complete, completionKinds } from "../../platform/complete.ts";
import type { Io } from "../io.ts";
import { escapeControls } from "../output/line.ts";
import { type CommandGrammar, commonFlags, readGrammar } from "./grammar.ts";

/** Prints nothing where there is nothing to say: what a shell asked while a key was pressed is no place for errors. */
export async function listNames(argv: readonly string[], io: Io): Promise<string> {
  const [given, , , ...words] = argv;
  const kind = completionKinds.find((each) => each === given);
  if (kind === undefined) return "";
  const names = await complete(requestOf(kind, words, io));
  return names
    .map(({ name, about }) => (about === "" ? name : `${name}\t${escapeControls(about)}`))
    .map((line) => `${line}\n`)
    .join("");
}

/** @param words behind the command's name, without the one that is half typed */
function requestOf(kind: CompletionKind, words: readonly string[], io: Io) {
  let command = readGrammar();
  let dir = io.environment["TERRANE_DIR"] ?? "";
  const before: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const [name = "", inline] = word.split(/=(.*)/s);
    if (word.startsWith("-")) {
      const takesValue = flagTakesValue(command, name);
      const value = takesValue ? (inline ?? words[at + 1]) : undefined;
      if (takesValue && inline === undefined) at += 1;
      if (name === "-C" || name === "--dir") dir = value ?? dir;
      continue;
    }
    const next = before.length === 0 ? command.commands.find((each) => each.names.includes(word)) : undefined;
    if (next === undefined) before.push(word);
    else command = next;
  }
  return { kind, before, dir: resolve(io.workingFolder, dir.replace(/^~(?=\/|$)/, io.userHome)) };
}

function flagTakesValue(command: CommandGrammar, name: string): boolean {
  const flag = [...command.flags, ...commonFlags].find((each) => each.names.includes(name));
  return flag?.value !== undefined;
}
