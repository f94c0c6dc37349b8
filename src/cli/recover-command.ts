/** `terrane recover`, as an entry of the table of commands. */
import { groups } from "./command-groups.ts";
import type { CommandDescriptor } from "./descriptor.ts";

function refuseMade(value: string): string | undefined {
  return /^urn:pulumi:.+=.+$/.test(value) ? undefined : "the URN, =, and the id of what was made";
}

function refuseUrn(value: string): string | undefined {
  return value.startsWith("urn:pulumi:") ? undefined : "the URN as the message had it";
}

export const recoverCommand: CommandDescriptor = {
  name: "recover",
  group: groups.change,
  stopsInOrder: true,
  summary: "put in order what a killed operation left open",
  description: [
    "Takes over from a process that is gone, looks in the clouds for what it had begun, and prints the command that " +
      "goes on. Never asks. up and destroy do the same by themselves; where nothing is open, nothing is done.",
    "--rebuild takes what the clouds hold under an environment's tags into its states: by the record of what was " +
      "applied last or, where that is older or gone, by the documents as they are now; it says which. A plan without a " +
      "change is the proof. What was deleted by hand is named, and made by the next up.",
  ],
  arguments: [
    { name: "environment", summary: "name or file of one environment; default: all", offer: "environment" },
  ],
  options: [
    {
      flags: "--made <urn=id>",
      summary: "what a create made that the clouds cannot tell of; for each one again",
      many: true,
      refuse: refuseMade,
    },
    {
      flags: "--not-made <urn>",
      summary: "a create that made nothing, where the clouds cannot tell; for each one again",
      many: true,
      refuse: refuseUrn,
    },
    {
      flags: "--rebuild",
      summary: "rebuild lost or old states from the clouds' tags; changes nothing in a cloud",
    },
  ],
  examples: [
    { command: "terrane recover", what: "every environment" },
    { command: "terrane recover shop-dev --json", what: "one, for a script" },
    { command: "terrane recover shop-dev --rebuild", what: "after its state was lost" },
  ],
  load: async () => (await import("./commands/recover.ts")).runRecover,
};
