/** Starts a project: terrane.yaml, a copy of a shipped blueprint, one environment, and the schema for editors. */
import { access, appendFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { catalog } from "../../stacks/catalog.ts";
import { TerraneError } from "../errors.ts";
import { apiVersion } from "../model/words.ts";
import { checkName, slug } from "../values/names.ts";
import type { PlatformContext } from "./context.ts";
import { schemaFile, schemaText, withSchemaLine } from "./project/schema-file.ts";

const shippedBlueprints = fileURLToPath(new URL("../../blueprints/", import.meta.url));

export interface InitOptions {
  /** Folder of the project; made when missing. */
  readonly dir: string;
  /** Shipped blueprint to start from. Default: `aws-platform`. */
  readonly blueprint?: string;
  /** Writes over files that are there. */
  readonly force?: boolean;
}

export interface InitResult {
  /** Files written, relative to the folder. */
  readonly files: readonly string[];
  /** The command to type next. */
  readonly next: string;
}

/** @throws TerraneError `project-exists`, `document-not-found` */
export async function initProject(context: PlatformContext, options: InitOptions): Promise<InitResult> {
  const dir = resolve(context.dir, options.dir);
  const blueprint = options.blueprint ?? "aws-platform";
  await assertShipped(blueprint);
  const copied = join("blueprints", blueprint, "blueprint.yaml");
  const documents = new Map<string, string>([
    ["terrane.yaml", projectText(projectName(dir))],
    [join("environments", "dev.yaml"), environmentText(blueprint)],
    [copied, await readFile(join(shippedBlueprints, blueprint, "blueprint.yaml"), "utf8")],
  ]);
  const files = new Map([
    ...[...documents].map(([file, text]) => [file, withSchemaLine(text, file)] as const),
    [schemaFile, schemaText(catalog)],
  ]);
  if (options.force !== true) await assertAbsent(dir, [...files.keys()]);

  for (const [file, text] of files) {
    await mkdir(resolve(dir, file, ".."), { recursive: true });
    await writeFile(join(dir, file), text);
  }
  const ignored = await ignoreState(dir);

  const there = relative(context.dir, dir);
  const enter = there === "" ? "" : `cd ${there} && `;
  return {
    files: [...files.keys(), ...(ignored ? [".gitignore"] : [])].sort(),
    next: `${enter}terrane up dev`,
  };
}

async function assertShipped(blueprint: string): Promise<void> {
  const entries = await readdir(shippedBlueprints, { withFileTypes: true });
  const shipped = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  if (shipped.includes(blueprint)) return;
  throw new TerraneError(
    "document-not-found",
    `no blueprint "${blueprint}" is shipped; there are ${shipped.sort().join(", ")}`,
  );
}

async function assertAbsent(dir: string, files: readonly string[]): Promise<void> {
  const present: string[] = [];
  for (const file of files) {
    await access(join(dir, file)).then(
      () => present.push(file),
      () => undefined,
    );
  }
  if (present.length === 0) return;
  throw new TerraneError("project-exists", `there are already ${present.join(", ")} in ${dir}`, {
    next: "Work with the project, choose another folder, or write over them with --force.",
  });
}

/** Keeps the state folder out of the user's repository. Answers whether anything was written. */
async function ignoreState(dir: string): Promise<boolean> {
  const path = join(dir, ".gitignore");
  const text = await readFile(path, "utf8").catch(() => "");
  if (text.split(/\r?\n/).includes(".terrane/")) return false;
  await appendFile(path, `${text === "" || text.endsWith("\n") ? "" : "\n"}.terrane/\n`);
  return true;
}

function projectName(dir: string): string {
  const name = slug(basename(dir));
  return checkName(name) === undefined ? name : "platform";
}

function projectText(name: string): string {
  return [`apiVersion: ${apiVersion}`, "kind: Project", `metadata: { name: ${name} }`, ""].join("\n");
}

function environmentText(blueprint: string): string {
  return [
    `apiVersion: ${apiVersion}`,
    "kind: Environment",
    "metadata: { name: dev }",
    `blueprint: ${blueprint}@^1`,
    "class: dev",
    "tags: { Owner: team-platform, CostCenter: CC-1000, Project: platform, DataClass: internal }",
    'parameters: { repository: "https://git.example.com/platform/deploy" }',
    "",
  ].join("\n");
}
