/** Writes the lock of an environment beside its document, and says what there is to say of versions. */
import { relative, resolve } from "node:path";
import type { Loaded } from "../../blueprint/load.ts";
import { lockText } from "../../blueprint/locks.ts";
import { lockPath } from "../../blueprint/project-files.ts";
import type { Emit } from "../../model/event.ts";
import type { Lock } from "../../model/lock.ts";
import { writeWhole } from "../../state/write-whole.ts";
import type { PlatformContext } from "../context.ts";
import type { FoundEnvironment } from "./open-project.ts";

/** Written aside and renamed: whoever reads sees the old lock or the new one. Answers its path. */
export async function writeLock(
  context: PlatformContext,
  environment: Loaded<"Environment">,
  lock: Lock,
): Promise<string> {
  const path = lockPath(resolve(context.dir, environment.source.file), environment.name);
  await writeWhole(path, lockText(lock));
  return path;
}

/** Before a plan: what is odd about the lock, and what it holds back. */
export function tellVersions(found: FoundEnvironment, emit: Emit): void {
  const { environment, blueprint, newer, warnings } = found;
  const stack = environment.name;
  for (const { message, next } of warnings) {
    const text = next === undefined ? message : `${message}. ${next}`;
    emit({ type: "diagnostic", stack, severity: "warning", message: text });
  }
  if (newer === undefined) return;
  const message = `${blueprint.name} ${newer} is available; ${environment.name} is locked to ${blueprint.document.metadata.version} (terrane lock ${environment.name} --update)`;
  emit({ type: "diagnostic", stack, severity: "info", message });
}

/** What `up` does once it was allowed to go on. */
export async function keepLock(context: PlatformContext, found: FoundEnvironment, emit: Emit): Promise<void> {
  const { environment, lock, nextLock } = found;
  if (nextLock === undefined) return;
  const path = relative(context.dir, await writeLock(context, environment, nextLock));
  const { name, version } = nextLock.blueprint;
  const message = `${lock === undefined ? "locked to" : "renewed the lock on"} ${name} ${version}: commit ${path}`;
  emit({ type: "diagnostic", stack: environment.name, severity: "info", message });
}
