/** Commands of the clouds that a project's clusters are reached with: whether they are there, and what for. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { LoadedProject } from "../blueprint/project.ts";
import type { Cloud } from "../model/words.ts";
import type { DoctorCheck } from "./api.ts";

/** What a cluster's kubeconfig calls for its credentials, by the cloud that made the cluster. */
const commands: { readonly [C in Cloud]?: { readonly command: string; readonly next: string } } = {
  aws: {
    command: "aws",
    next: "Install the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
  },
};

/** @param path the variable PATH. */
export function checkCommands(
  project: Pick<LoadedProject, "blueprints">,
  path: string | undefined,
): readonly DoctorCheck[] {
  return [...cloudsWithClusters(project)].flatMap((cloud): readonly DoctorCheck[] => {
    const needed = commands[cloud];
    if (needed === undefined) return [];
    const { command, next } = needed;
    const purpose = `clusters on ${cloud}, live ones only: their kubeconfig asks it for credentials`;
    const found = findCommand(command, path);
    return found === undefined
      ? [{ name: command, status: "warning", value: `not found; for ${purpose}`, origin: "PATH", next }]
      : [{ name: command, status: "ok", value: `${found}, for ${purpose}`, origin: "PATH" }];
  });
}

function cloudsWithClusters({ blueprints }: Pick<LoadedProject, "blueprints">): ReadonlySet<Cloud> {
  const clouds = blueprints.flatMap(({ document }) =>
    Object.values(document.components)
      .filter(({ type }) => type === "cluster")
      .flatMap(({ sites = Object.keys(document.sites) }) => sites)
      .flatMap((site) => document.sites[site]?.cloud ?? []),
  );
  return new Set(clouds);
}

function findCommand(command: string, path = ""): string | undefined {
  const files = path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, command));
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
