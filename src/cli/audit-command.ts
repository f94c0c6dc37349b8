/** `terrane audit`, as an entry of the table of commands. */
import { groups } from "./command-groups.ts";
import type { CommandDescriptor } from "./descriptor.ts";

const mostRecords = 1000;

function refuseLimit(value: string): string | undefined {
  const number = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  return number >= 1 && number <= mostRecords ? undefined : `a whole number from 1 to ${mostRecords}`;
}

function refuseNoted(value: string): string | undefined {
  return /^[1-9]\d{0,14}:[0-9a-f]{64}$/.test(value)
    ? undefined
    : "what `terrane audit verify` printed: 42:<64 digits>";
}

export const auditCommand: CommandDescriptor = {
  name: "audit",
  group: groups.look,
  summary: "show who did what, and whether the records still fit",
  description: [
    "A record is written in the transaction that it describes, and holds the hash of the one before it.",
  ],
  subcommands: [
    {
      name: "list",
      aliases: ["ls"],
      summary: "list the records, newest first",
      arguments: [
        {
          name: "environment",
          summary: "name or file of one environment; default: all",
          offer: "past-environment",
        },
      ],
      options: [{ flags: "--limit <number>", summary: "how many records; default: 50", refuse: refuseLimit }],
      examples: [
        { command: "terrane audit list", what: "the newest 50" },
        { command: "terrane audit list shop-dev --json", what: "of one environment, for a script" },
      ],
      load: async () => (await import("./commands/audit.ts")).runAuditList,
    },
    {
      name: "verify",
      summary: "find the first record that was changed, taken out or put in",
      description: [
        "Follows the chain, and holds operations, records of environments and stacks against what it says was left. " +
          "Exits with 1 at the first record that does not fit.",
        "Whoever can write the whole database can chain it anew: note the head that this prints where they cannot " +
          "write, and give it with --noted the next time.",
      ],
      options: [
        {
          flags: "--noted <head>",
          summary: "a head that was printed before, which must still be in the chain",
          refuse: refuseNoted,
        },
      ],
      examples: [
        { command: "terrane audit verify", what: "everything" },
        { command: "terrane audit verify --json", what: "for a nightly job" },
      ],
      load: async () => (await import("./commands/audit.ts")).runAuditVerify,
    },
    {
      name: "accept",
      summary: "let a database that was put back to an earlier day count",
      description: [
        "Each machine keeps the last record that it has seen, outside the database. A ledger that no longer holds it " +
          "is refused, since what stands in it is not what is: put the newest copy back. Where there is none, accept " +
          "this one by its last record. That is written down, and each environment is held against its clouds anew.",
      ],
      arguments: [
        { name: "head", required: true, summary: "last record of the ledger, as the refusal showed it" },
      ],
      examples: [
        {
          command: `terrane audit accept 42:${"5f".repeat(32)}`,
          what: "after last week's backup was put back",
        },
      ],
      load: async () => (await import("./commands/audit.ts")).runAuditAccept,
    },
  ],
};
