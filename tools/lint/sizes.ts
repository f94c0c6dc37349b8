/** Files, functions and two documents stay small enough to read in one go. */
import ts from "typescript";
import { type Check, type Checkout, type Fault, isSource } from "./check.ts";

const maxFileLines = 300;
const maxFunctionLines = 60;

/** Tables of data, long because the world is: nothing to split. One line and one reason each. */
const dataTables: ReadonlySet<string> = new Set([
  // The closed table of error codes: one list on purpose.
  "src/errors.ts",
]);

/** Lines a file may have at most, where that is less than usual. */
const shortFiles: Readonly<Record<string, number>> = { "src/index.ts": 60, "docs/architecture.md": 120 };

export const sizes: Check = {
  name: "sizes",
  title: `files ≤ ${maxFileLines} lines, functions ≤ ${maxFunctionLines}; tests and data tables excepted`,
  run: (checkout) => [
    ...checkShortFiles(checkout),
    ...checkout.files.filter(isMeasured).flatMap((file) => checkFile(checkout, file)),
  ],
};

function isMeasured(file: string): boolean {
  return isSource(file) && !file.startsWith("test/");
}

function checkShortFiles(checkout: Checkout): Fault[] {
  return Object.entries(shortFiles).flatMap(([file, limit]) => {
    const lines = countLines(checkout.read(file));
    return lines < limit ? [] : [{ file, message: `has ${lines} lines; it must stay under ${limit}` }];
  });
}

function checkFile(checkout: Checkout, file: string): Fault[] {
  const text = checkout.read(file);
  const lines = countLines(text);
  const faults: Fault[] = [];
  if (lines > maxFileLines && !dataTables.has(file)) {
    faults.push({ file, message: `has ${lines} lines; split it, ${maxFileLines} are enough` });
  }
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const first = lineOf(source, node.getStart(source));
      const length = lineOf(source, node.getEnd()) - first + 1;
      if (length > maxFunctionLines) {
        const name = nameOf(node);
        faults.push({
          file,
          line: first,
          message: `${name} has ${length} lines; ${maxFunctionLines} are enough`,
        });
        return;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return faults;
}

function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}

function nameOf(node: ts.SignatureDeclaration): string {
  const name = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  return name === undefined ? "a function" : `function ${name.getText()}`;
}

function countLines(text: string): number {
  return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
}
