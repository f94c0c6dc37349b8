/**
 * From the name of an environment to its spec and stack graph: the document, its blueprint, what the ledger knows,
 * and, for one that does not exist yet, a first record.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type CarriedOver, carryOver } from "../../blueprint/carry-over.ts";
import { makeStackGraph, mergeApplied } from "../../blueprint/graph.ts";
import type { Loaded } from "../../blueprint/load.ts";
import { allocatedBlocks, resolveEnvironment, rolesOf } from "../../blueprint/resolve.ts";
import type { ResolveRequest } from "../../blueprint/resolve-request.ts";
import { TerraneError } from "../../errors.ts";
import type { AddressSnapshot } from "../../ledger/addresses.ts";
import { thisProcess } from "../../ledger/holder.ts";
import type { ComponentSources } from "../../model/plan.ts";
import type { AllocatedBlock, EnvironmentRecord } from "../../model/record.ts";
import type { ComponentMove, EnvironmentSpec, StackGraph } from "../../model/spec.ts";
import type { Target } from "../../model/words.ts";
import { catalogOf } from "./component-catalog.ts";
import type { FoundEnvironment, OpenProject } from "./open-project.ts";
import { pickRecord } from "./pick-record.ts";

export interface Prepared {
  readonly name: string;
  readonly spec: EnvironmentSpec;
  readonly graph: StackGraph;
  readonly target: Target;
  /** Where the blueprint names each component; empty where the documents are gone. */
  readonly sources: ComponentSources;
  /** Undefined while the environment does not exist. */
  readonly record: EnvironmentRecord | undefined;
  /** Its documents and lock; absent where the environment is taken away. */
  readonly found?: FoundEnvironment;
  /** From where components may stand to where `graph` has them; the states tell which of them are left to make. */
  readonly moves: readonly ComponentMove[];
}

/** What an `up` is about to write down when it begins. Disposed of, it lets go of blocks it did not begin with. */
export interface PreparedUp extends Prepared, AsyncDisposable {
  readonly found: FoundEnvironment;
  /** The record once it is through. */
  readonly next: EnvironmentRecord;
  /** Until then: what was there before may still be there, under either name, and what is new may already be. */
  readonly during: EnvironmentRecord;
  /** The hold on the blocks of `next`; absent when all of them are the environment's own already. */
  readonly hold?: string;
}

export interface UpWish {
  /** Undefined: what it is, or simulated for what does not exist. */
  readonly target: Target | undefined;
  /** Who asks, for people who wait. */
  readonly startedBy: string;
  /** Of one that is not on record, and is in the clouds. Default: a new one. */
  readonly incarnation?: string;
}

/**
 * For looking: without a record, names and addresses are provisional.
 * @throws TerraneError `document-invalid`, `environment-not-found`
 */
export async function prepare(project: OpenProject, name: string | undefined): Promise<Prepared> {
  const found = await project.find(name);
  const { environment, blueprint } = found;
  const ledger = await project.app.ledger();
  const record = await ledger.findEnvironment(environment.name);
  const carried = carry(project, { environment, blueprint }, record);
  const spec = resolveEnvironment(
    requestFor(project, { environment, blueprint }, carried?.record, await ledger.readAddresses()),
  );
  return {
    name: environment.name,
    spec,
    graph: makeStackGraph(spec, carried?.record.applied),
    sources: sourcesOf(blueprint),
    target: record?.target ?? "simulated",
    record,
    found,
    moves: carried?.moves ?? [],
  };
}

/**
 * For changing: an environment that does not exist gets its incarnation and addresses now, so that what is planned is
 * what is applied. Its blocks are held from here on: whoever prepares meanwhile gets others.
 * @throws TerraneError `name-taken` when it exists on the other target; else as {@link prepare}
 */
export async function prepareUp(
  project: OpenProject,
  name: string | undefined,
  wish: UpWish,
): Promise<PreparedUp> {
  const found = await project.find(name);
  const { environment, blueprint } = found;
  const ledger = await project.app.ledger();
  const hold = randomUUID();
  const release = { [Symbol.asyncDispose]: () => ledger.releaseAddresses(hold) };
  for (;;) {
    const addresses = await ledger.readAddresses();
    const record = await ledger.findEnvironment(environment.name);
    assertTarget(environment.name, record, wish.target);
    const chosen = chooseNext(project, { environment, blueprint }, record, addresses, wish);
    const { blocks, ...rest } = chosen;
    const { next } = rest;
    const prepared = {
      name: environment.name,
      ...rest,
      sources: sourcesOf(blueprint),
      target: next.target,
      record,
      found,
      ...release,
    };
    if (isDeepStrictEqual(record?.addresses, next.addresses)) return prepared;
    const holder = thisProcess(wish.startedBy, project.app.context.now());
    const isHeld = await ledger.holdAddresses(
      { hold, environment: environment.name, blocks, holder },
      addresses,
    );
    // Somebody else was quicker, and has made progress: around what they took there is another choice.
    if (isHeld) return { ...prepared, hold };
  }
}

