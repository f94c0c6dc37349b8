/** Nothing below the command line reads the process's environment or the clock by itself: both are handed in. */
import ts from "typescript";
import { type Check, type Checkout, type Fault, isSource } from "./check.ts";

/** The process edges: of the command line and of the library. */
const edges = ["src/cli/", "src/library/context.ts"];

export const ambient: Check = {
  name: "ambient",
  title: "no process.env, argv, cwd, Date.now() or new Date() below src/cli",
  run: (checkout) =>
    checkout.files
      .filter((file) => isSource(file) && /^(src|stacks|policies)\//.test(file))
      .filter((file) => !edges.some((edge) => file.startsWith(edge)))
      .flatMap((file) => checkFile(checkout, file)),
};

function checkFile(checkout: Checkout, file: string): Fault[] {
  const source = ts.createSourceFile(file, checkout.read(file), ts.ScriptTarget.Latest, true);
  const faults: Fault[] = [];
  const visit = (node: ts.Node): void => {
    const read = ambientRead(node, source);
    if (read !== undefined) {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      faults.push({ file, line, message: `${read} is read here; let the caller hand it in` });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return faults;
}

const ambientProperties = ["process.env", "process.argv", "process.cwd", "Date.now"];

function ambientRead(node: ts.Node, source: ts.SourceFile): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText(source);
    return ambientProperties.includes(text) ? text : undefined;
  }
  const makesNow =
    ts.isNewExpression(node) &&
    node.expression.getText(source) === "Date" &&
    (node.arguments?.length ?? 0) === 0;
  return makesNow ? "new Date()" : undefined;
}
