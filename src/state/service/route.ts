/** What a route is, and how one is found. Knows nothing of what routes do. */

import type { StackRef } from "../stacks/stack-rows.ts";
import type { StackStore } from "../stacks/stack-store.ts";
import type { Access } from "./access.ts";
import type { ActiveUpdate, ActiveUpdates } from "./active-updates.ts";
import type { RequestBody } from "./body.ts";

/** What every handler is given. */
export interface Exchange {
  readonly access: Access;
  readonly store: StackStore;
  readonly updates: ActiveUpdates;
  readonly body: RequestBody;
  /** Segments of the path that the route names. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Address that the client has called. */
  readonly url: string;
  /** Version that the client calls itself by. */
  readonly engine: string | undefined;
}

/** Of a route below a stack: one that the client may see. */
export interface StackExchange extends Exchange {
  readonly ref: StackRef;
}

/** Of a route below an update that is at work, with its own token. */
export interface UpdateExchange extends StackExchange {
  readonly active: ActiveUpdate;
  /** Of the update. */
  readonly token: string;
}

/** JSON, or bytes that are JSON already; undefined for nothing. */
export type Answer = object | Buffer | undefined;

interface RouteBase {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Segments that begin with a colon are named; one with bars is any of its words. */
  readonly path: string;
}

export type Route = RouteBase &
  (
    | { readonly of: "user"; readonly handle: (exchange: Exchange) => Promise<Answer> }
    | { readonly of: "stack"; readonly handle: (exchange: StackExchange) => Promise<Answer> }
    | { readonly of: "update"; readonly handle: (exchange: UpdateExchange) => Promise<Answer> }
  );

export interface FoundRoute {
  readonly route: Route;
  readonly path: Readonly<Record<string, string>>;
}

export class RouteTable {
  readonly #routes: readonly { readonly route: Route; readonly segments: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, segments: route.path.split("/") }));
  }

  find(method: string, path: string): FoundRoute | undefined {
    const given = path.split("/");
    for (const { route, segments } of this.#routes) {
      if (route.method !== method || segments.length !== given.length) continue;
      const named = match(segments, given);
      if (named !== undefined) return { route, path: named };
    }
    return undefined;
  }
}

function match(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const named: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const text = given[index] ?? "";
    if (segment.startsWith(":")) named[segment.slice(1)] = decode(text);
    else if (segment !== text && !(segment.includes("|") && segment.split("|").includes(text))) {
      return undefined;
    }
  }
  return named;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
