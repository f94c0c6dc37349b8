/** What a shell loads, by its name. */
import type { Shell } from "../completion-command.ts";
import { readGrammar } from "./grammar.ts";

export async function completionScript(shell: Shell): Promise<string> {
  const grammar = readGrammar();
  switch (shell) {
    case "bash":
      return (await import("./bash.ts")).bashScript(grammar);
    case "zsh":
      return (await import("./zsh.ts")).zshScript(grammar);
    case "fish":
      return (await import("./fish.ts")).fishScript(grammar);
  }
}
