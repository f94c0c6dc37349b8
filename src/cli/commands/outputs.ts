/** `terrane outputs`: all outputs of an environment, or the bare value of one. */
import { type ExitCode, exitCodes, TerraneError } from "../../errors.ts";
import type { EnvironmentOutputs } from "../../platform/api.ts";
import { nearest } from "../../values/nearest.ts";
import { isSecret, isUnknown } from "../../values/value.ts";
import { type Invocation, textArgument } from "../descriptor.ts";
import { emptyLine, escapeControls, labelled, line, styled } from "../output/line.ts";
import { listOutputs, type OutputRow, outputRows } from "../output/outputs.ts";
import { formatBare } from "../output/value.ts";
import { printAnswer, type Session } from "../session.ts";

export async function runOutputs(session: Session, invocation: Invocation): Promise<ExitCode> {
  const { environment, output } = readArguments(invocation);
  const outputs = await session.useCases.readOutputs(session.context, environment);
  if (output !== undefined) return printOne(session, findOutput(outputs, output));
  printAnswer(session, "outputs", { outputs }, (width) => {
    const { lines, cut } = outputRows(outputs, { width, most: Infinity });
    if (lines.length === 0) return [line(styled("faint", "There are no outputs yet."))];
    if (cut === undefined) return lines;
    const command = `terrane outputs ${environment ?? ""}`.trimEnd();
    return [
      ...lines,
      emptyLine,
      ...labelled(styled("faint", "in full  "), `${command} ${pathOf(cut)}, or --json`, width, "faint"),
    ];
  });
  return exitCodes.done;
}

// The name of an environment has no dot: `virginia.orders.endpoint` alone is an output.
function readArguments(invocation: Invocation): {
  readonly environment: string | undefined;
  readonly output: string | undefined;
} {
  const environment = textArgument(invocation, "environment");
  const output = textArgument(invocation, "output");
  const isPath = environment !== undefined && /^[^/\\]+\.[^/\\]+\.[^/\\]+$/.test(environment);
  if (output === undefined && isPath && !/\.ya?ml$/.test(environment)) {
    return { environment: undefined, output: environment };
  }
  return { environment, output };
}

function pathOf(row: OutputRow): string {
  return `${row.site}.${row.component}.${row.output}`;
}

function findOutput(outputs: EnvironmentOutputs, path: string): OutputRow {
  const rows = listOutputs(outputs);
  const row = rows.find((each) => pathOf(each) === path);
  if (row === undefined) {
    const misspelt = nearest(path, rows.map(pathOf));
    const elsewhere = rows.map(pathOf).filter((each) => each.split(".").at(-1) === path.split(".").at(-1));
    const near = misspelt === undefined ? elsewhere.slice(0, 5) : [misspelt];
    throw new TerraneError("output-not-found", `there is no output "${path}"`, {
      ...(near.length === 0 ? {} : { next: `Did you mean ${near.join(", ")}?` }),
    });
  }
  if (isSecret(row.value)) throw new TerraneError("output-secret", `${path} is secret`);
  if (isUnknown(row.value)) throw new TerraneError("output-not-found", `${path} is not known before up`);
  return row;
}

// For scripts the value stands as it is; on a terminal it must not steer it.
function printOne(session: Session, row: OutputRow): ExitCode {
  if (session.settings.json) {
    printAnswer(session, "output", row, () => []);
    return exitCodes.done;
  }
  const text = formatBare(row.value);
  const safe = session.out.isTerminal ? text.split("\n").map(escapeControls).join("\n") : text;
  session.out.write(`${safe}\n`);
  return exitCodes.done;
}
