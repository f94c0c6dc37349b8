/**
 * Puts the command line of `dist/` into few files, dependencies included. Node spends a third of a millisecond on every
 * module it loads, and `terrane validate` would load 350. The library stays as it is: whoever imports it brings a zod of
 * their own, and should be able to read what they step into.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type OutputChunk, type Plugin, rolldown } from "rolldown";

/**
 * Loaded by the programs of stacks, by few projects only, large, or found by their place on disk: they stay where npm
 * puts them.
 */
const outside = [/^@pulumi\//, /^@grpc\//, /^google-protobuf/, /^@aws-sdk\//, /^pg$/, /package\.json$/];

/** Each with everything that it imports at its start, as far as no other before it has that. */
const groups = [
  // Help and version need no more than this.
  { name: "front", test: /\/src\/cli\/edge\.js$/, priority: 3 },
  // Where documents stand: what a shell asks for reads no more of them than their names.
  { name: "files", test: /\/src\/blueprint\/document-files\.js$/, priority: 2.5 },
  // Reading and judging documents: what almost every command begins with.
  { name: "documents", test: /\/src\/platform\/validate\.js$/, priority: 2 },
  {
    name: "answer",
    test: /\/src\/(?:cli|platform|platform\/project)\/(commands\/validate|report-error|parse|resolve-settings|use-cases|pull-request)\.js$/,
  },
];

/**
 * The chunks stand in the folder of the entry, two levels below `dist`, as most sources do: what these find by
 * `new URL("../../…", import.meta.url)` is found from there.
 * @param entry the compiled `src/cli/edge.js`; its folder is replaced
 */
export async function bundleCommand(root: string, entry: string): Promise<void> {
  const folder = join(entry, "..");
  const bundle = await rolldown({
    input: { edge: entry },
    platform: "node",
    external: outside,
    plugins: [lazyBuiltins],
    // They export far more than is used, and importing them changes nothing.
    treeshake: { moduleSideEffects: (id) => !/\/node_modules\/(zod|yaml|semver)\//.test(id) },
  });
  const { output } = await bundle.generate({
    format: "esm",
    chunkFileNames: "[name].js",
    comments: { annotation: false, jsdoc: false, legal: true },
    // A twelfth of the time of `terrane validate` went into reading blanks. Names stay: a trace is told by them.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    codeSplitting: { groups },
  });
  await bundle.close();
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const chunks = output.filter((file) => file.type === "chunk");
  for (const { fileName, code } of chunks) writeFileSync(join(folder, fileName), toAscii(code));
  writeFileSync(join(folder, "LICENSES.txt"), licencesOf(root, chunks));
}

/** One character beyond ASCII, and V8 keeps and reads a whole file in two bytes a character. */
function toAscii(code: string): string {
  return code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * `import` of a module of Node's reads each of its exports, and some of `node:fs` and `node:crypto` load dozens of modules
 * behind them. As an object it gives only what is used.
 */
const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  resolveId: (id) => (/^node:(?!module$)/.test(id) ? `\0${id}` : undefined),
  load: (id) =>
    id.startsWith("\0node:")
      ? { code: `module.exports = process.getBuiltinModule("${id.slice(1)}");`, moduleType: "js" }
      : undefined,
};

function licencesOf(root: string, chunks: readonly OutputChunk[]): string {
  const names = chunks.flatMap(({ moduleIds }) =>
    moduleIds.flatMap((id) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []),
  );
  return [...new Set(names)]
    .sort()
    .map((name) => `${name}\n\n${licenceOf(join(root, "node_modules", name))}`)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function licenceOf(folder: string): string {
  const file = readdirSync(folder).find((each) => /^licen[cs]e(\.|$)/i.test(each));
  if (file === undefined) throw new Error(`${folder} has no licence to copy`);
  return readFileSync(join(folder, file), "utf8");
}
