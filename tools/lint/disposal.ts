/** What a function opens with `await using` is not closed while the promise it returns still works with it. */
import ts from "typescript";
import { type Check, type Checkout, type Fault, isSource } from "./check.ts";

export const disposal: Check = {
  name: "disposal",
  title: "functions with `await using` return calls only as `return await`",
  run: (checkout) => checkout.files.filter(isSource).flatMap((file) => checkFile(checkout, file)),
};

function checkFile(checkout: Checkout, file: string): Fault[] {
  const text = checkout.read(file);
  if (!text.includes("await using")) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const faults: Fault[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined && holdsResource(node.body)) {
      for (const statement of pendingReturns(node.body)) {
        const line = source.getLineAndCharacterOfPosition(statement.getStart(source)).line + 1;
        const message =
          "returns a call that may still run when `await using` closes what it works with: `return await`";
        faults.push({ file, line, message });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return faults;
}

/** The nodes below this one that belong to the same function. */
function ownNodes(body: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    found.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return found;
}

function holdsResource(body: ts.Node): boolean {
  return ownNodes(body).some(
    (node) =>
      ts.isVariableDeclarationList(node) &&
      (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing,
  );
}

function pendingReturns(body: ts.Node): ts.ReturnStatement[] {
  return ownNodes(body).filter(
    (node): node is ts.ReturnStatement =>
      ts.isReturnStatement(node) && node.expression !== undefined && isCall(node.expression),
  );
}

function isCall(expression: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(expression)) return isCall(expression.expression);
  if (ts.isConditionalExpression(expression))
    return isCall(expression.whenTrue) || isCall(expression.whenFalse);
  return ts.isCallExpression(expression);
}
