/**
 * After an environment is gone: asks the clouds once more what carries its tags. Whatever does was made by others for it
 * (a volume, a load balancer), or a deletion was confirmed that did not happen.
 */
import type { TaggedObject } from "../../model/cloud-inventory.ts";
import type { Change } from "./change.ts";

/** Names that fit on a screen. */
const named = 10;

export async function tellLeft({ inventory, graph, emit }: Change): Promise<void> {
  const { name, incarnation } = graph.environment;
  const tell = (severity: "info" | "warning", message: string) =>
    emit({ type: "diagnostic", stack: name, severity, message });
  if (inventory === undefined) {
    const hint = "look for the tag terrane:environment";
    return tell("info", `whether live clouds still hold something of ${name} was not asked; ${hint}`);
  }
  // What carries no tags was deleted by what the states knew of it, and is in no list.
  const left = (await inventory.listTagged(name)).filter((object) => object.incarnation === incarnation);
  if (left.length === 0) return;
  const rest = left.length > named ? `, and ${left.length - named} more` : "";
  const shown = left.slice(0, named).map(describe).join(", ");
  const look = `terrane cloud ls --environment ${name}`;
  tell(
    "warning",
    `the cloud still holds ${left.length} of ${name}: ${shown}${rest}. \`${look}\` shows them.`,
  );
}

function describe({ type, id, resource }: TaggedObject): string {
  const by = resource === undefined ? ", made by others" : "";
  return `${type.split(":").at(-1)} ${id}${by}`;
}
