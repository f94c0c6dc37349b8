/** Opens the states of a project to the plain Pulumi CLI, for as long as it is wanted. */
import { readFile, rm, stat } from "node:fs/promises";
import { isIP } from "node:net";
import { join, resolve } from "node:path";
import { TerraneError } from "../errors.ts";
import { thisProcess } from "../ledger/holder.ts";
import { organization } from "../state/deployment/canonical.ts";
import { personAccess } from "../state/service/person.ts";
import { StateService } from "../state/service/service.ts";
import { makeToken } from "../state/service/tokens.ts";
import { toName } from "../state/stacks/stack-rows.ts";
import { privateMode, writeWhole } from "../state/write-whole.ts";
import { Secret } from "../values/secret.ts";
import { newOperationId } from "./applying/new-operation.ts";
import type { PlatformContext } from "./context.ts";
import { openProject } from "./project/open-project.ts";

export interface ServeStateOptions {
  /** Default: 127.0.0.1. One that others reach needs `tokenFile`. */
  readonly host?: string;
  /** Default: any that is free. */
  readonly port?: number;
  /**
   * File of which only its owner can read the token: whoever has it may do everything. Default: a new token in a file
   * below `.terrane` that goes away with the service.
   */
  readonly tokenFile?: string;
  /** Who serves, for `whoami` and the leases. */
  readonly startedBy: string;
  /** Told of what nobody foresaw. */
  readonly onError?: (error: unknown) => void;
  /** Told of each update that was at work when serving ended; what its engine was doing is unknown. */
  readonly onClosed?: (update: ClosedUpdate) => void;
}

export interface ClosedUpdate {
  /** `organization/<project>/<stack>`, as the plain CLI calls it. */
  readonly stack: string;
  /** `update`, `refresh`, `destroy`, … */
  readonly kind: string;
}

export interface ServedState extends AsyncDisposable {
  readonly url: string;
  /** Absolute path of the file that holds the token. */
  readonly tokenFile: string;
  readonly token: Secret<string>;
}

/** Shortest token, characters: 24 random bytes in base64. */
const shortestToken = 32;

/**
 * A change through it takes the same lease as an operation of ours: one of the two is told who is at work.
 * @throws TerraneError `bad-usage` for a host that others reach without a token that was given, for a token that is too
 * short, for a file that others can read, and for an address that is taken or not this machine's; `ledger-rolled-back`
 */
export async function serveState(context: PlatformContext, options: ServeStateOptions): Promise<ServedState> {
  const { host = "127.0.0.1", port, startedBy, onError, onClosed } = options;
  if (!isLoopback(host) && options.tokenFile === undefined) {
    throw new TerraneError("bad-usage", `others reach ${host}: it needs a token that you have given`, {
      next: "Put one into a file that only you can read, and name it with --token-file.",
    });
  }
  await using opening = new AsyncDisposableStack();
  const project = opening.use(await openProject(context));
  await (await project.app.database()).assertNewest();
  const [ledger, store] = await Promise.all([project.app.ledger(), project.app.stacks()]);
  const service = opening.use(
    await StateService.open({
      ...{ store, host },
      ...(port === undefined ? {} : { port }),
      ...(onError === undefined ? {} : { onError }),
    }),
  );
  const given = options.tokenFile === undefined ? undefined : resolve(context.dir, options.tokenFile);
  const tokenFile = given ?? (await writeToken(opening, join(project.app.root, ".terrane"), service.port));
  const token = await readToken(tokenFile);
  const access = personAccess({
    ...{ user: startedBy, ledger, newOperation: newOperationId },
    holder: () => thisProcess(startedBy, context.now()),
    onClosed: (ref, kind) => onClosed?.({ stack: `${organization}/${toName(ref)}`, kind }),
  });
  opening.use(service.grant(access, token.reveal()));
  const resources = opening.move();
  return { url: service.url, tokenFile, token, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** Named for its port, so that two services of one project do not take each other's. */
async function writeToken(opening: AsyncDisposableStack, folder: string, port: number): Promise<string> {
  const file = join(folder, `state-serve-${port}.token`);
  await writeWhole(file, `${makeToken()}\n`, privateMode);
  opening.defer(() => rm(file, { force: true }));
  return file;
}

async function readToken(file: string): Promise<Secret<string>> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new TerraneError("bad-usage", `the token's file ${file} cannot be read`, { cause });
  });
  if ((found.mode & 0o077) !== 0) {
    throw new TerraneError("bad-usage", `others can read the token in ${file}`, {
      next: `chmod 600 '${file}'`,
    });
  }
  const token = (await readFile(file, "utf8")).trim();
  if (token.length >= shortestToken) return new Secret(token);
  throw new TerraneError("bad-usage", `the token in ${file} has fewer than ${shortestToken} characters`, {
    next: `Make one: openssl rand -base64 32 > '${file}'`,
  });
}
