/** Operations on record, newest first, also those of environments that are gone. */
import { TerraneError } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Operation } from "../model/operation.ts";
import type { HistoryRequest } from "./api.ts";
import type { PlatformContext } from "./context.ts";
import { type OpenProject, openProject } from "./project/open-project.ts";
import { asItStands } from "./records/held-lease.ts";

const defaultLimit = 20;
/** Enough to tell that the beginning of an id fits several. */
const mostCandidates = 6;

/** @throws TerraneError `environment-not-found`, `operation-not-found` */
export async function readHistory(
  context: PlatformContext,
  request: HistoryRequest,
): Promise<readonly Operation[]> {
  await using project = await openProject(context);
  const ledger = await project.app.ledger();
  const found = await find(ledger, project, request);
  const standing = await Promise.all(found.map((operation) => asItStands(ledger, operation)));
  return standing;
}

async function find(
  ledger: Ledger,
  project: OpenProject,
  { environment, operation, limit = defaultLimit }: HistoryRequest,
): Promise<readonly Operation[]> {
  if (environment === undefined) return await ledger.history.list({ limit });
  const findOf = (name: string) =>
    operation === undefined
      ? ledger.history.list({ environment: name, limit })
      : findOne(ledger, name, operation);
  if (await hasHistory(ledger, environment)) return await findOf(environment);
  // A file, or a slip: the documents know the name.
  const { name } = project.pick(environment);
  if (await hasHistory(ledger, name)) return await findOf(name);
  throw new TerraneError("environment-not-found", `the environment ${name} has no history yet`, {
    next: `terrane up ${name}`,
  });
}

async function hasHistory(ledger: Ledger, environment: string): Promise<boolean> {
  return (await ledger.history.list({ environment, limit: 1 })).length > 0;
}

async function findOne(ledger: Ledger, environment: string, id: string): Promise<readonly Operation[]> {
  const found = await ledger.history.list({ environment, id, limit: mostCandidates });
  if (found.length === 1) return found;
  const whole = found.filter((operation) => operation.id === id);
  if (whole.length === 1) return whole;
  if (found.length > 1) {
    const ids = found.map((operation) => operation.id).join(", ");
    throw new TerraneError("bad-usage", `several operations of ${environment} begin with "${id}": ${ids}`, {
      next: "Write more of the id.",
    });
  }
  throw new TerraneError("operation-not-found", `${environment} has no operation "${id}"`, {
    next: `terrane history ${environment}`,
  });
}
