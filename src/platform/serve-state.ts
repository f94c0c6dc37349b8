/** Opens the states of a project to the plain Pulumi CLI, for as long as it is wanted. */
import { isIP } from "node:net";
import { TerraneError } from "../errors.ts";
import { thisProcess } from "../ledger/holder.ts";
import { personAccess } from "../state/service/person.ts";
import { StateService } from "../state/service/service.ts";
import { makeToken } from "../state/service/tokens.ts";
import { Secret } from "../values/secret.ts";
import type { PlatformContext } from "./context.ts";
import { newOperationId } from "./new-operation.ts";
import { openProject } from "./open-project.ts";

export interface ServeStateOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: any that is free. */
  readonly port?: number;
  /** Whoever has it may do everything. Default: a new one. A host that others reach needs one that was given. */
  readonly token?: Secret<string>;
  /** Who serves, for `whoami` and the leases. */
  readonly startedBy: string;
  /** Told of what nobody foresaw. */
  readonly onError?: (error: unknown) => void;
}

export interface ServedState extends AsyncDisposable {
  readonly url: string;
  readonly token: Secret<string>;
}

/** Shortest token for a host that others reach, characters. */
const shortestToken = 32;

/**
 * A change through it takes the same lease as an operation of ours: one of the two is told who is at work.
 * @throws TerraneError `bad-usage` for a host that others reach without a token of its own
 */
export async function serveState(context: PlatformContext, options: ServeStateOptions): Promise<ServedState> {
  const { host = "127.0.0.1", port, startedBy, onError } = options;
  const token = options.token ?? new Secret(makeToken());
  assertFitting(host, options.token);
  await using opening = new AsyncDisposableStack();
  const project = opening.use(await openProject(context));
  const [ledger, store] = await Promise.all([project.app.ledger(), project.app.stacks()]);
  const service = opening.use(
    await StateService.open({
      ...{ store, host },
      ...(port === undefined ? {} : { port }),
      ...(onError === undefined ? {} : { onError }),
    }),
  );
  const access = personAccess({
    ...{ user: startedBy, ledger, newOperation: newOperationId },
    holder: () => thisProcess(startedBy, context.now()),
  });
  opening.use(service.grant(access, token.reveal()));
  const resources = opening.move();
  return { url: service.url, token, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

function assertFitting(host: string, token: Secret<string> | undefined): void {
  const isLocal = host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
  if (token !== undefined && token.reveal().length < shortestToken) {
    throw new TerraneError("bad-usage", `the token has fewer than ${shortestToken} characters`, {
      next: "Make one with `openssl rand -base64 32`.",
    });
  }
  if (isLocal || token !== undefined) return;
  throw new TerraneError("bad-usage", `others reach ${host}: it needs a token that you have given`, {
    next: "Put one into a file that only you can read, and name it with --token-file.",
  });
}
