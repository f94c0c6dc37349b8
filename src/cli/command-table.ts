/**
 * Every command and option, as data. A new command is one file in `commands/` and one entry here. Importing this
 * loads no command, no parser and no library.
 */
import { parseDuration } from "../values/duration.ts";
import { auditCommand } from "./audit-command.ts";
import { cloudCommand } from "./cloud-command.ts";
import { groups } from "./command-groups.ts";
import { completionCommand } from "./completion-command.ts";
import type { CommandDescriptor, OptionDescriptor } from "./descriptor.ts";
import { inventoryCommands } from "./inventory-commands.ts";
import { leaseCommands } from "./lease-commands.ts";
import { lockCommand } from "./lock-command.ts";
import { migrateCommand } from "./migrate-command.ts";
import { recoverCommand } from "./recover-command.ts";
import { refreshCommand } from "./refresh-command.ts";
import { stateCommand } from "./state-command.ts";
import { writingCommands } from "./writing-commands.ts";

const largestParallel = 256;

function refuseParallel(value: string): string | undefined {
  const number = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  return number >= 1 && number <= largestParallel ? undefined : `a whole number from 1 to ${largestParallel}`;
}

/** Node's timers reach no further than 2^31 milliseconds. */
const longestTimeoutSeconds = 24 * 86_400;

function refuseTimeout(value: string): string | undefined {
  const parsed = parseDuration(value);
  return parsed.ok && parsed.seconds <= longestTimeoutSeconds
    ? undefined
    : "a number and a unit, at most 24d: 30s, 15m, 2h";
}

export const globalOptions: readonly OptionDescriptor[] = [
  {
    flags: "-C, --dir <folder>",
    summary: "work in this folder instead of the current one",
    offer: "folder",
    variable: "TERRANE_DIR",
  },
  { flags: "--json", summary: "answer with one JSON object on stdout" },
  { flags: "-q, --quiet", summary: "print answers and errors only" },
  { flags: "-v, --verbose", summary: "print more; twice: with stack traces", counts: true },
  {
    flags: "--color <when>",
    summary: "auto, always or never (auto heeds NO_COLOR)",
    choices: ["auto", "always", "never"],
    variable: "TERRANE_COLOR",
  },
  { flags: "-y, --yes", summary: "answer every question with yes" },
  {
    flags: "--non-interactive",
    summary: "never ask, even on a terminal",
    variable: "TERRANE_NON_INTERACTIVE",
  },
  {
    flags: "--locked",
    summary: "refuse where a blueprint's lock is missing or would change",
    variable: "TERRANE_LOCKED",
  },
  {
    flags: "--timeout <duration>",
    summary: "stop in good order after this time: 30s, 15m, 2h",
    refuse: refuseTimeout,
    variable: "TERRANE_TIMEOUT",
  },
  {
    flags: "--parallel <number>",
    summary: "largest number of stacks at work at once",
    refuse: refuseParallel,
    variable: "TERRANE_PARALLEL",
  },
];

const environmentArgument = {
  name: "environment",
  summary: "name or file of the environment; may be left out where there is only one",
  offer: "environment",
} as const;

const jsonLines: OptionDescriptor = {
  flags: "--json-lines",
  summary: "stream events as JSON, one a line; the last line is the answer",
};

function refuseAddress(value: string): string | undefined {
  return /^[^@\s]+@[^@\s]+$/.test(value) ? undefined : "component@site, such as orders@virginia";
}

const allowDataLoss: OptionDescriptor = {
  flags: "--allow-data-loss <component@site>",
  summary: "let this component of a prod environment lose its data; for each one again",
  many: true,
  refuse: refuseAddress,
  offer: "component",
};

const full: OptionDescriptor = {
  flags: "--full",
  summary: "ask the engine also of stacks that nothing has changed since their last up",
};

