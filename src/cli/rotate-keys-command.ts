/** `terrane state rotate-keys`, as an entry of the table of commands. */
import type { CommandDescriptor } from "./descriptor.ts";
import { refuseSecretSource } from "./secret-source.ts";

export const rotateKeysCommand: CommandDescriptor = {
  name: "rotate-keys",
  summary: "give the secrets of states new keys, or the keys another passphrase",
  description: [
    "Without a new passphrase or cloud key, every stack gets a new data key and its secrets are sealed anew.",
    "Broken off, it goes on when it is run again. Checkpoints from before stay readable.",
  ],
  options: [
    { flags: "--stack <name>", summary: "new data keys for this stack only", offer: "stack" },
    {
      flags: "--passphrase-from <source>",
      summary: "the new passphrase: env:NAME or file:PATH",
      refuse: refuseSecretSource,
    },
    { flags: "--key <url>", summary: "the new key of a cloud: awskms://… or gcpkms://…" },
    { flags: "--data-keys", summary: "new data keys as well" },
  ],
  examples: [
    { command: "terrane state rotate-keys", what: "new data keys for every stack" },
    { command: "terrane state rotate-keys --passphrase-from env:NEW_PASSPHRASE", what: "another passphrase" },
    {
      command: "terrane state rotate-keys --key 'awskms://alias/terrane?region=eu-west-1' --data-keys",
      what: "a cloud's key in the place of a passphrase, and all keys new",
    },
  ],
  load: async () => (await import("./commands/rotate-keys.ts")).runRotateKeys,
};
