/** The states in the ledger's database, as a place that stacks are taken to or from. */
import { organization } from "../deployment/canonical.ts";
import type { VersionedDeployment } from "../deployment/deployment.ts";
import { environmentOf } from "../stacks/sound-checkpoint.ts";
import { type StackRef, toName } from "../stacks/stack-rows.ts";
import { openSecrets, sealSecrets } from "../stacks/stack-secrets.ts";
import type { StackStore } from "../stacks/stack-store.ts";
import type { StateHand } from "../stacks/state-archive.ts";
import { movedTag, type StatePlace } from "./place.ts";
import { withProvider } from "./portable-state.ts";

/** Pulumi project of every stack. */
const project = "terrane";

export class LedgerPlace implements StatePlace {
  readonly name: string;
  readonly #store: StackStore;
  readonly #by: StateHand & { readonly now: () => Date };

  /** @param name of the ledger, for people. @param by who writes, and under which lease */
  constructor(name: string, store: StackStore, by: StateHand & { readonly now: () => Date }) {
    this.name = name;
    this.#store = store;
    this.#by = by;
  }

  async read(stack: string): Promise<VersionedDeployment | undefined> {
    const row = await this.#store.find(refOf(stack));
    if (row === undefined) return undefined;
    await this.#store.closeInterrupted(row, this.#by.lease);
    return openSecrets(await this.#store.state(row), this.#store.cipherOf(row));
  }

  async write(stack: string, state: VersionedDeployment): Promise<void> {
    const ref = refOf(stack);
    const made = (await this.#store.find(ref)) ?? (await this.#store.create(ref, this.#by.lease));
    const service = { type: "service", state: { owner: organization, project, stack } };
    const sealed = await sealSecrets(withProvider(state, service), this.#store.cipherOf(made));
    const row = await this.#store.get(ref);
    const { lease, who, now } = this.#by;
    const environment = environmentOf(row);
    await this.#store.save(row, sealed, {
      lease,
      reason: "import",
      audit: (head) => [
        {
          at: now().toISOString(),
          who,
          what: "state taken in",
          ...(environment === undefined ? {} : { environment }),
          stack: toName(row),
          operation: lease.operation,
          left: { stacks: { [toName(row)]: head } },
        },
      ],
    });
  }

  async movedTo(stack: string): Promise<string | undefined> {
    return (await this.#store.find(refOf(stack)))?.tags[movedTag];
  }

  async mark(stack: string, movedTo: string | undefined): Promise<void> {
    const { [movedTag]: before, ...tags } = (await this.#store.get(refOf(stack))).tags;
    if (before === movedTo) return;
    const next = movedTo === undefined ? tags : { ...tags, [movedTag]: movedTo };
    const what = movedTo === undefined ? "state is here" : "state taken elsewhere";
    await this.#store.setTags(refOf(stack), next, this.#by.lease, what);
  }
}

function refOf(stack: string): StackRef {
  return { project, name: stack };
}
