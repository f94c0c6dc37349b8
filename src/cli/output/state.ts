/** Saved states: stacks, checkpoints, what one holds, and two side by side. */
import type { ComparedStates, SavedCheckpoint, SavedStack, ShownState } from "../../platform/api.ts";
import type { Value } from "../../values/value.ts";
import { clipLine, emptyLine, type Line, line, type Span, styled } from "./line.ts";
import { ago, plural } from "./names.ts";
import { formatTable } from "./table.ts";
import { formatValue, valueSpan } from "./value.ts";

export function savedStackLines(stacks: readonly SavedStack[], now: Date, width: number): readonly Line[] {
  if (stacks.length === 0) return [line("No state is saved yet. ", styled("faint", "Next: terrane up"))];
  return formatTable(
    [
      { heading: "STACK", shrinkTo: 20 },
      { heading: "SERIAL", alignRight: true },
      { heading: "RESOURCES", alignRight: true },
      { heading: "PENDING", alignRight: true, goesAt: 1 },
      { heading: "SAVED", alignRight: true },
      { heading: "" },
    ],
    stacks.map(({ stack, serial, resources, pending, savedAt, isOpen }) => [
      line(styled("strong", stack)),
      line(`${serial}`),
      line(`${resources}`),
      line(pending === 0 ? faintDash : styled("warning", `${pending}`)),
      line(savedAt === undefined ? faintDash : ago(savedAt, now)),
      isOpen ? line(styled("warning", "update open")) : emptyLine,
    ]),
    width,
  );
}

export function checkpointLines(
  checkpoints: readonly SavedCheckpoint[],
  now: Date,
  width: number,
): readonly Line[] {
  if (checkpoints.length === 0) return [line("No checkpoint is kept.")];
  return formatTable(
    [
      { heading: "SERIAL", alignRight: true },
      { heading: "SAVED", alignRight: true },
      { heading: "BY" },
      { heading: "RESOURCES", alignRight: true },
      { heading: "BYTES", alignRight: true, goesAt: 1 },
      { heading: "DIGEST", goesAt: 2 },
    ],
    checkpoints.map(({ serial, savedAt, reason, resources, size, digest }) => [
      line(styled("accent", `${serial}`)),
      line(ago(savedAt, now)),
      line(reason),
      line(`${resources}`),
      line(`${size}`),
      line(styled("faint", digest.slice(0, 12))),
    ]),
    width,
  );
}

export function shownStateLines(state: ShownState, width: number): readonly Line[] {
  const { stack, serial, resources, pending, faults, engine } = state;
  return [
    line(
      styled("strong", stack),
      `  checkpoint ${serial}, ${plural(resources.length, "resource")}, engine ${engine}`,
    ),
    emptyLine,
    ...formatTable(
      [
        { heading: "TYPE", shrinkTo: 14 },
        { heading: "NAME", shrinkTo: 12 },
        { heading: "ID", shrinkTo: 12 },
        { heading: "" },
      ],
      resources.map(({ type, urn, id, protect, replaced }) => [
        line(type),
        line(urn.slice(urn.lastIndexOf("::") + 2)),
        line(id === undefined ? faintDash : styled("accent", id)),
        line(...[replaced ? "to be deleted" : "", protect ? "protected" : ""].filter(Boolean).join(", ")),
      ]),
      width,
    ),
    ...pending.map(({ urn, operation }) => clipLine(line(styled("warning", `! ${operation} `), urn), width)),
    ...faults.map(({ path, message }) => clipLine(line(styled("error", `✗ ${path} `), message), width)),
  ];
}

export function stateDifferenceLines(difference: ComparedStates, width: number): readonly Line[] {
  const { stack, from, to, resources, others } = difference;
  const head = line(styled("strong", stack), `  checkpoint ${from} → ${to}`);
  if (resources.length === 0 && others.length === 0) return [head, line("They say the same.")];
  const change = ({ path, before, after }: ComparedStates["others"][number]) =>
    clipLine(line(styled("faint", `    ${path}  `), shown(before), " → ", shown(after)), width);
  return [
    head,
    ...resources.flatMap(({ kind, urn, type, replaced, properties }) => [
      clipLine(
        line(
          signs[kind],
          urn.slice(urn.lastIndexOf("::") + 2),
          styled("faint", `  ${type}${replaced ? ", to be deleted" : ""}`),
        ),
        width,
      ),
      ...properties.map(change),
    ]),
    ...others.map(change),
  ];
}

const faintDash = styled("faint", "–");

const signs: Readonly<Record<ComparedStates["resources"][number]["kind"], Span>> = {
  added: styled("create", "+ "),
  removed: styled("delete", "- "),
  changed: styled("update", "~ "),
};

function shown(value: Value | undefined): Span {
  return value === undefined ? styled("faint", "nothing") : valueSpan(value, formatValue);
}
