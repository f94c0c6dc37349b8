/** The page of error codes, from their table. */
import { errorTable, exitCodes } from "../../src/errors.ts";
import { code, makePage, type Page, table } from "./markdown.ts";

const exitMeanings: { readonly [Name in keyof typeof exitCodes]: string } = {
  done: "Done, also when there was nothing to do.",
  failed: "Something failed; the message says what exists now.",
  differences: "`plan --detailed-exitcode` only: something would change.",
  deniedByPolicy: "A policy denies the change.",
  forbidden: "The caller may not do this, or an approval is missing.",
  held: "Another operation is at work on the environment.",
  timedOut: "The time given ran out.",
  usage: "The command line is wrong.",
  document: "A document is wrong.",
  unavailable: "The engine, a database or a cloud cannot be reached.",
  interrupted: "Interrupted, in good order.",
};

export function errorsPage(): Page {
  const exits = Object.entries(exitCodes) as [keyof typeof exitCodes, number][];
  const codes = Object.entries(errorTable).sort(([left], [right]) => (left < right ? -1 : 1));
  return makePage("errors.md", "Error codes", [
    "Every refusal and failure carries one of these codes: in the text, in `--json` and in what the library throws",
    "(`TerraneError.code`). A released code never changes its meaning. A document's problems come all at once, each with",
    "`file:line:column`, the value seen, what is allowed and, where one is near, the right name.",
    "",
    "## Exit codes",
    "",
    ...table(
      ["Exit code", "Meaning"],
      exits.map(([name, exit]) => [String(exit), exitMeanings[name]]),
    ),
    "## Codes",
    "",
    ...table(
      ["Code", "Meaning", "What to do", "Exit", "HTTP"],
      codes.map(([name, entry]) => [
        code(name),
        entry.meaning,
        entry.next,
        String(entry.exit),
        String(entry.http),
      ]),
    ),
  ]);
}
