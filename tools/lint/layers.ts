/**
 * Layers hold: every import, of types too, follows the folder table; no import leads in a circle; clouds' SDKs are
 * imported in `stacks/` alone and loaded only when asked for; use cases and commands do not import each other;
 * what starts fast loads Pulumi only when asked for, too.
 */
import type { Check, Checkout, Fault } from "./check.ts";
import { architectureFile, type FolderTable, layerOf, readFolderTable } from "./folder-table.ts";
import { type ImportGraph, packageOf, readImportGraph } from "./imports.ts";

const cloudSdks = ["@pulumi/aws", "@pulumi/gcp", "@pulumi/azure-native", "@pulumi/kubernetes"];

/** Where SDKs may be imported at all; and what is never on the way of a user's command. */
const sdkPlaces = ["stacks/", "bench/", "test/", "tools/"];

export const layers: Check = {
  name: "layers",
  title: "imports follow the folder table of docs/architecture.md, without circles",
  run(checkout) {
    const table = readFolderTable(checkout.read(architectureFile));
    const graph = readImportGraph(checkout);
    return [
      ...table.faults,
      ...emptyRows(table, checkout),
      ...checkImports(table, graph),
      ...checkSdks(graph),
      ...checkHeavy(graph),
      ...checkPeers(graph),
      ...findCycles(graph),
    ];
  },
};

/** Rows that name nothing: a table that nobody keeps is worse than none. `(later)` marks a folder to come. */
function emptyRows(table: FolderTable, checkout: Checkout): Fault[] {
  const text = checkout.read(architectureFile);
  return table.layers.flatMap((layer) =>
    layer.places
      .filter(
        (place) =>
          !checkout.files.some((file) => (place.endsWith("/") ? file.startsWith(place) : file === place)),
      )
      .filter((place) => !text.includes(`\`${place}\` (later)`))
      .map((place) => ({ file: architectureFile, message: `\`${place}\` does not exist` })),
  );
}

function checkImports(table: FolderTable, graph: ImportGraph): Fault[] {
  return [...graph].flatMap(([file, imports]) => {
    const layer = layerOf(table, file);
    if (layer === undefined)
      return rootFile(file) ? [] : [{ file, message: "stands in no row of the folder table" }];
    return imports.flatMap((each): Fault[] => {
      if (each.file === undefined || layer.mayImport === undefined) return [];
      const target = layerOf(table, each.file);
      if (target !== undefined && layer.mayImport.has(target.name)) return [];
      const where = target === undefined ? "a file outside the folder table" : target.name;
      const upward = target !== undefined && target.rank > layer.rank ? " upward" : "";
      return [
        { file, line: each.line, message: `${layer.name} imports${upward} from ${where}: ${each.specifier}` },
      ];
    });
  });
}

function rootFile(file: string): boolean {
  return !file.includes("/");
}

/** Clouds' SDKs are imported in few places, and by module: whole ones are hundreds of megabytes. */
function checkSdks(graph: ImportGraph): Fault[] {
  const faults: Fault[] = [];
  for (const [file, imports] of graph) {
    for (const { specifier, kind, line } of imports) {
      if (!isSdk(specifier)) continue;
      if (!sdkPlaces.some((place) => file.startsWith(place))) {
        faults.push({ file, line, message: `only stacks/ imports clouds' SDKs: ${specifier}` });
      } else if (file.startsWith("stacks/") && kind !== "types" && cloudSdks.includes(specifier)) {
        faults.push({ file, line, message: `loads the whole SDK; import the module itself: ${specifier}/…` });
      }
    }
  }
  return faults;
}

/** Packages that cost more to load than reading a document does, and who must not load them by being imported. */
const heavy: readonly {
  readonly what: string;
  readonly packages: readonly string[];
  readonly never: RegExp;
}[] = [
  { what: "a cloud's SDK", packages: cloudSdks, never: /^src\/|\/contract\.ts$|^stacks\/catalog\.ts$/ },
  {
    what: "Pulumi",
    packages: ["@pulumi/pulumi", "@grpc/grpc-js"],
    never:
      /^src\/(cli|model|catalog|blueprint|policy|values)\/|^policies\/|\/contract\.ts$|^stacks\/catalog\.ts$/,
  },
];

/** No chain of static imports may lead from a place that starts fast to a package that loads slowly. */
function checkHeavy(graph: ImportGraph): Fault[] {
  return heavy.flatMap(({ what, packages, never }) =>
    [...graph]
      .filter(([, imports]) =>
        imports.some((each) => each.kind === "static" && packages.includes(packageOf(each.specifier) ?? "")),
      )
      .flatMap(([loader]): Fault[] => {
        const path = shortestPath(graph, loader, never);
        // An SDK in the wrong folder is found already.
        if (path === undefined || (path.length === 1 && packages === cloudSdks)) return [];
        return [
          { file: path[0] ?? loader, message: `loads ${what} at once: ${path.join(" → ")}; use import()` },
        ];
      }),
  );
}

function isSdk(specifier: string): boolean {
  return cloudSdks.includes(packageOf(specifier) ?? "");
}

/** The shortest chain of static imports that leads from one of those files to the target. */
function shortestPath(graph: ImportGraph, target: string, from: RegExp): readonly string[] | undefined {
  const importers = new Map<string, string[]>();
  for (const [file, imports] of graph) {
    for (const each of imports) {
      if (each.kind !== "static" || each.file === undefined) continue;
      importers.set(each.file, [...(importers.get(each.file) ?? []), file]);
    }
  }
  const queue: (readonly string[])[] = [[target]];
  const seen = new Set([target]);
  for (const path of queue) {
    const first = path[0] ?? target;
    if (from.test(first)) return path;
    for (const importer of importers.get(first) ?? []) {
      if (seen.has(importer)) continue;
      seen.add(importer);
      queue.push([importer, ...path]);
    }
  }
  return undefined;
}

/** A use case is a file of src/platform with the name of a command; neither it nor the command imports a peer. */
function checkPeers(graph: ImportGraph): Fault[] {
  const commands = [...graph.keys()].filter((file) => file.startsWith("src/cli/commands/"));
  const useCases = commands
    .map((file) => file.replace("src/cli/commands/", "src/platform/"))
    .filter((file) => graph.has(file));
  return [commands, useCases].flatMap((peers) =>
    peers.flatMap((file) =>
      (graph.get(file) ?? [])
        .filter((each) => each.file !== undefined && each.file !== file && peers.includes(each.file))
        .map((each) => ({ file, line: each.line, message: `one verb imports another: ${each.specifier}` })),
    ),
  );
}

/** Every circle of imports once, as its path; types count, since they tie files together as well. */
function findCycles(graph: ImportGraph): Fault[] {
  const faults: Fault[] = [];
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const visit = (file: string): void => {
    state.set(file, "open");
    path.push(file);
    for (const each of graph.get(file) ?? []) {
      // A contract loads its implementations when asked; they import the contract. That circle is the design.
      if (each.file === undefined || each.kind === "lazy" || !graph.has(each.file)) continue;
      if (state.get(each.file) === "open") {
        const circle = [...path.slice(path.indexOf(each.file)), each.file];
        faults.push({ file, line: each.line, message: `import cycle: ${circle.join(" → ")}` });
      } else if (!state.has(each.file)) visit(each.file);
    }
    path.pop();
    state.set(file, "done");
  };
  for (const file of graph.keys()) if (!state.has(file)) visit(file);
  return faults;
}
