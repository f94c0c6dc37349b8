/**
 * The state's service: what an engine of 3.250.0 and the plain Pulumi CLI need of the Pulumi service's HTTP protocol, on
 * the stacks of a store. One listener for all operations of a process; each has a token that opens one stack.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { messageOf, TerraneError } from "../../errors.ts";
import { organization } from "../deployment/canonical.ts";
import type { StackRef } from "../stacks/stack-rows.ts";
import type { StackStore } from "../stacks/stack-store.ts";
import type { Access } from "./access.ts";
import { type ActiveUpdate, ActiveUpdates } from "./active-updates.ts";
import { largestBody, RequestBody } from "./body.ts";
import { listenAt } from "./listen.ts";
import { type Answer, type Exchange, type FoundRoute, RouteTable } from "./route.ts";
import { secretRoutes } from "./secret-routes.ts";
import { stackRoutes } from "./stack-routes.ts";
import { digestOfToken, makeToken } from "./tokens.ts";
import { updateRoutes } from "./update-routes.ts";
import { userRoutes } from "./user-routes.ts";

export interface StateServiceOptions {
  readonly store: StackStore;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: any that is free. */
  readonly port?: number;
  /** Names that the service is called by besides its address. */
  readonly names?: readonly string[];
  /** Bytes of a request, packed or not. Default: 512 MiB. */
  readonly largestBody?: number;
  /** Told of what nobody foresaw. */
  readonly onError?: (error: unknown) => void;
}

export interface OpenToken extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
}

const loopback = "127.0.0.1";
const compress = promisify(gzip);
/** Answers that are smaller travel as they are, bytes. */
const compressedFrom = 4096;

/** More exact paths first: the path of an update has names where others have words. */
const routes = new RouteTable([...userRoutes, ...stackRoutes, ...secretRoutes, ...updateRoutes]);

export class StateService implements AsyncDisposable {
  readonly #options: StateServiceOptions;
  readonly #server: Server;
  readonly #updates = new ActiveUpdates();
  /** Digest of a token → what it opens. */
  readonly #accesses = new Map<string, Access>();
  /** Requests under way, by what they were let in with. */
  readonly #underWay = new Map<Access, Set<Promise<void>>>();

  private constructor(options: StateServiceOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    // An engine asks again after minutes of waiting for a cloud, on the connection it has.
    this.#server.keepAliveTimeout = 10 * 60_000;
  }

