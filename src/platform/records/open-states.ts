/** The states of a project's stacks, in the ledger's database, their secrets under the project's key. */
import { join } from "node:path";
import type { Project } from "../../model/documents.ts";
import type { Database } from "../../sql/database.ts";
import { DatabaseStore } from "../../state/database-store.ts";
import { StateKeys } from "../../state/keys/keys.ts";
import { StackStore } from "../../state/stacks/stack-store.ts";
import { type KeySurroundings, keySourceOf } from "./state-keys.ts";

/** Reads nothing yet. */
export function openStates(
  project: Project,
  database: Database,
  surroundings: KeySurroundings,
): DatabaseStore {
  const { now, root } = surroundings;
  const keys = new StateKeys({ database, source: keySourceOf(project, surroundings), now });
  const { retention } = project.state;
  const unsaved = join(root, ".terrane", "unsaved");
  return new DatabaseStore(new StackStore({ database, keys, now, retention, unsaved }), keys);
}
