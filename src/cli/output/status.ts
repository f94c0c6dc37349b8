/** Environments as a table, or one of them by stack. */
import type { EnvironmentStatus } from "../../platform/api.ts";
import { describeHold } from "./lease.ts";
import { clipLine, emptyLine, type Line, line, padText, type Style, styled, textWidth } from "./line.ts";
import { ago, shortStack } from "./names.ts";
import { operationCell, stepLines } from "./operation.ts";
import { targetBadge } from "./plan.ts";
import { formatTable } from "./table.ts";

type RecordStatus = EnvironmentStatus["record"]["status"];

const styleOf: { readonly [S in RecordStatus]: Style } = {
  ready: "good",
  creating: "warning",
  destroying: "warning",
  failed: "error",
};

export function statusListLines(
  list: readonly EnvironmentStatus[],
  now: Date,
  width: number,
): readonly Line[] {
  if (list.length === 0) {
    return [line("There are no environments yet. ", styled("faint", "Next: terrane up"))];
  }
  return formatTable(
    [
      { heading: "ENVIRONMENT", shrinkTo: 12 },
      { heading: "STATUS" },
      { heading: "TARGET" },
      { heading: "CLASS", goesAt: 1 },
      { heading: "BLUEPRINT", shrinkTo: 10 },
      { heading: "RESOURCES", alignRight: true },
      { heading: "LAST OPERATION", goesAt: 2 },
      { heading: "CHANGED", alignRight: true },
    ],
    list.map(({ record, resources, operation }) => [
      line(styled("strong", record.name)),
      line(styled(styleOf[record.status], record.status)),
      line(record.target === "simulated" ? "SIMULATED" : "live"),
      line(record.class),
      line(`${record.blueprint.name} ${record.blueprint.version}`),
      line(String(countAll(resources))),
      operationCell(operation),
      line(ago(record.updatedAt, now)),
    ]),
    width,
  );
}

export interface StatusScreen {
  readonly width: number;
  readonly now: Date;
  readonly verbose: boolean;
}

export function statusLines(status: EnvironmentStatus, screen: StatusScreen): readonly Line[] {
  const { now, width } = screen;
  const { record, operation, lease, next } = status;
  const stacks = Object.entries(status.resources);
  const nameWidth = Math.max(
    0,
    ...stacks.map(([stack]) => textWidth(shortStack(stack, record.name))),
    ...(operation?.steps ?? []).map((step) => textWidth(shortStack(step.stack, record.name))),
  );
  const roles = Object.entries(record.roles).map(([site, role]) => `${site} ${role}`);
  return [
    line(
      styled("strong", record.name),
      "  ",
      styled(styleOf[record.status], record.status),
      ...targetBadge(record.target),
    ),
    clipLine(
      line(
        styled(
          "faint",
          `class ${record.class} · blueprint ${record.blueprint.name} ${record.blueprint.version} · changed ${ago(record.updatedAt, now)}`,
        ),
      ),
      width,
    ),
    ...(lease === undefined
      ? []
      : [clipLine(line(styled("faint", "Held by    "), describeHold(lease)), width)]),
    clipLine(line(styled("faint", "Clouds     "), readText(status, now)), width),
    ...(roles.length === 0 ? [] : [clipLine(line(styled("faint", "Sites      "), roles.join(" · ")), width)]),
    emptyLine,
    line(styled("strong", `Resources  ${countAll(status.resources)}`)),
    ...stacks.map(([stack, count]) =>
      line(`  ${padText(shortStack(stack, record.name), nameWidth)}  ${count}`),
    ),
    ...(operation === undefined
      ? []
      : [
          emptyLine,
          clipLine(
            line(
              styled("strong", `Newest operation  ${operation.kind}`),
              `  ${operation.status}  ${ago(operation.startedAt, now)}, by ${operation.startedBy}`,
              styled("faint", `  ${operation.id}`),
            ),
            width,
          ),
          ...operation.steps.flatMap((step) =>
            stepLines(step, { environment: record.name, nameWidth, width, verbose: screen.verbose }),
          ),
        ]),
    ...(next === undefined ? [] : [emptyLine, line(styled("strong", "Next")), line(`  ${next}`)]),
  ];
}

/** What the ledger says is what was left: what others did since, only a refresh tells. */
function readText({ record, readAt }: EnvironmentStatus, now: Date): string {
  const last = readAt === undefined ? "not read since it was made" : `last read ${ago(readAt, now)}`;
  return `${last}; terrane refresh ${record.name} tells what others changed`;
}

function countAll(resources: EnvironmentStatus["resources"]): number {
  return Object.values(resources).reduce((sum, count) => sum + count, 0);
}
