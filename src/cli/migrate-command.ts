/** `terrane migrate`, as an entry of the table of commands. */
import { groups } from "./command-groups.ts";
import type { CommandDescriptor } from "./descriptor.ts";
import { refuseSecretSource } from "./secret-source.ts";

export const migrateCommand: CommandDescriptor = {
  name: "migrate",
  group: groups.change,
  summary: "take states to another Pulumi backend, or from one",
  description: [
    "Secrets are sealed anew, what arrived is compared with what was sent, and the place it came from is marked and " +
      "otherwise left as it is. Run again, it goes on. No cloud is asked.",
    "Without --to or --from it takes what earlier releases kept below .terrane/state.",
  ],
  options: [
    { flags: "--to <url>", summary: "from the ledger's database to this Pulumi backend" },
    { flags: "--from <url>", summary: "from this Pulumi backend into the ledger's database" },
    {
      flags: "--stack <name>",
      summary: "this stack only; for each one again; default: all",
      many: true,
      offer: "stack",
    },
    { flags: "--all", summary: "every stack of the project, which is the default" },
    {
      flags: "--passphrase-from <source>",
      summary:
        "passphrase of the other backend's secrets: env:NAME or file:PATH; default: PULUMI_CONFIG_PASSPHRASE",
      refuse: refuseSecretSource,
    },
  ],
  examples: [
    { command: "terrane migrate --from s3://acme-pulumi --all", what: "every stack of a bucket" },
    {
      command: "terrane migrate --to file:///srv/pulumi --stack shop-dev.virginia.data",
      what: "leave with one stack",
    },
    { command: "terrane migrate", what: "states of an earlier release" },
  ],
  load: async () => (await import("./commands/migrate.ts")).runMigrate,
};