  static async open(options: StateServiceOptions): Promise<StateService> {
    const service = new StateService(options);
    await listenAt(service.#server, { host: options.host ?? loopback, port: options.port ?? 0 });
    return service;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
  }

  /**
   * Lets in whoever has the token, until disposed of: then what it left at work is closed with what is on record.
   * @param token default: a new one
   */
  grant(access: Access, token = makeToken()): OpenToken {
    const digest = digestOfToken(token);
    this.#accesses.set(digest, access);
    return {
      url: this.url,
      token,
      [Symbol.asyncDispose]: async () => {
        this.#accesses.delete(digest);
        await Promise.allSettled(this.#underWay.get(access) ?? []);
        this.#underWay.delete(access);
        await this.#updates.endAllOf(access);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#accesses.clear();
    await Promise.allSettled([...this.#underWay.values()].flatMap((each) => [...each]));
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const answer = await this.#handle(request);
      await send(request, response, { status: answer === undefined ? 204 : 200, answer });
    } catch (error) {
      if (!(error instanceof TerraneError)) this.#options.onError?.(error);
      const status = error instanceof TerraneError ? statusOf(error) : 500;
      await send(request, response, { status, answer: { code: status, message: sentenceOf(error) } });
    }
  }

  async #handle(request: IncomingMessage): Promise<Answer> {
    this.#assertHost(request.headers.host);
    const url = new URL(request.url ?? "/", this.url);
    const found = routes.find(request.method ?? "", url.pathname);
    if (found === undefined) {
      throw new TerraneError(
        "no-such-route",
        `${request.method} ${url.pathname} is not something this service does`,
      );
    }
    const [scheme = "", token = ""] = (request.headers.authorization ?? "").split(" ");
    if (found.route.of === "update") return this.#handleUpdate(request, found, url, { scheme, token });
    const access = scheme === "token" ? this.#accesses.get(digestOfToken(token)) : undefined;
    if (access === undefined) throw notLoggedIn();
    const exchange = this.#exchange(request, found, url, access);
    if (found.route.of === "user") return this.#track(access, found.route.handle(exchange));
    return this.#track(access, found.route.handle({ ...exchange, ref: refOf(found, access) }));
  }

  async #handleUpdate(
    request: IncomingMessage,
    found: FoundRoute,
    url: URL,
    { scheme, token }: { readonly scheme: string; readonly token: string },
  ): Promise<Answer> {
    const active = this.#updates.find(found.path["update"] ?? "");
    if (active === undefined || scheme !== "update-token" || !active.isOpenedBy(token)) throw ended(found);
    active.hear();
    const exchange = this.#exchange(request, found, url, active.access);
    const { route } = found;
    if (route.of !== "update") throw new TerraneError("internal", `${route.path} is no route of an update`);
    const ref = refOf(found, active.access);
    if (!isSame(ref, active)) throw ended(found);
    return this.#track(active.access, route.handle({ ...exchange, ref, active, token }));
  }

  #exchange(request: IncomingMessage, { path }: FoundRoute, url: URL, access: Access): Exchange {
    return {
      access,
      store: this.#options.store,
      updates: this.#updates,
      body: new RequestBody(request, this.#options.largestBody ?? largestBody),
      path,
      query: url.searchParams,
      url: calledAt(request) ?? this.url,
      engine: engineOf(request.headers["user-agent"]),
    };
  }

  /** So that whoever takes the access away waits for what is under way. */
  async #track(access: Access, answer: Promise<Answer>): Promise<Answer> {
    const underWay = this.#underWay.get(access) ?? new Set();
    this.#underWay.set(access, underWay);
    const settled = answer.then(
      () => {},
      () => {},
    );
    underWay.add(settled);
    try {
      return await answer;
    } finally {
      underWay.delete(settled);
    }
  }

  /** A page in a browser that was made to resolve to this address calls it by another name. */
  #assertHost(called: string | undefined): void {
    const { host = loopback, names = [] } = this.#options;
    // Who serves others gives the service whatever name they know it by.
    if (host !== "localhost" && !isLoopback(host)) return;
    const { port } = this.#server.address() as AddressInfo;
    if ([loopback, "localhost", "[::1]", host, ...names].some((name) => called === `${name}:${port}`)) return;
    throw new TerraneError("not-logged-in", `this service is not called ${called}`);
  }
}

function refOf({ path }: FoundRoute, access: Access): StackRef {
  const ref = { project: path["project"] ?? "", name: path["stack"] ?? "" };
  if (path["organization"] === organization && access.covers(ref)) return ref;
  throw new TerraneError(
    "stack-not-found",
    `there is no stack ${path["organization"]}/${ref.project}/${ref.name}`,
  );
}

function isSame(ref: StackRef, active: ActiveUpdate): boolean {
  return ref.project === active.ref.project && ref.name === active.ref.name;
}

function notLoggedIn(): TerraneError {
  return new TerraneError("not-logged-in", "the token opens nothing here");
}

// 403: on it, an engine gives up its lease at once and does not ask again.
function ended({ path }: FoundRoute): TerraneError {
  return new TerraneError(
    "read-only",
    `the update of ${path["stack"]} has ended: nothing more of it is saved`,
    {
      next: "Run the command again.",
    },
  );
}

/** A client finds its token by this address: `localhost` is another one than 127.0.0.1 to it. */
function calledAt({ headers }: IncomingMessage): string | undefined {
  const { host } = headers;
  // Whoever ends TLS before us says so.
  const scheme = headers["x-forwarded-proto"] === "https" ? "https" : "http";
  return host === undefined ? undefined : `${scheme}://${host}`;
}

/** `pulumi-cli/1 (v3.250.0; linux)` */
function engineOf(agent: string | undefined): string | undefined {
  return /^pulumi-cli\/1 \((v[^;)]+)/.exec(agent ?? "")?.[1];
}

/**
 * An engine repeats what is answered with 5xx (`httputil/http.go` of 3.250.0). Where the database took nothing it has been
 * waited for, and what came is kept: once more would keep it twice.
 */
function statusOf({ code, httpStatus }: TerraneError): number {
  return code === "state-not-saved" ? 422 : httpStatus;
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof TerraneError)) return `the state's service failed: ${messageOf(error)}`;
  return error.next === "" ? error.message : `${error.message}. ${error.next}`;
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, answer }: { readonly status: number; readonly answer: Answer },
): Promise<void> {
  const plain = answer === undefined ? "" : Buffer.isBuffer(answer) ? answer : JSON.stringify(answer);
  // On loopback, packing costs more than it saves.
  const isPacked =
    plain.length >= compressedFrom &&
    !isLoopback(request.socket.localAddress) &&
    /\bgzip\b/.test(request.headers["accept-encoding"]?.toString() ?? "");
  const body = isPacked ? await compress(plain) : plain;
  if (!request.complete) request.resume();
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...(isPacked ? { "content-encoding": "gzip" } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function isLoopback(address: string | undefined): boolean {
  return address === undefined || address === "::1" || /^(::ffff:)?127\./.test(address);
}
