/** What an engine needs to know of where its stack's state is: environment, project file, credentials, name. */
import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { BackendAccess, ServiceAccess, StateAccess } from "../model/state-access.ts";
import { removeDeadLocks } from "./dead-locks.ts";
import { projectName } from "./project.ts";

export interface Backend {
  /** The stack as the engine's command line names it. */
  readonly stack: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Fields of the project file. */
  readonly project: Readonly<Record<string, string>>;
}

/** @param folder of the operation, which only its owner can read and which is gone afterwards */
export async function prepareBackend(state: StateAccess, stack: string, folder: string): Promise<Backend> {
  return state.kind === "service"
    ? prepareService(state, stack, folder)
    : prepareFolder(state, stack, folder);
}

/** Owner of every stack of the service. */
const organization = "organization";

/** Milliseconds that the engine gathers entries before it sends them: each step waits for them twice. */
const batchPeriod = 2;

/** Log-in and selection leave a file behind and nothing else: it is written here, and no process is needed. */
async function prepareService(
  { url, token }: ServiceAccess,
  stack: string,
  folder: string,
): Promise<Backend> {
  const credentials = join(folder, "credentials");
  await mkdir(credentials, { mode: 0o700 });
  const account = {
    accessToken: token.reveal(),
    username: "terrane",
    organizations: [organization],
    // In an hour's time the engine would ask who it is; the token does not live longer than the operation.
    lastValidatedAt: "9999-01-01T00:00:00Z",
  };
  const accounts = {
    current: url,
    accessTokens: { [url]: account.accessToken },
    accounts: { [url]: account },
  };
  await writeFile(join(credentials, "credentials.json"), JSON.stringify(accounts), { mode: 0o600 });
  return {
    stack: `${organization}/${projectName}/${stack}`,
    environment: {
      PULUMI_BACKEND_URL: url,
      PULUMI_CREDENTIALS_PATH: credentials,
      PULUMI_JOURNALING_BATCH_PERIOD: String(batchPeriod),
    },
    project: {},
  };
}

async function prepareFolder(state: BackendAccess, stack: string, folder: string): Promise<Backend> {
  await mkdir(state.settingsFolder, { recursive: true, mode: 0o700 });
  await removeDeadLocks(state.url, stack);
  return {
    stack,
    environment: {
      ...state.environment,
      PULUMI_BACKEND_URL: state.url,
      PULUMI_CONFIG_PASSPHRASE: state.passphrase.reveal(),
      // The engine writes access tokens there; the folder is gone after the operation.
      PULUMI_CREDENTIALS_PATH: join(folder, "credentials"),
    },
    // The settings file holds the salt of the stack's secrets and stays with the state. The engine joins this path to
    // the folder's, whatever it looks like.
    project: { stackConfigDir: relative(await realpath(folder), await realpath(state.settingsFolder)) },
  };
}

/** The stack's settings file, which holds the salt of its secrets; undefined where there is none. */
export async function readSettings(state: StateAccess, stack: string): Promise<string | undefined> {
  if (state.kind === "service") return undefined;
  return readFile(settingsFile(state, stack), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

/** Gives a new stack the settings; those it has are left alone. */
export async function writeSettings(state: StateAccess, stack: string, text: string): Promise<void> {
  if (state.kind === "service") return;
  await writeFile(settingsFile(state, stack), text, { flag: "wx", mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
}

function settingsFile({ settingsFolder }: BackendAccess, stack: string): string {
  return join(settingsFolder, `Pulumi.${stack}.yaml`);
}
