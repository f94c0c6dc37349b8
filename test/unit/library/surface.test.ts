/** What `import … from "terrane"` gives: all of it documented, none of it tied to how terrane works inside. */
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const entry = `${root}src/index.ts`;

/** Folders whose types a user never has to see, but for plain answers: objects of the simulated clouds, docs of keys, pools. */
const inside =
  /\/(src\/(ledger|state|engine|sql|blueprint(?!\/(field-doc|explain-schema|address-report)\.ts)|cli|render|policy|simulator(?!\/(by-hand|clouds|calls)\.ts))|policies)\//;

describe("the public surface", () => {
  let checker: ts.TypeChecker;
  let exported: readonly ts.Symbol[];

  beforeAll(() => {
    const config = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
    const program = ts.createProgram([entry], options);
    checker = program.getTypeChecker();
    const source = program.getSourceFile(entry);
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    exported = (module === undefined ? [] : checker.getExportsOfModule(module)).map((symbol) =>
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    );
  });

  it("says of everything what it is", () => {
    expect(exported.length).toBeGreaterThan(40);
    const silent = exported.filter((symbol) => symbol.getDocumentationComment(checker).length === 0);
    expect(silent.map((symbol) => symbol.name)).toEqual([]);
  });

  it("says of every function which errors it throws, or throws none", () => {
    const may = new Set([
      "outputs",
      "render",
      "up",
      "plan",
      "destroy",
      "validate",
      "loadProject",
      "loadBlueprint",
      ...["list", "resources", "history", "addresses", "graph", "explain", "lock"],
    ]);
    const silent = exported.filter(
      (symbol) => may.has(symbol.name) && !symbol.getJsDocTags(checker).some((tag) => tag.name === "throws"),
    );
    expect(silent.map((symbol) => symbol.name)).toEqual([]);
  });

  it("names no type of ledger, state, engine or command line in any signature", () => {
    const seen = new Set<ts.Type>();
    const leaks = new Set<string>();
    const visit = (type: ts.Type, path: string): void => {
      if (seen.has(type)) return;
      seen.add(type);
      const declared = (type.aliasSymbol ?? type.symbol)?.declarations?.[0]?.getSourceFile().fileName ?? "";
      if (inside.test(declared)) leaks.add(`${path}: ${checker.typeToString(type)}`);
      if (declared !== "" && (!declared.startsWith(root) || declared.includes("/node_modules/"))) {
        for (const argument of checker.getTypeArguments(type as ts.TypeReference)) visit(argument, path);
        return;
      }
      if (type.isUnionOrIntersection()) for (const each of type.types) visit(each, path);
      for (const signature of type.getCallSignatures()) {
        visit(signature.getReturnType(), `${path}()`);
        for (const parameter of signature.parameters) {
          visit(checker.getTypeOfSymbol(parameter), `${path}(${parameter.name})`);
        }
      }
      for (const property of type.getProperties()) {
        visit(checker.getTypeOfSymbol(property), `${path}.${property.name}`);
      }
    };
    for (const symbol of exported) {
      const type =
        symbol.flags & ts.SymbolFlags.Value
          ? checker.getTypeOfSymbol(symbol)
          : checker.getDeclaredTypeOfSymbol(symbol);
      visit(type, symbol.name);
    }
    expect(seen.size).toBeGreaterThan(100);
    expect([...leaks]).toEqual([]);
  });
});
