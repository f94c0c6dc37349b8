/**
 * Checks what components say of each other: references, ranks, circles of components and of stacks. Tried for every
 * class, and with each site as the primary, as far as the blueprint makes a difference between them.
 */
import type { Catalog } from "../catalog/catalog.ts";
import type { Position } from "../errors.ts";
import type { ComponentEntry } from "../model/documents.ts";
import { formatAddress } from "../model/spec.ts";
import { type EnvironmentClass, environmentClasses, type Role } from "../model/words.ts";
import { type Path, toPointer } from "./document-source.ts";
import {
  blueprintRoles,
  expandBlueprint,
  type Instance,
  namesIn,
  referencesOf,
  type Situation,
} from "./instances.ts";
import type { Loaded } from "./load.ts";
import { findCycles } from "./order.ts";
import { type ProblemList, showText } from "./problem-list.ts";
import { ReferenceIndex, type ReferenceRefusal } from "./references.ts";
import { isTemplate } from "./template.ts";

/** One reference that leads somewhere. */
interface Wire {
  readonly from: string;
  readonly to: string;
  readonly fromStack: string;
  readonly toStack: string;
  readonly path: Path;
}

/** A name in a reference field, and where it stands. */
interface Name {
  readonly text: string;
  readonly path: Path;
  readonly pointer: string;
}

interface Failure {
  readonly refusal: ReferenceRefusal;
  readonly name: Name;
  readonly situations: Set<number>;
}

export function checkWiring(blueprint: Loaded<"Blueprint">, catalog: Catalog, problems: ProblemList): void {
  const situations = situationsOf(blueprint, catalog);
  const failures = new Map<string, Failure>();
  const tried = new Map<string, Set<number>>();
  const names = rememberedNames();
  for (const [number, situation] of situations.entries()) {
    const attempt = (name: Name) => {
      const numbers = tried.get(name.pointer);
      if (numbers === undefined) tried.set(name.pointer, new Set([number]));
      else numbers.add(number);
    };
    const wires = tryWiring(blueprint, catalog, situation, names, attempt, (name, refusal) => {
      const key = `${name.pointer} ${refusal.code} ${refusal.message}`;
      const known = failures.get(key);
      if (known === undefined) failures.set(key, { name, refusal, situations: new Set([number]) });
      else known.situations.add(number);
    });
    addCycles(blueprint, wires, problems);
  }
  for (const failure of failures.values()) {
    const numbers = tried.get(failure.name.pointer) ?? new Set<number>();
    const relevant = [...numbers].flatMap((number) => situations[number] ?? []);
    const failing = [...failure.situations].flatMap((number) => situations[number] ?? []);
    addFailure(blueprint, failure, whenWords(failing, relevant), problems);
  }
}

/** References × sites × situations that are tried; the first situations are those the blueprint starts with. */
const maxTries = 100_000;

/** Only what makes a difference: most blueprints have one situation. */
function situationsOf(blueprint: Loaded<"Blueprint">, catalog: Catalog): readonly Situation[] {
  const entries = Object.values(blueprint.document.components);
  const refers = (entry: ComponentEntry, overrides: object | undefined) => {
    const contract = catalog.find(entry.type);
    const layers = Object.values(overrides ?? {}) as readonly object[];
    return (
      contract !== undefined &&
      layers.some((layer) => Object.keys(layer).some((key) => referencesOf(contract).has(key)))
    );
  };
  const byClass = entries.some((entry) => entry.when?.class !== undefined || refers(entry, entry.byClass));
  const byRole = entries.some((entry) => entry.when?.role !== undefined || refers(entry, entry.byRole));
  const classes: readonly EnvironmentClass[] = byClass ? environmentClasses : ["dev"];
  const first = blueprintRoles(blueprint.document);
  const assignments: ReadonlyMap<string, Role>[] = [first];
  if (byRole && first.size > 1) {
    for (const primary of first.keys()) {
      if (first.get(primary) === "primary") continue;
      assignments.push(
        new Map([...first.keys()].map((name) => [name, name === primary ? "primary" : "standby"])),
      );
    }
  }
  const all = assignments.flatMap((roles) => classes.map((each) => ({ class: each, roles })));
  const names = entries.flatMap((entry) => Object.values(entry).flatMap(namesIn)).length + entries.length;
  return all.slice(0, Math.max(1, Math.floor(maxTries / (names * first.size))));
}

type NamesOf = (path: Path, value: unknown) => readonly Name[];

/** A field stands once in the blueprint and is tried in every site and situation: its names are read once. */
function rememberedNames(): NamesOf {
  const known = new Map<string, readonly Name[]>();
  return (path, value) => {
    const field = toPointer(path);
    const found = known.get(field);
    if (found !== undefined) return found;
    const names = namesIn(value)
      .filter(({ text }) => !isTemplate(text))
      .map(({ text, path: inner }) => ({
        text,
        path: [...path, ...inner],
        pointer: `${field}${toPointer(inner)}`,
      }));
    known.set(field, names);
    return names;
  };
}

type Fail = (name: Name, refusal: ReferenceRefusal) => void;

function tryWiring(
  blueprint: Loaded<"Blueprint">,
  catalog: Catalog,
  situation: Situation,
  names: NamesOf,
  attempt: (name: Name) => void,
  fail: Fail,
): readonly Wire[] {
  const { broken } = blueprint.source;
  const { components } = blueprint.document;
  const instances = expandBlueprint(blueprint.document, catalog, situation);
  const isBroken = (name: string, site: string) => {
    const entry = Object.hasOwn(components, name) ? components[name] : undefined;
    const isUntyped = entry !== undefined && catalog.find(entry.type) === undefined;
    return isUntyped || broken.has(`components/${name}`) || broken.has(`sites/${site}`);
  };
  const index = new ReferenceIndex(instances, blueprint.document, isBroken);
  return instances.flatMap((instance) => wiresOf(instance, index, names, attempt, fail));
}

