/** The `refresh` entry of the command table. */
import { groups } from "./command-groups.ts";
import type { CommandDescriptor } from "./descriptor.ts";

export const refreshCommand: CommandDescriptor = {
  name: "refresh",
  group: groups.change,
  stopsInOrder: true,
  summary: "bring the states in line with what the clouds hold",
  description: [
    "Reads every resource and shows what other hands have changed or deleted, property by property. Changes nothing " +
      "in a cloud, so it never asks; plan then shows what up would do about it.",
  ],
  arguments: [
    {
      name: "environment",
      summary: "name or file of the environment; may be left out where there is only one",
      offer: "environment",
    },
  ],
  options: [
    {
      flags: "--json-lines",
      summary: "stream events as JSON, one a line; the last line is the answer",
    },
  ],
  examples: [
    { command: "terrane refresh shop-dev", what: "what has changed behind its back" },
    { command: "terrane refresh shop-dev --json", what: "for a machine" },
  ],
  load: async () => (await import("./commands/refresh.ts")).runRefresh,
};
