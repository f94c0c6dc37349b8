/** What every file imports, read from its syntax tree. Knows nothing of layers. */
import { posix } from "node:path";
import ts from "typescript";
import { type Checkout, isSource } from "./check.ts";

export interface Import {
  /** As written: `../errors.ts`, `zod`, `node:fs`. */
  readonly specifier: string;
  /** File in the checkout that a relative specifier leads to. */
  readonly file: string | undefined;
  /** `types` vanishes when the program runs, `lazy` is loaded when asked for. */
  readonly kind: "static" | "lazy" | "types";
  readonly line: number;
}

export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

/** Imports of every source file of the checkout. */
export function readImportGraph(checkout: Checkout): ImportGraph {
  return new Map(checkout.files.filter(isSource).map((file) => [file, importsOf(file, checkout.read(file))]));
}

/** The imports of one file: static, type-only, `import()` as expression and as type. */
export function importsOf(file: string, text: string): readonly Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false);
  const imports: Import[] = [];
  const add = (literal: ts.Node | undefined, kind: Import["kind"]) => {
    if (literal === undefined || !ts.isStringLiteralLike(literal)) return;
    const line = source.getLineAndCharacterOfPosition(literal.getStart(source)).line + 1;
    imports.push({ specifier: literal.text, file: resolveSpecifier(file, literal.text), kind, line });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node) ? "types" : "static");
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly ? "types" : "static");
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, "types");
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], "lazy");
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return imports;
}

// With verbatimModuleSyntax `import { type A }` still loads the module.
function isTypeOnly(node: ts.ImportDeclaration): boolean {
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function resolveSpecifier(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return posix.join(posix.dirname(from), specifier);
}

/** The package that a specifier names: `@pulumi/aws/ec2/vpc.js` → `@pulumi/aws`; undefined for files and node's own. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return undefined;
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
