/** The part of the command table that helps to write documents. */
import { groups } from "./command-groups.ts";
import type { CommandDescriptor } from "./descriptor.ts";

export const writingCommands: readonly CommandDescriptor[] = [
  {
    name: "explain",
    group: groups.write,
    summary: "explain a key, a component, an error, or where a value comes from",
    description: [
      "A path begins with a kind of document or a component type. With an environment and a component it shows every " +
        "value and which layer decided it: a default, the class, the role, or a line of the blueprint.",
    ],
    arguments: [
      {
        name: "topic",
        summary: "Environment.tags, postgres.storage, `error`, or an environment",
        offer: "topic",
      },
      {
        name: "detail",
        summary: "with `error`: a code; with an environment: component@site[.field]",
        offer: "detail",
      },
    ],
    examples: [
      { command: "terrane explain", what: "where paths begin" },
      { command: "terrane explain postgres.storage", what: "type, default, who decides" },
      { command: "terrane explain Environment.tags", what: "a key of a document" },
      { command: "terrane explain shop-dev orders@virginia", what: "values, and where each comes from" },
      { command: "terrane explain error cidr-overlap", what: "what a code means, and what to do" },
    ],
    load: async () => (await import("./commands/explain.ts")).runExplain,
  },
  {
    name: "schema",
    group: groups.write,
    summary: "print the JSON Schema of the documents, for editors",
    description: [
      "`init` writes it as terrane.schema.json and a `yaml-language-server` line on top of every document, so that " +
        "editors complete and check. After an upgrade of terrane, --write renews it.",
    ],
    arguments: [
      {
        name: "kind",
        summary: "Blueprint, Environment, AddressPool or Project; default: all in one",
        offer: ["Blueprint", "Environment", "AddressPool", "Project"],
      },
    ],
    options: [{ flags: "--write", summary: "write terrane.schema.json beside terrane.yaml" }],
    examples: [
      { command: "terrane schema --write", what: "renew the project's schema" },
      { command: "terrane schema Blueprint", what: "of one kind, on stdout" },
    ],
    load: async () => (await import("./commands/schema.ts")).runSchema,
  },
];
