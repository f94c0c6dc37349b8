/** `terrane state`, as an entry of the table of commands. */
import { groups } from "./command-groups.ts";
import type { ArgumentDescriptor, CommandDescriptor, OptionDescriptor } from "./descriptor.ts";
import { rotateKeysCommand } from "./rotate-keys-command.ts";

const stack: ArgumentDescriptor = {
  name: "stack",
  required: true,
  summary: "name of the stack, as `state list` shows it",
};

function refuseSerial(value: string): string | undefined {
  return /^[1-9]\d{0,14}$/.test(value)
    ? undefined
    : "a whole number from 1 on, as `state checkpoints` shows it";
}

function refusePort(value: string): string | undefined {
  const isPort = /^\d{1,5}$/.test(value) && Number(value) > 0 && Number(value) < 65_536;
  return isPort ? undefined : "a number from 1 to 65535";
}

const serial: OptionDescriptor = {
  flags: "--serial <number>",
  summary: "an earlier checkpoint instead of the newest",
  refuse: refuseSerial,
};

export const stateCommand: CommandDescriptor = {
  name: "state",
  group: groups.look,
  summary: "look at saved states, set them side by side, bring an earlier one back",
  description: [
    "Each change of a state leaves a checkpoint with a serial. Nothing here asks a cloud or changes one:",
    "after a restore, `terrane up` shows what the clouds have besides.",
  ],
  subcommands: [
    {
      name: "list",
      aliases: ["ls"],
      summary: "list the stacks with their newest checkpoint",
      arguments: [{ name: "environment", summary: "stacks of this one only", offer: "environment" }],
      examples: [{ command: "terrane state list shop-dev", what: "the stacks of one environment" }],
      load: async () => (await import("./commands/state.ts")).runStateList,
    },
    {
      name: "checkpoints",
      aliases: ["versions"],
      summary: "list the states that are kept of a stack, newest first",
      arguments: [stack],
      examples: [
        { command: "terrane state checkpoints shop-dev.virginia.network", what: "what can be restored" },
      ],
      load: async () => (await import("./commands/state.ts")).runStateCheckpoints,
    },
    {
      name: "show",
      summary: "show what a state holds, and whether it holds together",
      arguments: [stack],
      options: [serial],
      examples: [
        { command: "terrane state show shop-dev.virginia.network --serial 3", what: "an earlier one" },
      ],
      load: async () => (await import("./commands/state.ts")).runStateShow,
    },
    {
      name: "diff",
      summary: "show what changed between two checkpoints; secrets stay hidden",
      arguments: [
        stack,
        { name: "from", required: true, summary: "serial of the earlier one" },
        { name: "to", summary: "serial of the later one; default: the newest" },
      ],
      examples: [{ command: "terrane state diff shop-dev.virginia.network 3 5", what: "from 3 to 5" }],
      load: async () => (await import("./commands/state.ts")).runStateDiff,
    },
    {
      name: "restore",
      summary: "make an earlier checkpoint the newest again, or accept what was changed by hand",
      arguments: [stack],
      options: [
        { flags: "--serial <number>", summary: "the checkpoint to bring back", refuse: refuseSerial },
        {
          flags: "--accept <digest>",
          summary: "take what was changed by hand for what is; name it by its digest",
        },
      ],
      examples: [
        { command: "terrane state restore shop-dev.virginia.network --serial 3", what: "as it was at 3" },
      ],
      load: async () => (await import("./commands/state.ts")).runStateRestore,
    },
    {
      name: "export",
      summary: "print a state as JSON; its secrets stay sealed",
      arguments: [stack],
      options: [serial],
      examples: [
        { command: "terrane state export shop-dev.virginia.network > state.json", what: "into a file" },
      ],
      load: async () => (await import("./commands/state.ts")).runStateExport,
    },
    {
      name: "push",
      summary: "put a state from a file in the place of the newest",
      description: ["Refused where something newer is there, and for a state of another stack."],
      arguments: [
        stack,
        { name: "file", required: true, summary: "JSON as `state export` prints it", offer: "file" },
      ],
      options: [
        {
          flags: "--over <number>",
          summary: "serial of the checkpoint that it was made from; default: what the file says",
          refuse: refuseSerial,
        },
      ],
      examples: [
        {
          command: "terrane state push shop-dev.virginia.network state.json",
          what: "what was exported, edited",
        },
      ],
      load: async () => (await import("./commands/state.ts")).runStatePush,
    },
    rotateKeysCommand,
    {
      name: "serve",
      summary: "open the states to the plain Pulumi CLI, until Ctrl-C",
      description: [
        "Listens on this machine only. Whoever has the token may do everything with every stack; a change takes the " +
          "same lease as an operation of terrane, so that one of the two is told who is at work.",
      ],
      options: [
        { flags: "--port <number>", summary: "default: any that is free", refuse: refusePort },
        {
          flags: "--host <address>",
          summary: "one that others reach needs --token-file (default: 127.0.0.1)",
        },
        {
          flags: "--token-file <file>",
          summary: "file with a token, which only you can read; default: a new token below .terrane",
          offer: "file",
        },
      ],
      examples: [
        { command: "terrane state serve", what: "and in another terminal what it prints" },
        { command: "terrane state serve --port 8080", what: "at an address that stays" },
      ],
      load: async () => (await import("./commands/state-serve.ts")).runStateServe,
    },
  ],
};
