/** Looks at everything terrane stands on and says, for each, its value, where that comes from, and what is wrong. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../../stacks/catalog.ts";
import { findProjectRoot } from "../blueprint/document-files.ts";
import { loadProject } from "../blueprint/project.ts";
import { hideCredentials } from "../engine/backend-cli.ts";
import { strayVariables } from "../engine/environment.ts";
import { findEngine } from "../engine/find.ts";
import { homeProblem } from "../engine/home.ts";
import { pinnedEngineVersion } from "../engine/version.ts";
import { errorTable, TerraneError } from "../errors.ts";
import type { Project } from "../model/documents.ts";
import type { DoctorCheck } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { checkCommands } from "./doctor-commands.ts";
import { checkLedger } from "./doctor-ledger.ts";
import { schemaFile, schemaText } from "./project/schema-file.ts";
import { placeOfSecret } from "./project/secret-parameters.ts";
import { sdkVersions, terraneVersion } from "./versions.ts";

/** Never fails: what is wrong is in the answer. */
export async function runDoctor(context: PlatformContext): Promise<readonly DoctorCheck[]> {
  return [
    { name: "terrane", status: "ok", value: terraneVersion() },
    checkNode(),
    await checkEngine(context),
    ...Object.entries(sdkVersions()).map(([name, value]): DoctorCheck => ({ name, status: "ok", value })),
    await checkHome(context),
    ...(await checkProject(context)),
    ...strayVariables(context.environment).map(
      ({ name, message }): DoctorCheck => ({
        name,
        status: "warning",
        value: message,
        origin: "environment",
        next: `unset ${name}`,
      }),
    ),
  ];
}

function checkNode(): DoctorCheck {
  const { node } = process.versions;
  const recent = Number(node.split(".")[0]) >= 24;
  return recent
    ? { name: "node", status: "ok", value: node }
    : { name: "node", status: "problem", value: `${node}: 24 or newer is needed`, next: "npx terrane-setup" };
}

async function checkEngine(context: PlatformContext): Promise<DoctorCheck> {
  try {
    const engine = await findEngine({ home: context.home, path: context.environment["PATH"] });
    return {
      name: "engine",
      status: "ok",
      value: `${engine.version} (${engine.command})`,
      origin: engine.origin,
    };
  } catch (error) {
    if (!(error instanceof TerraneError)) throw error;
    return {
      name: "engine",
      status: "problem",
      value: `${pinnedEngineVersion} is wanted: ${error.message}`,
      next: error.next,
    };
  }
}

async function checkHome(context: PlatformContext): Promise<DoctorCheck> {
  const origin = context.environment["TERRANE_HOME"] === undefined ? "default" : "TERRANE_HOME";
  const problem = await homeProblem(context.home);
  return problem === undefined
    ? { name: "home", value: context.home, origin, status: "ok" }
    : { name: "home", value: problem, origin, status: "problem", next: errorTable["bad-home"].next };
}

async function checkProject(context: PlatformContext): Promise<readonly DoctorCheck[]> {
  const root = findProjectRoot(context.dir);
  if (root === undefined)
    return [{ name: "project", status: "warning", value: "none here", next: "terrane init" }];
  const loaded = loadProject(context.dir);
  const { project, problems } = loaded;
  const report = problems.report();
  const origin = (at: readonly string[]) =>
    project.source.nodeAt(at) === undefined ? "default" : "terrane.yaml";
  const { state, simulated, policies } = project.document;
  return [
    report.hasErrors
      ? {
          name: "project",
          status: "problem",
          value: `${root}: ${report.problems.length + report.omitted} problems`,
          next: "terrane validate",
        }
      : { name: "project", status: "ok", value: root },
    { name: "state", status: "ok", value: placeOfStates(state.url), origin: origin(["state", "url"]) },
    { ...(await checkLedger(context, root, project.document)), origin: origin(["ledger"]) },
    { name: "simulated clouds", status: "ok", value: simulated.path, origin: origin(["simulated", "path"]) },
    {
      name: "policy packs",
      status: "ok",
      value: policies.packs.join(", "),
      origin: origin(["policies", "packs"]),
    },
    ...checkSchema(root),
    ...checkCommands(loaded, context.environment["PATH"]),
  ];
}

/** A project without the file has chosen to do without: nothing to say. */
function checkSchema(root: string): readonly DoctorCheck[] {
  const path = join(root, schemaFile);
  if (!existsSync(path)) return [];
  if (readFileSync(path, "utf8") === schemaText(catalog)) {
    return [{ name: "schema for editors", status: "ok", value: schemaFile }];
  }
  const value = `${schemaFile} is of another release: editors complete and check by that one`;
  return [{ name: "schema for editors", status: "warning", value, next: "terrane schema --write" }];
}

function placeOfStates(url: Project["state"]["url"]): string {
  if (url === undefined) return "the ledger's database";
  return typeof url === "string" ? hideCredentials(url) : placeOfSecret(url);
}
