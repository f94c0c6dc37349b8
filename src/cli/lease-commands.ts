/** The part of the command table that deals with who holds an environment. */
import { groups } from "./command-groups.ts";
import type { CommandDescriptor } from "./descriptor.ts";

const environment = {
  name: "environment",
  summary: "name or file of the environment; may be left out where there is only one",
  offer: "environment",
} as const;

export const leaseCommands: readonly CommandDescriptor[] = [
  {
    name: "cancel",
    group: groups.change,
    summary: "ask whoever is at work on an environment to stop",
    description: [
      "Works from any machine that reaches the ledger, and means what Ctrl-C once means there: what runs is finished, " +
        "nothing more is begun. Heard within three seconds.",
    ],
    arguments: [environment],
    examples: [{ command: "terrane cancel shop-dev", what: "stop what runs there in good order" }],
    load: async () => (await import("./commands/cancel.ts")).runCancel,
  },
  {
    name: "unlock",
    group: groups.change,
    summary: "take an environment away from a holder that hangs",
    description: [
      "Never needed for a process that is gone: the next command takes over by itself. Whatever the holder would still " +
        "write is refused, and its engines on this machine are ended.",
    ],
    arguments: [environment],
    options: [
      {
        flags: "--holder <operation>",
        summary: "the operation that holds it, as `terrane status` shows it",
      },
    ],
    examples: [
      {
        command: "terrane unlock shop-dev --holder op-2f6c…",
        what: "after a look at `terrane status shop-dev`",
      },
    ],
    load: async () => (await import("./commands/unlock.ts")).runUnlock,
  },
];
