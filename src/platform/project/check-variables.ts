/** What the caller's environment variables would have done to an engine: told, and in one case refused. */
import { strayVariables } from "../../engine/environment.ts";
import { TerraneError } from "../../errors.ts";
import type { Emit } from "../../model/event.ts";
import type { EnvironmentSpec } from "../../model/spec.ts";

/** Gives up the record of what was begun; whoever sets it does not want what class prod promises. */
const skipsCheckpoints = "PULUMI_SKIP_CHECKPOINTS";

/**
 * None of them reaches the engine. Each is worth a warning, since whoever set it expects something else.
 * @throws TerraneError `bad-usage` when checkpoints are to be skipped in class prod
 */
export function checkVariables(
  spec: Pick<EnvironmentSpec, "name" | "class">,
  environment: Readonly<Record<string, string | undefined>>,
  emit: Emit,
): void {
  const stray = strayVariables(environment);
  if (spec.class === "prod" && stray.some((variable) => variable.name === skipsCheckpoints)) {
    throw new TerraneError("bad-usage", `${skipsCheckpoints} is set, and ${spec.name} is of class prod`, {
      next: `unset ${skipsCheckpoints}`,
    });
  }
  for (const { message } of stray)
    emit({ type: "diagnostic", stack: spec.name, severity: "warning", message });
}
