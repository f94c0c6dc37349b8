/** Any Pulumi backend, as a place that stacks are taken to or from. */
import type { BackendCli } from "../../engine/backend-cli.ts";
import { movedTag, type StatePlace } from "../../state/backends/place.ts";
import { parsePortable, withProvider } from "../../state/backends/portable-state.ts";
import type { VersionedDeployment } from "../../state/deployment/deployment.ts";

export class BackendPlace implements StatePlace {
  readonly name: string;
  readonly #backend: BackendCli;

  /** @param name its URL, without credentials */
  constructor(name: string, backend: BackendCli) {
    this.name = name;
    this.#backend = backend;
  }

  async read(stack: string): Promise<VersionedDeployment | undefined> {
    const text = await this.#backend.exportState(stack);
    return text === undefined ? undefined : parsePortable(stack, text);
  }

  async write(stack: string, state: VersionedDeployment): Promise<void> {
    if ((await this.read(stack)) === undefined) await this.#backend.init(stack);
    // The backend has chosen how it seals the stack's secrets when it made the stack.
    const fresh = await this.read(stack);
    const provider = fresh?.deployment.secrets_providers ?? this.#backend.serviceProvider(stack);
    await this.#backend.importState(stack, JSON.stringify(withProvider(state, provider)));
  }

  async movedTo(stack: string): Promise<string | undefined> {
    return (await this.#backend.tags(stack))?.[movedTag];
  }

  async mark(stack: string, movedTo: string | undefined): Promise<void> {
    if (movedTo !== undefined) return this.#backend.setTag(stack, movedTag, movedTo);
    if ((await this.movedTo(stack)) !== undefined) await this.#backend.removeTag(stack, movedTag);
  }
}