export const commandTable: readonly CommandDescriptor[] = [
  {
    name: "init",
    group: groups.start,
    summary: "write a project to start from",
    description: ["Writes terrane.yaml, a copy of a blueprint and an environment."],
    arguments: [
      { name: "folder", summary: "folder of the project; default: the current one", offer: "folder" },
    ],
    options: [
      { flags: "--blueprint <name>", summary: "blueprint to start from", offer: "blueprint" },
      { flags: "--force", summary: "write over files that are there" },
    ],
    examples: [
      { command: "terrane init shop", what: "a new project in ./shop" },
      { command: "terrane init --blueprint aws-platform", what: "from that blueprint, here" },
    ],
    load: async () => (await import("./commands/init.ts")).runInit,
  },
  {
    name: "validate",
    group: groups.start,
    summary: "check every document, show the stack graph",
    description: [
      "Shows all problems at once with file, line and column. Loads no cloud SDK and touches nothing.",
    ],
    arguments: [
      {
        name: "files",
        variadic: true,
        summary: "files, environments or blueprints to check; default: all of the project",
        offer: "file",
      },
    ],
    examples: [
      { command: "terrane validate", what: "the whole project" },
      { command: "terrane validate shop-dev", what: "one environment and its blueprint" },
      { command: "terrane validate environments/dev.yaml", what: "one file" },
      { command: "terrane validate --json", what: "for a machine" },
    ],
    load: async () => (await import("./commands/validate.ts")).runValidate,
  },
  lockCommand,
  {
    name: "render",
    group: groups.start,
    summary: "show the desired resources, without engine or cloud",
    description: ["Runs the programs in this process and judges the result by the policies."],
    arguments: [environmentArgument],
    examples: [
      { command: "terrane render shop-dev", what: "a tree of resources" },
      { command: "terrane render shop-dev --json", what: "with all inputs" },
      { command: "terrane render shop-dev -v", what: "the tree with inputs" },
    ],
    load: async () => (await import("./commands/render.ts")).runRender,
  },
  {
    name: "plan",
    aliases: ["preview"],
    group: groups.change,
    stopsInOrder: true,
    summary: "show what up or destroy would change",
    description: [
      "Asks the real engine of every stack whose documents, programs, versions, policies, state or inputs from other " +
        "stacks are not those of its last up. Changes nothing.",
    ],
    arguments: [environmentArgument],
    options: [
      { flags: "--destroy", summary: "plan the removal of the environment" },
      { flags: "--detailed-exitcode", summary: "exit with 2 where something would change" },
      full,
      jsonLines,
    ],
    examples: [
      { command: "terrane plan shop-dev", what: "what up would do" },
      { command: "terrane plan shop-dev --destroy", what: "what destroy would do" },
      { command: "terrane plan shop-dev --detailed-exitcode", what: "0 same, 2 differs, 1 failed" },
    ],
    load: async () => (await import("./commands/plan.ts")).runPlan,
  },
  {
    name: "up",
    aliases: ["deploy"],
    group: groups.change,
    stopsInOrder: true,
    summary: "bring an environment up, or up to date",
    description: [
      "Plans, shows the plan, asks, applies. Without a terminal it never asks: say --yes.",
      "Ctrl-C once finishes what is running; twice stops at once.",
    ],
    arguments: [environmentArgument],
    options: [
      { flags: "--live", summary: "create it on the real clouds; default: simulated" },
      allowDataLoss,
      full,
      jsonLines,
    ],
    examples: [
      { command: "terrane up shop-dev", what: "plan, ask, apply" },
      { command: "terrane up shop-dev --yes", what: "without asking" },
      { command: "terrane up shop-prod --live", what: "on the real clouds" },
    ],
    load: async () => (await import("./commands/up.ts")).runUp,
  },
  {
    name: "destroy",
    aliases: ["rm"],
    group: groups.change,
    stopsInOrder: true,
    summary: "remove everything an environment has made",
    description: ["Shows what goes away and asks. Without a terminal it never asks: say --yes."],
    arguments: [environmentArgument],
    options: [allowDataLoss, jsonLines],
    examples: [
      { command: "terrane destroy shop-dev", what: "plan, ask, remove" },
      { command: "terrane destroy shop-dev --yes", what: "without asking" },
    ],
    load: async () => (await import("./commands/destroy.ts")).runDestroy,
  },
  refreshCommand,
  recoverCommand,
  ...inventoryCommands,
  {
    name: "outputs",
    group: groups.look,
    summary: "print the outputs of an environment, or one of them",
    description: ["Named as site.component.output, an output is printed bare, for scripts."],
    arguments: [environmentArgument, { name: "output", summary: "site.component.output", offer: "output" }],
    examples: [
      { command: "terrane outputs shop-dev", what: "all, as a table" },
      { command: "terrane outputs shop-dev virginia.orders.endpoint", what: "one value" },
    ],
    load: async () => (await import("./commands/outputs.ts")).runOutputs,
  },
  {
    name: "status",
    group: groups.look,
    summary: "show environments and their newest operation",
    arguments: [
      { name: "environment", summary: "name or file of one environment; default: all", offer: "environment" },
    ],
    examples: [
      { command: "terrane status", what: "all environments" },
      { command: "terrane status shop-dev", what: "one, by stack" },
    ],
    load: async () => (await import("./commands/status.ts")).runStatus,
  },
  {
    name: "doctor",
    group: groups.look,
    summary: "check what terrane needs, and where each setting comes from",
    examples: [{ command: "terrane doctor", what: "every check and setting" }],
    load: async () => (await import("./commands/doctor.ts")).runDoctor,
  },
  {
    name: "version",
    group: groups.look,
    summary: "print the versions of terrane, node, engine and SDKs",
    examples: [{ command: "terrane version --json", what: "for a bug report" }],
    load: async () => (await import("./commands/version.ts")).runVersion,
  },
  ...leaseCommands,
  auditCommand,
  migrateCommand,
  ...writingCommands,
  completionCommand,
  stateCommand,
  cloudCommand,
];

/** Command by its path of names or aliases; undefined where a word names none. */
export function findCommand(path: readonly string[]): readonly CommandDescriptor[] | undefined {
  const found: CommandDescriptor[] = [];
  let level: readonly CommandDescriptor[] = commandTable;
  for (const word of path) {
    const next = level.find((command) => command.name === word || command.aliases?.includes(word));
    if (next === undefined) return undefined;
    found.push(next);
    level = next.subcommands ?? [];
  }
  return found;
}
