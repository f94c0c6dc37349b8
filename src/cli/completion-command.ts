/** `terrane completion`, as an entry of the table of commands. */
import { groups } from "./command-groups.ts";
import type { CommandDescriptor } from "./descriptor.ts";

export const shells = ["bash", "zsh", "fish"] as const;
/** Asked by the scripts, never by people. */
export const completeWord = "__complete";

export type Shell = (typeof shells)[number];

export const completionCommand: CommandDescriptor = {
  name: "completion",
  group: groups.write,
  summary: "print what lets a shell complete commands and names",
  description: [
    "Completes commands, options and their values, and the names of environments, components, stacks, operations and " +
      "outputs. Where you write it to a file, do so again after an upgrade of terrane.",
  ],
  arguments: [{ name: "shell", required: true, summary: "bash, zsh or fish", offer: shells }],
  examples: [
    { command: "terrane completion bash", what: 'in ~/.bashrc: eval "$(terrane completion bash)"' },
    { command: 'terrane completion zsh > "${fpath[1]}/_terrane"', what: "for zsh, then a new shell" },
    {
      command: "terrane completion fish > ~/.config/fish/completions/terrane.fish",
      what: "for fish, at once",
    },
  ],
  load: async () => (await import("./commands/completion.ts")).runCompletion,
};
