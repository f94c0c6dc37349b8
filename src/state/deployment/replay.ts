/**
 * Makes the next state of a stack out of its last one and what the engine said since, as the engine itself would have
 * saved it. Pure, one pass: an entry costs the same however many came before it, and nothing handed in is changed.
 *
 * It agrees with `JournalReplayer` of `pkg/backend/journal.go`, 3.250.0, wherever what that makes passes the engine's
 * own integrity check; the differential test under test/engine holds the two against each other. They differ where
 * - a `replaceWith` names what is gone or was renamed (references.ts);
 * - an entry names an operation that made nothing: the engine's takes the first resource instead, here it is refused;
 * - an entry comes twice, as after a lost acknowledgement: here the second one counts for nothing;
 * - fields that 3.250.0 does not know stand in a state: the engine's drops them;
 * - operations are pending: the engine's lists them in any order, here they stand in the order in which they began.
 */
import { TerraneError } from "../../errors.ts";
import {
  type BegunOperation,
  type DeployedResource,
  type Deployment,
  featureSchemaVersion,
  manifestOf,
  plainSchemaVersion,
  type VersionedDeployment,
} from "./deployment.ts";
import { featuresOf, snippetsFeature } from "./features.ts";
import { actionOf, entryKinds, type JournalEntry } from "./journal-entry.ts";
import { dropDangling, followAliases } from "./references.ts";

export interface Written {
  /** Moment of the save. */
  readonly now: Date;
  /** Version of the engine whose entries these are, as it calls itself: `v3.250.0`. */
  readonly engine: string;
}

export class Replay {
  #base: Deployment;
  /** What this update made, in the order in which it was made. */
  #made: DeployedResource[] = [];
  /** Operation → index into `#made`. */
  #madeBy = new Map<number, number>();
  #unmade = new Set<number>();
  /** Indexes into the base's resources. */
  #removed = new Set<number>();
  #replaced = new Map<number, DeployedResource>();
  #toDelete = new Set<number>();
  #toReplace = new Set<number>();
  /** Operation → what it began. */
  #begun = new Map<number, BegunOperation>();
  #extensions = new Map<string, unknown>();
  #hasRefresh = false;
  /** Action → how many have ended well. */
  readonly #changes = new Map<string, number>();
  /** Sequence → kind and operation. */
  readonly #seen = new Map<number, string>();

  /** @param base of a new stack: `emptyDeployment` */
  constructor(base: Deployment) {
    this.#base = base;
  }

  /**
   * Takes the next entry, in the order of their acknowledgement: what depends on an entry is only sent after it.
   * @throws TerraneError `state-corrupt` for an entry that cannot belong to this update
   */
  add(entry: JournalEntry): void {
    if (this.#isRepeated(entry)) return;
    switch (entry.kind) {
      case entryKinds.begin:
        if (entry.operation) this.#begun.set(entry.operationID, entry.operation);
        return;
      case entryKinds.success:
        return this.#addSuccess(entry);
      case entryKinds.failure:
        this.#begun.delete(entry.operationID);
        return;
      case entryKinds.refreshSuccess:
        return this.#addRefresh(entry);
      case entryKinds.outputs:
        if (entry.state) this.#replaceState(entry, entry.state);
        return;
      case entryKinds.write:
        this.#base = present(entry.newSnapshot, entry, "state");
        return;
      case entryKinds.secretsManager:
        if (entry.secretsProvider) this.#base = { ...this.#base, secrets_providers: entry.secretsProvider };
        return;
      case entryKinds.snippets:
        this.#base = { ...this.#base, snippets: entry.snippets ?? [] };
        return;
      case entryKinds.rebuiltBaseState:
        return this.#rebase();
      case entryKinds.extensionParameterize:
        this.#extensions.set(present(entry.extensionRef, entry, "extension"), entry.extension);
        return;
    }
  }

  /**
   * The state after all entries so far. Entries may be added afterwards.
   * @throws TerraneError `state-corrupt` when two resources claim one former name
   */
  deployment(written: Written): VersionedDeployment {
    const { deployment, features } = this.#merge();
    return {
      version: features.length > 0 ? featureSchemaVersion : plainSchemaVersion,
      ...(features.length > 0 ? { features } : {}),
      deployment: { manifest: manifestOf(written.engine, written.now), ...deployment },
    };
  }

  #isRepeated(entry: JournalEntry): boolean {
    if (entry.sequenceID === 0) return false;
    const what = `${entry.kind} ${entry.operationID}`;
    const known = this.#seen.get(entry.sequenceID);
    if (known !== undefined && known !== what) {
      throw impossible(entry, "has the number of another one: two engines write in one update");
    }
    this.#seen.set(entry.sequenceID, what);
    return known !== undefined;
  }

  /** What was begun and has not ended. */
  get begun(): readonly BegunOperation[] {
    return [...this.#begun.values()];
  }

  /**
   * Number of resources by what was done to them, in the words of an engine's own summary; the stack's root is not
   * counted. Of a replacement its two halves are: a create and a delete.
   */
  get changes(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#changes);
  }

  #count({ type, resource }: BegunOperation): void {
    const action = actionOf(type);
    if (action === undefined || resource.type === "pulumi:pulumi:Stack") return;
    this.#changes.set(action, (this.#changes.get(action) ?? 0) + 1);
  }

