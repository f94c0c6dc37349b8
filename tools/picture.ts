/**
 * Makes docs/terminal.svg, the picture of the terminal in the README, from a real run:
 *
 *     node tools/picture.ts [--out FILE] [--columns 90] [--first 0] [--rows 40] [--title TEXT] -- COMMAND…
 *     node tools/picture.ts --from CAPTURED -- COMMAND…
 *
 * --prompt TEXT stands behind the prompt instead of COMMAND, where that has to be longer than what a user types.
 *
 * COMMAND runs in a terminal of its own (`script` of util-linux); with --from the output was captured before and
 * COMMAND is only what stands behind the prompt. Of a longer output the first rows (--first) and the last (--rows)
 * are shown.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { drawScreen } from "./picture/svg.ts";
import { type Cell, plainLook, replay } from "./picture/terminal.ts";

/** Runs a command in a terminal of its own and hands on what it writes; part of util-linux. */
const recorder = "script";

/** Of the terminal that the command runs in: a summary fits one screen, and this is the screen it has to fit. */
const terminalRows = 24;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: "docs/terminal.svg" },
    from: { type: "string" },
    columns: { type: "string", default: "90" },
    first: { type: "string", default: "0" },
    rows: { type: "string", default: "40" },
    prompt: { type: "string" },
    title: { type: "string", default: "terrane" },
  },
});

const columns = Number(values.columns);
const command = positionals.join(" ");
if (command === "") throw new Error("no command: node tools/picture.ts -- npx terrane up dev --yes");
const output = values.from === undefined ? capture(positionals) : readFileSync(values.from, "utf8");
const rows = [
  promptRow(values.prompt ?? command),
  ...chooseRows(replay(output, columns), Number(values.first), Number(values.rows)),
];
writeFileSync(
  values.out,
  drawScreen(rows, { columns, title: values.title, madeBy: `tools/picture.ts ${command}` }),
);
process.stderr.write(`${values.out}: ${rows.length} rows\n`);

function capture(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const ran = spawnSync(
    recorder,
    ["--quiet", "--return", "--command", `stty cols ${columns} rows ${terminalRows}; ${quoted}`, "/dev/null"],
    { encoding: "utf8", stdio: ["inherit", "pipe", "inherit"], env: pictureEnvironment() },
  );
  if (ran.error !== undefined)
    throw new Error(`\`${recorder}\` of util-linux is needed`, { cause: ran.error });
  if (ran.status !== 0) throw new Error(`the command ended with ${ran.status}:\n${ran.stdout}`);
  return ran.stdout;
}

// A terminal with colours, whatever this one is.
function pictureEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR: _none, CI: _ci, GITHUB_ACTIONS: _actions, ...rest } = process.env;
  return { ...rest, TERM: "xterm-256color" };
}

function promptRow(text: string): readonly Cell[] {
  const prompt = [..."$ "].map((character) => ({ character, look: { ...plainLook, color: 2 } }));
  return [...prompt, ...[...text].map((character) => ({ character, look: { ...plainLook, bold: true } }))];
}

type Rows = readonly (readonly Cell[])[];

function chooseRows(all: Rows, first: number, last: number): Rows {
  if (all.length <= first + last) return all;
  const cut = [{ character: "⋮", look: { ...plainLook, dim: true } }];
  return [...all.slice(0, first), cut, ...all.slice(-last)];
}
