/** Rows in the shapes of the Pulumi service. Source: `sdk/go/common/apitype` of 3.250.0. Pure. */
import { organization } from "../deployment/canonical.ts";
import type { Stack } from "../stacks/stack-rows.ts";
import type { Update } from "../stacks/update-rows.ts";

/** `StackSummary` */
export function toSummary(stack: Stack): object {
  return {
    id: stack.id,
    orgName: organization,
    projectName: stack.project,
    stackName: stack.name,
    ...(stack.updatedAt === undefined ? {} : { lastUpdate: seconds(stack.updatedAt) }),
    ...(stack.serial === 0 ? {} : { resourceCount: stack.resources }),
  };
}

/** `Stack`. @param active the update at work, where it can be cancelled here */
export function toWireStack(stack: Stack, active: Update | undefined): object {
  return {
    id: stack.id,
    orgName: organization,
    projectName: stack.project,
    stackName: stack.name,
    activeUpdate: stack.activeUpdate ?? "",
    tags: stack.tags,
    version: stack.version,
    ...(active === undefined
      ? {}
      : {
          currentOperation: {
            kind: active.kind,
            author: active.lease.operation,
            started: seconds(active.startedAt),
          },
        }),
  };
}

/** `UpdateInfo` */
export function toInfo(update: Update): object {
  const { status } = update;
  const result = status === "running" ? "in-progress" : status === "succeeded" ? "succeeded" : "failed";
  return {
    kind: update.kind,
    startTime: seconds(update.startedAt),
    message: update.about.message,
    environment: update.about.environment,
    config: update.about.config,
    result,
    endTime: update.endedAt === undefined ? 0 : seconds(update.endedAt),
    version: update.version,
    ...(update.changes === undefined ? {} : { resourceChanges: update.changes }),
  };
}

/** Seconds since 1970. */
function seconds(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}
