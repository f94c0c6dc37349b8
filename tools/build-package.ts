/**
 * Makes `dist/` for `npm pack`, which runs this before and removes `dist/` after: what was built of older sources is never
 * there to be packed. Node strips no types inside node_modules, so the package holds JavaScript. `dist/` mirrors the
 * checkout: what the sources find beside themselves by a relative path (blueprints, stacks, package.json) stands there at
 * the same place. The command line alone is put into few files.
 */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleCommand } from "./package/bundle.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", join(root, "tsconfig.package.json")],
  { stdio: ["ignore", "inherit", "inherit"] },
);
assertNoSourceImports();
await bundleCommand(root, join(dist, "src", "cli", "edge.js"));
cpSync(join(root, "blueprints"), join(dist, "blueprints"), {
  recursive: true,
  // What CI compares renders with; nobody runs it.
  filter: (path) => !path.endsWith("render.json"),
});
const { name, version, type } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
  string,
  string
>;
writeFileSync(join(dist, "package.json"), `${JSON.stringify({ name, version, type }, null, 2)}\n`);

/** The compiler has been seen to leave some as they were; such a module fails only when it is first needed. */
function assertNoSourceImports(): void {
  const left = readdirSync(dist, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .filter((file) => /(from |import\()"\.[^"]*\.ts"/.test(readFileSync(join(dist, file), "utf8")));
  if (left.length > 0) throw new Error(`imports of sources were left in ${left.join(", ")}`);
}