/** What the environment is to become, on this ground. */
function chooseNext(
  project: OpenProject,
  documents: Documents,
  record: EnvironmentRecord | undefined,
  addresses: AddressSnapshot,
  wish: UpWish,
): Pick<PreparedUp, "spec" | "graph" | "moves" | "next" | "during"> & {
  readonly blocks: readonly AllocatedBlock[];
} {
  const { environment, blueprint } = documents;
  const target = record?.target ?? wish.target ?? "simulated";
  const now = project.app.context.now().toISOString();
  const carried = carry(project, documents, record);
  const before = carried?.record ?? {
    ...firstRecord(environment, blueprint, target, now),
    ...livingOn(wish),
  };
  const request = requestFor(project, documents, before, addresses);
  const spec = resolveEnvironment(request);
  const blocks = allocatedBlocks(spec, catalogOf(project.app.context));
  const next: EnvironmentRecord = {
    name: environment.name,
    incarnation: spec.incarnation,
    class: spec.class,
    target,
    blueprint: spec.blueprint,
    roles: Object.fromEntries(rolesOf(request)),
    addresses: Object.fromEntries(blocks.map(({ key, block }) => [key, block])),
    applied: spec,
    status: record === undefined ? "creating" : record.status,
    updatedAt: now,
  };
  return {
    spec,
    next,
    blocks,
    moves: carried?.moves ?? [],
    graph: makeStackGraph(spec, carried?.record.applied),
    during: {
      ...next,
      applied: mergeApplied(spec, carried?.record.applied),
      ...(carried === undefined || carried.moves.length === 0 ? {} : { moves: [...carried.moves] }),
    },
  };
}

/**
 * For working on what is there: what the record says was applied counts, whatever the documents say now; they may be
 * gone.
 * @throws TerraneError `environment-not-found`, `bad-usage`
 */
export async function prepareExisting(
  project: OpenProject,
  name: string | undefined,
  verb: "destroy" | "refresh",
): Promise<Prepared & { readonly record: EnvironmentRecord }> {
  const record = await pickRecord(project, name);
  if (record?.applied === undefined) {
    const which = name === undefined ? "there is no environment" : `the environment ${name} does not exist`;
    throw new TerraneError("environment-not-found", `${which}: there is nothing to ${verb}`);
  }
  return await prepareRecorded(project, record);
}

/** The environment as the record says it was applied last. */
export async function prepareRecorded(
  project: OpenProject,
  record: EnvironmentRecord,
): Promise<Prepared & { readonly record: EnvironmentRecord }> {
  const { name, applied } = record;
  if (applied === undefined)
    throw new TerraneError("environment-not-found", `nothing of ${name} was ever applied`);
  return {
    name,
    spec: applied,
    graph: makeStackGraph(applied),
    sources: await sourcesOfGone(project, name),
    target: record.target,
    record,
    moves: record.moves ?? [],
  };
}

function sourcesOf({ source, document }: Loaded<"Blueprint">): ComponentSources {
  return Object.fromEntries(
    Object.keys(document.components).map((name) => [name, source.positionOf(["components", name], "key")]),
  );
}

// An environment can be destroyed without its documents: then errors only lack their lines.
async function sourcesOfGone(project: OpenProject, name: string | undefined): Promise<ComponentSources> {
  try {
    return sourcesOf((await project.find(name)).blueprint);
  } catch (error) {
    if (error instanceof TerraneError) return {};
    throw error;
  }
}

interface Documents {
  readonly environment: Loaded<"Environment">;
  readonly blueprint: Loaded<"Blueprint">;
}

function carry(
  project: OpenProject,
  documents: Documents,
  record: EnvironmentRecord | undefined,
): CarriedOver | undefined {
  if (record === undefined) return undefined;
  return carryOver({ ...documents, catalog: catalogOf(project.app.context), record });
}

function requestFor(
  project: OpenProject,
  documents: Documents,
  record: EnvironmentRecord | undefined,
  addresses: AddressSnapshot,
): ResolveRequest {
  const own = `${documents.environment.name}/`;
  return {
    ...documents,
    record,
    catalog: catalogOf(project.app.context),
    project: project.documents.project,
    addressPools: project.addressPools,
    takenBlocks: addresses.blocks.filter((block) => !block.owner.startsWith(own)),
  };
}

function livingOn({ incarnation }: UpWish): { readonly incarnation?: string } {
  return incarnation === undefined ? {} : { incarnation };
}

function firstRecord(
  environment: Loaded<"Environment">,
  blueprint: Loaded<"Blueprint">,
  target: Target,
  now: string,
): EnvironmentRecord {
  return {
    name: environment.name,
    incarnation: randomBytes(4).toString("hex"),
    class: environment.document.class,
    target,
    blueprint: { name: blueprint.name, version: blueprint.document.metadata.version },
    roles: {},
    addresses: {},
    status: "creating",
    updatedAt: now,
  };
}

function assertTarget(name: string, record: EnvironmentRecord | undefined, wanted: Target | undefined): void {
  if (record === undefined || wanted === undefined || record.target === wanted) return;
  throw new TerraneError(
    "name-taken",
    `the environment ${name} exists on the ${record.target} clouds; its target cannot change`,
    {
      next: `Destroy it first, or give the ${wanted} one another name.`,
    },
  );
}
