/** The part of the command table that shows what there is: environments, resources, operations. */
import { groups } from "./command-groups.ts";
import type { CommandDescriptor } from "./descriptor.ts";

const mostOperations = 1000;

function refuseLimit(value: string): string | undefined {
  const number = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  return number >= 1 && number <= mostOperations ? undefined : `a whole number from 1 to ${mostOperations}`;
}

export const inventoryCommands: readonly CommandDescriptor[] = [
  {
    name: "list",
    aliases: ["ls"],
    group: groups.look,
    summary: "list environments, up or only written down",
    description: [
      "Puts the documents of the project beside what the ledger has on record, one line an environment. " +
        "Starts no engine.",
    ],
    options: [
      { flags: "--limit <number>", summary: "at most so many environments", refuse: refuseLimit },
      {
        flags: "--after <environment>",
        summary: "only those behind this one, by name",
        offer: "environment",
      },
    ],
    examples: [
      { command: "terrane list", what: "every environment" },
      { command: "terrane list --limit 50 --after shop", what: "the next fifty" },
      { command: "terrane list --json", what: "for a script" },
    ],
    load: async () => (await import("./commands/list.ts")).runList,
  },
  {
    name: "addresses",
    group: groups.look,
    summary: "show pools and blocks of addresses, and what is free",
    description: ["A picture of each pool and a table of its blocks: networks, pods and services."],
    arguments: [
      { name: "environment", summary: "name or file of one environment; default: all", offer: "environment" },
    ],
    options: [{ flags: "--svg <file>", summary: "write the picture as SVG into this file", offer: "file" }],
    examples: [
      { command: "terrane addresses", what: "every pool and block" },
      { command: "terrane addresses shop-dev", what: "those of one environment" },
      { command: "terrane addresses --svg addresses.svg", what: "a picture for a wiki" },
    ],
    load: async () => (await import("./commands/addresses.ts")).runAddresses,
  },
  {
    name: "resources",
    group: groups.look,
    summary: "list what exists of an environment, with ids",
    description: [
      "Reads the state of each stack: components, their resources and the ids the cloud gave them. " +
        "Starts no engine.",
    ],
    arguments: [
      {
        name: "environment",
        summary: "name or file of the environment; may be left out where there is only one",
        offer: "environment",
      },
    ],
    options: [
      { flags: "--stack <name>", summary: "resources of this stack only: virginia.data", offer: "stack" },
      {
        flags: "--component <name>",
        summary: "resources of this component only: orders, orders@iowa",
        offer: "component",
      },
      { flags: "--type <text>", summary: "resources whose type holds this text" },
    ],
    examples: [
      { command: "terrane resources shop-dev", what: "everything there is" },
      { command: "terrane resources shop-dev --component orders", what: "one component's" },
      { command: "terrane resources shop-dev --type Subnet --json", what: "for a script" },
    ],
    load: async () => (await import("./commands/resources.ts")).runResources,
  },
  {
    name: "history",
    group: groups.look,
    summary: "show past operations: who, when, how long, what came of it",
    description: [
      "Newest first; operations of environments that are gone stay on record. With an operation named, " +
        "its steps and everything that did not end as it should.",
    ],
    arguments: [
      { name: "environment", summary: "name of one environment; default: all", offer: "past-environment" },
      { name: "operation", summary: "id of one operation, or how it begins", offer: "operation" },
    ],
    options: [
      { flags: "--limit <number>", summary: "how many operations; default: 20", refuse: refuseLimit },
    ],
    examples: [
      { command: "terrane history", what: "the newest 20, of all environments" },
      { command: "terrane history shop-dev --limit 5", what: "five of one environment" },
      { command: "terrane history shop-dev op-3f2a9c01", what: "one operation, step by step" },
    ],
    load: async () => (await import("./commands/history.ts")).runHistory,
  },
  {
    name: "graph",
    group: groups.look,
    summary: "draw what stands where and refers to what",
    description: [
      "Sites hold stacks, stacks hold components, an arrow leads from a component to what it refers to. Mermaid shows " +
        "in Markdown on code hosts; the SVG follows the reader's light or dark mode.",
    ],
    arguments: [
      {
        name: "name",
        summary: "environment or blueprint; may be left out where there is only one",
        offer: "graph",
      },
    ],
    options: [
      {
        flags: "--format <format>",
        summary: "mermaid, svg or json; default: by the file's ending, else mermaid",
        choices: ["mermaid", "svg", "json"],
      },
      { flags: "--out <file>", summary: "write to this file instead of stdout", offer: "file" },
    ],
    examples: [
      { command: "terrane graph shop-dev", what: "Mermaid, for a README" },
      { command: "terrane graph shop-dev --out shop.svg", what: "a picture" },
      { command: "terrane graph aws-platform", what: "of a blueprint alone" },
    ],
    load: async () => (await import("./commands/graph.ts")).runGraph,
  },
];
