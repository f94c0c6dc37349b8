/** `terrane lock`, as an entry of the table of commands. */
import { groups } from "./command-groups.ts";
import type { CommandDescriptor } from "./descriptor.ts";

export const lockCommand: CommandDescriptor = {
  name: "lock",
  group: groups.start,
  summary: "hold environments to a version of their blueprint",
  description: [
    "Writes a lock beside each environment that has none, and keeps one that still fits.",
    "The first up does the same. Nothing but the lock changes; plan shows what it means.",
  ],
  arguments: [
    { name: "environment", summary: "name or file of one environment; default: all", offer: "environment" },
  ],
  options: [{ flags: "--update", summary: "move to the highest version within the range" }],
  examples: [
    { command: "terrane lock", what: "every environment" },
    { command: "terrane lock shop-dev --update", what: "move one to the newest version" },
    { command: "terrane lock --locked", what: "in CI: fail where a lock would change" },
  ],
  load: async () => (await import("./commands/lock.ts")).runLock,
};
