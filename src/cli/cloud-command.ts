/** `terrane cloud`, as an entry of the table of commands. */
import { groups } from "./command-groups.ts";
import type { CommandDescriptor } from "./descriptor.ts";

export const cloudCommand: CommandDescriptor = {
  name: "cloud",
  group: groups.clouds,
  summary: "look into the simulated clouds, or edit them by hand",
  description: ["What is removed here is removed behind terrane's back: that is the point."],
  subcommands: [
    {
      name: "ls",
      aliases: ["list"],
      summary: "list the objects of the simulated clouds",
      options: [
        { flags: "--cloud <name>", summary: "objects of this cloud only", offer: ["aws", "gcp", "azure"] },
        { flags: "--region <name>", summary: "objects in this region only" },
        { flags: "--type <text>", summary: "objects whose type holds this text" },
        {
          flags: "--environment <name>",
          summary: "objects tagged with this environment",
          offer: "environment",
        },
      ],
      examples: [
        { command: "terrane cloud ls", what: "everything there is" },
        { command: "terrane cloud ls --cloud aws --type Subnet", what: "the subnets on AWS" },
      ],
      load: async () => (await import("./commands/cloud.ts")).runCloudList,
    },
    {
      name: "show",
      summary: "show one object with its properties",
      arguments: [{ name: "id", required: true, summary: "id of the object, as `cloud ls` shows it" }],
      examples: [{ command: "terrane cloud show vpc-0a1b2c3d", what: "its properties" }],
      load: async () => (await import("./commands/cloud.ts")).runCloudShow,
    },
    {
      name: "rm",
      summary: "remove one object by hand",
      arguments: [{ name: "id", required: true, summary: "id of the object, as `cloud ls` shows it" }],
      options: [{ flags: "--force", summary: "even where other objects still use it" }],
      examples: [{ command: "terrane cloud rm subnet-0a1b --yes", what: "makes drift" }],
      load: async () => (await import("./commands/cloud.ts")).runCloudRemove,
    },
  ],
};
