/** A state under another stack's name: every URN names its stack and project. Pure. */

import type { StackRef } from "../stacks/stack-rows.ts";
import { ownedBy } from "./canonical.ts";
import type { VersionedDeployment } from "./deployment.ts";

export function renameInState(state: VersionedDeployment, from: StackRef, to: StackRef): VersionedDeployment {
  const prefix = `urn:pulumi:${from.name}::${from.project}::`;
  const root = `${prefix}pulumi:pulumi:Stack::${from.project}-${from.name}`;
  const newPrefix = `urn:pulumi:${to.name}::${to.project}::`;
  const newRoot = `${newPrefix}pulumi:pulumi:Stack::${to.project}-${to.name}`;
  const rename = (value: unknown): unknown => {
    if (typeof value === "string") {
      if (value === root) return newRoot;
      return value.startsWith(prefix) ? newPrefix + value.slice(prefix.length) : value;
    }
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rename(each)]));
  };
  const deployment = rename(state.deployment) as VersionedDeployment["deployment"];
  return { ...state, deployment: ownedBy(deployment, to.project, to.name) };
}
