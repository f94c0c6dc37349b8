/** Records of the audit, and whether they fit. */
import type { AcceptedLedger, AuditRecord, AuditVerdict } from "../../platform/api.ts";
import { emptyLine, type Line, labelled, line, styled } from "./line.ts";
import { ago } from "./names.ts";
import { formatTable } from "./table.ts";

export function auditLines(records: readonly AuditRecord[], now: Date, width: number): readonly Line[] {
  if (records.length === 0) {
    return [line("There are no records yet. ", styled("faint", "Next: terrane up"))];
  }
  return formatTable(
    [
      { heading: "RECORD", alignRight: true },
      { heading: "WHAT" },
      { heading: "OF", shrinkTo: 10 },
      { heading: "HOW", shrinkTo: 16 },
      { heading: "WHEN", alignRight: true },
      { heading: "BY", shrinkTo: 6, goesAt: 2 },
      { heading: "OPERATION", shrinkTo: 11, goesAt: 1 },
    ],
    records.map((record) => [
      line(styled("accent", String(record.seq))),
      line(styled("strong", record.what)),
      line(record.stack ?? record.environment ?? "–"),
      line(factsText(record)),
      line(ago(record.at, now)),
      line(record.who),
      line(styled("faint", record.operation ?? "–")),
    ]),
    width,
  );
}

export function verdictLines(verdict: AuditVerdict, now: Date, width: number): readonly Line[] {
  const { records, head, broken, unnamed } = verdict;
  const older: readonly Line[] =
    unnamed === 0 ? [] : [line(styled("faint", `  ${unnamed} older rows are named by no record`))];
  if (broken !== undefined) {
    const { fault, record } = broken;
    return [
      line(styled("error", "✗ "), styled("strong", fault)),
      ...(record === undefined
        ? []
        : labelled(styled("faint", "  it says    "), sayingOf(record, now), width)),
      ...labelled(styled("faint", "  before it  "), countOf(records), width),
      ...older,
      emptyLine,
      line(
        styled("faint", "Next: "),
        "restore the database from a backup, or find out who wrote to it since",
      ),
    ];
  }
  return [
    line(styled("good", "✓ "), `${countOf(records)} each other and what is there`),
    ...(head === undefined || head.seq === 0
      ? []
      : labelled(styled("faint", "  head  "), `${head.seq}:${head.hash}`, width)),
    ...older,
  ];
}

export function acceptedLines({ over, head, environments }: AcceptedLedger, width: number): readonly Line[] {
  return [
    line(
      styled("good", "✓ "),
      `this ledger counts from now on; record ${over.seq} of ${over.at} is given up`,
    ),
    ...labelled(styled("faint", "  head  "), `${head.seq}:${head.hash}`, width),
    ...environments.map((name) =>
      line(styled("faint", "Next: "), styled("accent", `terrane recover ${name} --rebuild`)),
    ),
  ];
}

function countOf(records: number): string {
  return records === 1 ? "1 record fits" : `${records} records fit`;
}

function sayingOf(record: AuditRecord, now: Date): string {
  const of = record.stack ?? record.environment;
  return `${record.what}${of === undefined ? "" : ` of ${of}`}, by ${record.who}, ${record.at} (${ago(record.at, now)})`;
}

/** `kind up, status succeeded, create 12`; counts of 0 are left out. */
function factsText({ facts = {} }: AuditRecord): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== 0)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