function wiresOf(
  instance: Instance,
  index: ReferenceIndex,
  names: NamesOf,
  attempt: (name: Name) => void,
  fail: Fail,
): readonly Wire[] {
  const wires: Wire[] = [];
  const from = formatAddress({ component: instance.name, site: instance.site });
  const fromStack = `${instance.site}.${instance.contract.domain}`;
  for (const [field, info] of referencesOf(instance.contract)) {
    const setting = instance.fields.get(field);
    if (setting?.path === undefined) continue;
    const seen = new Set<string>();
    for (const name of names(setting.path, setting.value)) {
      attempt(name);
      const resolved = index.resolve(name.text, instance, info);
      if (!resolved.ok) {
        if (!resolved.isSilent) fail(name, resolved.refusal);
        continue;
      }
      const { target } = resolved;
      const to = formatAddress({ component: target.name, site: target.site });
      if (seen.has(to)) fail(name, { code: "bad-value", message: "the same component is named twice" });
      seen.add(to);
      const toStack = `${target.site}.${target.contract.domain}`;
      wires.push({ from, to, fromStack, toStack, path: name.path });
    }
  }
  return wires;
}

function addFailure(
  blueprint: Loaded<"Blueprint">,
  failure: Failure,
  when: string,
  problems: ProblemList,
): void {
  const { code, message, ...suggestion } = failure.refusal;
  problems.add(
    {
      code,
      severity: "error",
      message: `${message}${when}`,
      position: blueprint.source.positionOf(failure.name.path),
      path: failure.name.pointer,
      seen: showText(failure.name.text),
    },
    suggestion,
  );
}

/** `, in class prod, dev` or `, while iowa is the primary`; empty where it fails wherever it is tried. */
function whenWords(failing: readonly Situation[], tried: readonly Situation[]): string {
  const primaryOf = (each: Situation) =>
    [...each.roles].find(([, role]) => role === "primary")?.[0] ?? "no site";
  const classes = new Set(failing.map((each) => each.class));
  const primaries = new Set(failing.map(primaryOf));
  const allClasses = new Set(tried.map((each) => each.class)).size;
  const allPrimaries = new Set(tried.map(primaryOf)).size;
  const inClass = classes.size < allClasses ? ` in class ${[...classes].join(", ")}` : "";
  const inRole = primaries.size < allPrimaries ? ` while ${[...primaries].join(" or ")} is the primary` : "";
  return inClass === "" && inRole === "" ? "" : `,${inClass}${inRole}`;
}

function addCycles(blueprint: Loaded<"Blueprint">, wires: readonly Wire[], problems: ProblemList): void {
  const isOneSite = Object.keys(blueprint.document.sites).length === 1;
  const inCycle = new Set<string>();
  for (const cycle of findCycles(edgesOf(wires, "from", "to"))) {
    for (const name of cycle) inCycle.add(name);
    const shown = cycle.map((address) => (isOneSite ? address.replace(/@.*$/, "") : address));
    const message = `components refer in a circle: ${shown.join(" → ")}`;
    addAt(blueprint, "reference-cycle", message, placesOf(cycle, wires, "from", "to"), problems);
  }
  const between = wires.filter(
    (wire) => wire.fromStack !== wire.toStack && !(inCycle.has(wire.from) && inCycle.has(wire.to)),
  );
  for (const cycle of findCycles(edgesOf(between, "fromStack", "toStack"))) {
    const places = placesOf(cycle, between, "fromStack", "toStack");
    const steps = places.map((wire) => `${wire.from} refers to ${wire.to}`);
    const message = `stacks depend on each other in a circle: ${cycle.join(" → ")} (${steps.join("; ")})`;
    addAt(blueprint, "stack-cycle", message, places, problems);
  }
}

/** One wire for each step of a circle. */
function placesOf(
  cycle: readonly string[],
  wires: readonly Wire[],
  from: "from" | "fromStack",
  to: "to" | "toStack",
): readonly Wire[] {
  const steps = new Map(cycle.slice(0, -1).map((name, at) => [name, cycle[at + 1]]));
  const found = new Map<string, Wire>();
  for (const wire of wires) {
    if (steps.get(wire[from]) === wire[to] && !found.has(wire[from])) found.set(wire[from], wire);
  }
  return [...steps.keys()].flatMap((name) => found.get(name) ?? []);
}

function addAt(
  blueprint: Loaded<"Blueprint">,
  code: "reference-cycle" | "stack-cycle",
  message: string,
  places: readonly Wire[],
  problems: ProblemList,
): void {
  const [first, ...others] = places;
  const position: Position = blueprint.source.positionOf(first?.path ?? ["components"]);
  problems.add({
    code,
    severity: "error",
    message,
    position,
    path: toPointer(first?.path ?? ["components"]),
    related: others.map((wire) => ({
      position: blueprint.source.positionOf(wire.path),
      message: `${wire.from} refers to ${wire.to}`,
    })),
  });
}

function edgesOf(
  wires: readonly Wire[],
  from: "from" | "fromStack",
  to: "to" | "toStack",
): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const wire of wires) {
    const targets = edges.get(wire[from]) ?? new Set<string>();
    edges.set(wire[from], targets.add(wire[to]));
    if (!edges.has(wire[to])) edges.set(wire[to], new Set());
  }
  return edges;
}
