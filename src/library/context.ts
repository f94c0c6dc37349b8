/**
 * The library's edge to the process: what a caller does not say is taken from it here, and nowhere else below. A caller
 * that hands everything over gets a run that depends on nothing around it.
 */
import { homedir, userInfo } from "node:os";
import { resolve } from "node:path";
import type { ComponentContract } from "../catalog/component.ts";
import type { PlatformContext } from "../platform/context.ts";
import { homeFolder } from "../platform/project/home-folder.ts";
import { findPullRequest } from "../platform/project/pull-request.ts";

/** Where to work and with what. Everything has a default. */
export interface ProjectOptions {
  /** Folder of the project, or one below it. Default: the working folder of the process. */
  readonly dir?: string;
  /**
   * Documents in code, beside those of the folder: of `defineBlueprint` and `defineEnvironment`, or read from JSON.
   * With them a folder needs no `terrane.yaml`; state, ledger and simulated clouds then lie in `<dir>/.terrane`.
   */
  readonly documents?: readonly object[];
  /** Component types beside the shipped ones, made with `defineComponent`. */
  readonly components?: readonly ComponentContract[];
  /** Folder of the engine, absolute. Default: the variable `TERRANE_HOME`, else `~/.terrane`. */
  readonly home?: string;
  /** Environment variables: PATH, credentials of live clouds, secrets by `fromEnv`. Default: those of the process. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** The clock. Default: the system's. */
  readonly now?: () => Date;
  /** Milliseconds that a simulated cloud takes for each second of the real one. Default 0: it answers at once. */
  readonly pace?: number;
  /** Told what is wrong beside what was asked for: that the ledger is an older copy, say. Default: nobody. */
  readonly warn?: (message: string) => void;
}

/** @throws TerraneError `bad-home` when TERRANE_HOME is not absolute */
export function toContext(options: ProjectOptions): PlatformContext {
  const variables = options.variables ?? process.env;
  const { components, documents, pace, warn } = options;
  const pullRequest = findPullRequest(variables);
  return {
    dir: resolve(options.dir ?? process.cwd()),
    home: homeFolder(options.home ?? variables["TERRANE_HOME"], homedir()),
    environment: variables,
    now: options.now ?? (() => new Date()),
    ...(components === undefined ? {} : { components }),
    ...(documents === undefined ? {} : { documents }),
    ...(pace === undefined ? {} : { pace }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(warn === undefined ? {} : { warn }),
  };
}

/** Who runs this process; a container may run under a number without a name. */
export function processUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
