/** Who had died, what was open, what became of each, and the command that goes on. */
import type { BegunOutcome, RecoveredEnvironment } from "../../platform/api.ts";
import { emptyLine, indentLines, type Line, labelled, line, type Style, styled } from "./line.ts";
import { splitUrn } from "./names.ts";

const words: {
  readonly [B in BegunOutcome["became"]]: { readonly text: string; readonly style: Style };
} = {
  kept: { text: "was made, and is kept", style: "good" },
  absent: { text: "had made nothing", style: "faint" },
  there: { text: "is there, and was read again", style: "good" },
  gone: { text: "is gone", style: "faint" },
};

export function recoveryLines(environments: readonly RecoveredEnvironment[], width: number): readonly Line[] {
  const open = environments.filter(
    ({ holder, operation, begun, rebuilt }) =>
      holder !== undefined || operation !== undefined || begun.length > 0 || rebuilt !== undefined,
  );
  if (open.length === 0) return [line("Nothing is open.")];
  return open.flatMap((each, index) => [
    ...(index === 0 ? [] : [emptyLine]),
    ...environmentLines(each, width),
  ]);
}

function environmentLines(environment: RecoveredEnvironment, width: number): readonly Line[] {
  const { holder, operation, begun, rebuilt, next } = environment;
  const facts = [
    ...(operation === undefined
      ? []
      : labelled(
          styled("faint", "broke off  "),
          `${operation.kind} ${operation.id}, started by ${operation.startedBy} at ${operation.startedAt}`,
          width - 2,
        )),
    ...(holder === undefined
      ? []
      : labelled(
          styled("faint", "gone       "),
          `${holder.user} on ${holder.host}, process ${holder.pid}, last heard of ${holder.silent} s before`,
          width - 2,
        )),
    ...begun.flatMap((each) => outcomeLines(each, width - 2)),
    ...(rebuilt === undefined
      ? []
      : [
          ...labelled(styled("good", "rebuilt    "), rebuiltText(rebuilt), width - 2),
          ...rebuilt.missing.map(({ urn, type }) =>
            line(styled("warning", "missing"), `    ${splitUrn(urn).name}`, styled("faint", `  ${type}`)),
          ),
        ]),
    ...(next === undefined ? [] : [line(styled("faint", "Next: "), styled("accent", next))]),
  ];
  return [line(styled("strong", environment.environment)), ...indentLines(facts, 2)];
}

function rebuiltText({ taken, known, spec, missing }: NonNullable<RecoveredEnvironment["rebuilt"]>): string {
  const from =
    spec === "record"
      ? "as the record says it was applied"
      : "as the documents are now: the record was older";
  const proof =
    missing.length === 0
      ? "a plan changes nothing"
      : "a plan makes what is missing, and changes nothing else";
  return `${taken} objects taken in, ${known} in the states, ${from}; ${proof}`;
}

function outcomeLines({ urn, operation, became, id }: BegunOutcome, width: number): readonly Line[] {
  const { text, style } = words[became];
  const what = id === undefined ? "" : ` (${id})`;
  return [
    ...labelled(styled("faint", `${operation.padEnd(10)} `), `${urn}${what}`, width),
    ...indentLines([line(styled(style, text))], 11),
  ];
}
