/**
 * Opens everything that a change of one environment works with: engine, state, programs, policies and, for the
 * simulated target, the clouds themselves. What is opened is closed with it.
 */
import { availableParallelism } from "node:os";
import type { EngineRequest } from "../../engine/request.ts";
import { identityOf } from "../../ledger/holder.ts";
import { type Lease, leaseLost } from "../../ledger/lease.ts";
import type { Emit } from "../../model/event.ts";
import type { StepAction } from "../../model/plan.ts";
import type { StackGraph } from "../../model/spec.ts";
import type { StateAccess } from "../../model/state-access.ts";
import { type TracedCall, trace } from "../../model/trace-points.ts";
import type { Target } from "../../model/words.ts";
import { typeInfo, typicalSeconds } from "../../simulator/models.ts";
import { makeMask, noMask } from "../../values/mask.ts";
import type { ChangeOptions } from "../api.ts";
import { type App, once } from "../app.ts";
import { Judges } from "../planning/judges.ts";
import { programDigest } from "../program-digest.ts";
import { checkVariables } from "../project/check-variables.ts";
import { catalogOf } from "../project/component-catalog.ts";
import { hideSecrets, textsOf } from "../project/hide-secrets.ts";
import type { Prepared } from "../project/prepare.ts";
import { componentsOf, readSecrets } from "../project/secret-parameters.ts";
import { findExisting } from "../recovery/find-existing.ts";
import { simulatedInventory } from "../recovery/simulated-inventory.ts";
import type { Change, ChangeEngine, PlanSubject, TypeFacts } from "./change.ts";
import { collectEarly } from "./collect-early.ts";
import { watchMemory } from "./memory-watch.ts";
import { type Machine, stacksAtOnce } from "./stacks-at-once.ts";
import { Stopwatch } from "./stopwatch.ts";
import { Tenure } from "./tenure.ts";

function thisMachine(): Machine {
  return { cores: availableParallelism(), memory: process.availableMemory() };
}

export interface OpenChange extends Change, AsyncDisposable {}

/** What the simulated clouds' providers do with a create: make something, or find what is there and make nothing. */
export type CreateMode = "make" | "find";

