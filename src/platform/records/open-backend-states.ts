/** The states of a project whose terrane.yaml names a Pulumi backend by URL. */
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { BackendCli, hideCredentials } from "../../engine/backend-cli.ts";
import { selectEnvironment } from "../../engine/environment.ts";
import type { FoundEngine } from "../../engine/find.ts";
import { TerraneError } from "../../errors.ts";
import type { Project } from "../../model/documents.ts";
import type { Database } from "../../sql/database.ts";
import { BackendStore } from "../../state/backends/backend-store.ts";
import { openStateFolder } from "../../state/backends/folder.ts";
import { NotedStore } from "../../state/backends/noted-store.ts";
import type { StateStore } from "../../state/store.ts";
import type { PlatformContext } from "../context.ts";
import { readSecret } from "../project/secret-parameters.ts";
import { backendUrl } from "./backend-url.ts";

export interface BackendSurroundings {
  readonly context: PlatformContext;
  /** Folder of the project. */
  readonly root: string;
  readonly database: () => Promise<Database>;
  readonly engine: () => Promise<FoundEngine>;
}

/** @throws TerraneError `bad-url`, `missing-key`, `bad-secret-reference`, `not-in-this-release` */
export async function openBackendStates(
  project: Project,
  surroundings: BackendSurroundings,
  opened: AsyncDisposableStack,
): Promise<StateStore> {
  const { context, root } = surroundings;
  const { environment } = context;
  const given = project.state.url ?? "";
  const text = typeof given === "string" ? given : (await readSecret(given, { root, environment })).reveal();
  const url = backendUrl(text, root, environment["HOME"]);
  const states = url.startsWith("file:")
    ? await openFolder(project, surroundings, url)
    : await openOther(project, surroundings, url, opened);
  const database = await surroundings.database();
  return new NotedStore({ database, backend: hideCredentials(url), states, now: context.now });
}

async function openFolder(
  { state }: Project,
  { root, context }: BackendSurroundings,
  url: string,
): Promise<StateStore> {
  const { environment } = context;
  const passphrase = state.passphrase && (await readSecret(state.passphrase, { root, environment }));
  return openStateFolder({ root: fileURLToPath(url), ...(passphrase === undefined ? {} : { passphrase }) });
}

async function openOther(
  { state, ledger }: Project,
  { root, context, engine }: BackendSurroundings,
  url: string,
  opened: AsyncDisposableStack,
): Promise<StateStore> {
  if (state.passphrase === undefined) {
    throw new TerraneError("missing-key", `the states in ${hideCredentials(url)} need a passphrase`, {
      next: "Write into terrane.yaml: state: { url: …, passphrase: { fromEnv: NAME } }",
    });
  }
  const passphrase = await readSecret(state.passphrase, { root, environment: context.environment });
  const token = context.environment["PULUMI_ACCESS_TOKEN"];
  const environment = {
    ...selectEnvironment(context.environment, "live"),
    ...(token === undefined ? {} : { PULUMI_ACCESS_TOKEN: token }),
  };
  const states = opened.use(
    await BackendCli.open({ engine: await engine(), home: context.home, url, passphrase, environment }),
  );
  const settings = join(dirname(resolve(root, ledger.path)), "settings");
  return new BackendStore({ url, passphrase, environment, settings, states });
}
