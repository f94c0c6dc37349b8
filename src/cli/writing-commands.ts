/** The part of the command table that helps to write documents. */
import { groups } from "./command-groups.ts";
import type { CommandDescriptor } from "./descriptor.ts";

export const writingCommands: readonly CommandDescriptor[] = [
  {
    name: "schema",
    group: groups.write,
    summary: "print the JSON Schema of the documents, for editors",
    description: [
      "`init` writes it as terrane.schema.json and a `yaml-language-server` line on top of every document, so that " +
        "editors complete and check. After an upgrade of terrane, --write renews it.",
    ],
    arguments: [
      { name: "kind", summary: "Blueprint, Environment, AddressPool or Project; default: all in one" },
    ],
    options: [{ flags: "--write", summary: "write terrane.schema.json beside terrane.yaml" }],
    examples: [
      { command: "terrane schema --write", what: "renew the project's schema" },
      { command: "terrane schema Blueprint", what: "of one kind, on stdout" },
    ],
    load: async () => (await import("./commands/schema.ts")).runSchema,
  },
];