/** @throws TerraneError `engine-missing`, `engine-version`, `bad-usage` */
export async function openChange(
  app: App,
  prepared: Prepared,
  options: ChangeOptions,
  operation: string,
  creates: CreateMode = "make",
): Promise<OpenChange> {
  const { graph, target } = prepared;
  const { hiding, secrets } = openSecrets(app, graph);
  const stopwatch = new Stopwatch(() => performance.now());
  const emit: Emit = (event) => {
    stopwatch.take(event);
    options.emit(hiding.mask(event));
  };
  checkVariables(prepared.spec, app.context.environment, emit);
  const [found, subject, { makeProgram }, { selectEnvironment }] = await Promise.all([
    app.engine(),
    openSubject(app, prepared),
    import("../../../stacks/program.ts"),
    import("../../engine/environment.ts"),
  ]);
  const judges = new Judges(app, target, hiding);
  const tenure = new Tenure();
  await using opening = new AsyncDisposableStack();
  opening.use(collectEarly());
  const signal = AbortSignal.any([options.signal, tenure.asked, opening.use(watchMemory()).signal]);
  const providers =
    target === "simulated" ? await startSimulated(app, opening, operation, creates) : undefined;
  const common: CommonRequest = {
    engine: found,
    home: app.context.home,
    emit,
    signal,
    force: options.force === undefined ? tenure.lost : AbortSignal.any([tenure.lost, options.force]),
    ...(providers === undefined ? {} : { providers }),
    environment: selectEnvironment(app.context.environment, target),
  };
  const engine = hideSecrets(await loadEngine(makeRequests(app, tenure, common)), hiding);
  const [catalog, resources] = [catalogOf(app.context), opening.move()];
  return {
    ...subject,
    engine,
    makeProgram: async (spec, upstream) => makeProgram({ spec, upstream, catalog, secrets: await secrets() }),
    judgeFor: (spec) => judges.of(spec),
    dated: (stack) => judges.dated(stack),
    recordedOutputs: async () => (await app.ledger()).readOutputs(graph.environment.name),
    tenure,
    operation,
    ...cloudsAnswers(app, target, operation),
    timings: (stack) => stopwatch.read(stack),
    typicalTime: (type, action) =>
      typicalTime(type, action, target === "live" ? 1000 : (app.context.pace ?? 0)),
    emit,
    signal,
    parallel: options.parallel ?? stacksAtOnce(thisMachine()),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** The mask takes out what has been read so far: nothing is read before a program needs it. */
function openSecrets(app: App, graph: StackGraph) {
  const hiding = { mask: noMask };
  const secrets = once(async () => {
    const sources = { root: app.root, environment: app.context.environment };
    const found = await readSecrets(componentsOf(graph), sources);
    hiding.mask = makeMask(textsOf(found));
    return found;
  });
  return { hiding, secrets };
}

/** What every engine of a change is asked with. */
type CommonRequest = Omit<EngineRequest, "stack" | "state">;
type MakeRequest = (stack: string, access: StateAccess) => EngineRequest;

interface Requests {
  /** For an engine that only previews. It needs no record: nothing of it is written, and it ends with our process. */
  readonly reading: MakeRequest;
  /** For one that writes: it is on record before it begins. */
  readonly writing: MakeRequest;
}

function makeRequests(app: App, tenure: Tenure, common: CommonRequest): Requests {
  return {
    reading: (stack, state) => ({
      ...{ ...common, stack, state },
      onEngineStart: (pid) => trace("engine:started", { stack, pid, writes: false }),
    }),
    writing: (stack, state) => ({
      ...{ ...common, stack, state },
      putOnRecord: (pid) => noteEngine(app, tenure.lease, stack, pid),
      onEngineStart: (pid) => trace("engine:started", { stack, pid, writes: true }),
    }),
  };
}

/**
 * So that whoever takes over can end it.
 * @throws TerraneError `lease-lost`; `database-unavailable`: nothing is begun that nobody could end
 */
async function noteEngine(app: App, lease: Lease, stack: string, pid: number): Promise<void> {
  trace("engine:waiting", { stack, pid });
  const { leases } = await app.ledger();
  if (!(await leases.addEngine(lease, stack, identityOf(pid)))) throw leaseLost(lease);
}

/** For a plan that needs no preview. */
export async function openSubject(app: App, prepared: Prepared): Promise<PlanSubject> {
  const { graph, target, sources, moves } = prepared;
  return {
    graph,
    target,
    sources,
    moves,
    state: await app.state(),
    typeFacts: (type) => factsOf(type, target),
    programs: () => programDigest(graph.environment, app.context.components),
  };
}

/** What only the simulated clouds can be asked yet. */
function cloudsAnswers(
  app: App,
  target: Target,
  operation: string,
): Pick<Change, "virtualSeconds" | "inventory"> {
  if (target === "live") return { virtualSeconds: async () => undefined };
  return {
    virtualSeconds: async () => (await app.clouds()).virtualSeconds(operation),
    inventory: simulatedInventory(app.clouds),
  };
}

/** Plugin name → port of the simulated clouds' providers. */
async function startSimulated(
  app: App,
  opening: AsyncDisposableStack,
  operation: string,
  creates: CreateMode,
): Promise<Readonly<Record<string, number>>> {
  const { startProviders } = await import("../../simulator/provider/server.ts");
  const clouds = await app.clouds();
  const providers = opening.adopt(
    await startProviders(clouds, {
      operation,
      ...(creates === "make" ? {} : { existing: (about, inputs) => findExisting(clouds, about, inputs) }),
      paceMillisecondsPerVirtualSecond: app.context.pace ?? 0,
      hooks: {
        before: async (call: TracedCall) => trace("call:received", call),
        after: async (call: TracedCall) => trace("call:done", call),
      },
    }),
    (running) => running.close(),
  );
  return providers.ports;
}

async function loadEngine({ reading, writing }: Requests): Promise<ChangeEngine> {
  const [
    { previewStack },
    { upStack },
    { destroyStack },
    { refreshStack },
    { settleByState },
    { adoptBegun },
  ] = await Promise.all([
    import("../../engine/preview.ts"),
    import("../../engine/up.ts"),
    import("../../engine/destroy.ts"),
    import("../../engine/refresh.ts"),
    import("../../engine/settle.ts"),
    import("../../engine/adopt.ts"),
  ]);
  return {
    preview: (stack, access, request) => previewStack({ ...reading(stack, access), ...request }),
    up: (stack, access, request) => upStack({ ...writing(stack, access), ...request }),
    destroy: (stack, access) => destroyStack(writing(stack, access)),
    refresh: (stack, access) => refreshStack(writing(stack, access)),
    adopt: (stack, access, find) => adoptBegun({ ...writing(stack, access), find }),
    settle: settleByState,
  };
}

/** A live cloud's provider knows every type; the simulator knows those it has a model of. */
function factsOf(type: string, target: Target): TypeFacts {
  const { modelled, stateful } = typeInfo(type);
  return { stateful, replacementKnown: target === "live" || modelled };
}

function typicalTime(type: string, action: StepAction, perSecond: number): number | undefined {
  const verb = action === "update" || action === "delete" ? action : "create";
  const seconds = typicalSeconds(type, verb);
  return seconds === undefined ? undefined : seconds * perSecond;
}