  #addSuccess(entry: JournalEntry): void {
    const ended = this.#begun.get(entry.operationID);
    if (ended !== undefined) this.#count(ended);
    this.#begun.delete(entry.operationID);
    if (entry.state) {
      this.#madeBy.set(entry.operationID, this.#made.push(entry.state) - 1);
    }
    if (isIndex(entry.removeOld)) this.#removed.add(entry.removeOld);
    if (isIndex(entry.removeNew)) this.#unmade.add(this.#indexOf(entry, entry.removeNew));
    if (isIndex(entry.deleteOld)) this.#toDelete.add(entry.deleteOld);
    if (isIndex(entry.deleteNew)) this.#mark(this.#indexOf(entry, entry.deleteNew), { delete: true });
    if (isIndex(entry.pendingReplacementOld)) this.#toReplace.add(entry.pendingReplacementOld);
    if (isIndex(entry.pendingReplacementNew)) {
      this.#mark(this.#indexOf(entry, entry.pendingReplacementNew), { pendingReplacement: true });
    }
    if (entry.isRefresh) this.#hasRefresh = true;
  }

  #addRefresh(entry: JournalEntry): void {
    this.#begun.delete(entry.operationID);
    this.#hasRefresh = true;
    if (entry.state) return this.#replaceState(entry, entry.state);
    if (isIndex(entry.removeOld)) this.#removed.add(entry.removeOld);
    if (isIndex(entry.removeNew)) this.#unmade.add(this.#indexOf(entry, entry.removeNew));
  }

  #replaceState(entry: JournalEntry, state: DeployedResource): void {
    if (isIndex(entry.removeOld)) this.#replaced.set(entry.removeOld, state);
    if (isIndex(entry.removeNew)) this.#made[this.#indexOf(entry, entry.removeNew)] = state;
  }

  #mark(index: number, marks: Partial<DeployedResource>): void {
    const resource = this.#made[index];
    if (resource !== undefined) this.#made[index] = { ...resource, ...marks };
  }

  #indexOf(entry: JournalEntry, operation: number): number {
    const index = this.#madeBy.get(operation);
    if (index === undefined) throw impossible(entry, `refers to operation ${operation}, which made nothing`);
    return index;
  }

  /** What is so far becomes the base: after a refresh the engine counts resources anew. */
  #rebase(): void {
    this.#base = this.#merge().deployment;
    this.#made = [];
    this.#madeBy = new Map();
    this.#unmade = new Set();
    this.#removed = new Set();
    this.#replaced = new Map();
    this.#toDelete = new Set();
    this.#toReplace = new Set();
    this.#begun = new Map();
    this.#extensions = new Map();
  }

  #merge(): { readonly deployment: Deployment; readonly features: readonly string[] } {
    const resources = [...this.#made.filter((_, index) => !this.#unmade.has(index)), ...this.#kept()];
    const pending = this.#pending();
    const { manifest: _, snippets, ...base } = this.#base;
    const extensions = { ...Object.fromEntries(this.#extensions), ...base.extensions };
    const deployment: Deployment = {
      ...base,
      resources: this.#hasRefresh ? [...dropDangling(resources)] : resources,
      pending_operations: pending,
      metadata: base.metadata ?? {},
      ...(snippets?.length ? { snippets } : {}),
      ...(Object.keys(extensions).length > 0 ? { extensions } : {}),
    };
    const features = new Set([...resources, ...pending.map((each) => each.resource)].flatMap(featuresOf));
    if (snippets?.length) features.add(snippetsFeature);
    return { deployment: followAliases(deployment), features: [...features].sort() };
  }

  /** What the base had and this update did not touch, or only marked. */
  #kept(): DeployedResource[] {
    return (this.#base.resources ?? []).flatMap((resource, index) => {
      if (this.#removed.has(index)) return [];
      const replaced = this.#replaced.get(index);
      if (replaced !== undefined) return [replaced];
      const marks = {
        ...(this.#toDelete.has(index) ? { delete: true } : {}),
        ...(this.#toReplace.has(index) ? { pendingReplacement: true } : {}),
      };
      return [Object.keys(marks).length > 0 ? { ...resource, ...marks } : resource];
    });
  }

  /** A create begun by an earlier update stays until somebody found out what became of it. */
  #pending(): BegunOperation[] {
    const inOrder = [...this.#begun].sort(([one], [other]) => one - other).map(([, operation]) => operation);
    const earlier = (this.#base.pending_operations ?? []).filter(({ type }) => type === "creating");
    return [...inOrder, ...earlier];
  }
}

function isIndex(value: number | null | undefined): value is number {
  return typeof value === "number";
}

function present<T>(value: T | null | undefined, entry: JournalEntry, what: string): T {
  if (value === null || value === undefined) throw impossible(entry, `names no ${what}`);
  return value;
}

function impossible(entry: JournalEntry, why: string): TerraneError {
  return new TerraneError("state-corrupt", `journal entry ${entry.sequenceID} of the update ${why}`);
}
