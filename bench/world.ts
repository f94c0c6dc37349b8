/** The environment that is measured, and a folder to measure it in: two AWS sites of class prod. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { PlatformContext } from "../src/platform/context.ts";

export const environmentName = "bench";

const blueprint = `apiVersion: terrane.dev/v1
kind: Blueprint
metadata: { name: bench, version: "1.0.0" }
sites:
  virginia: { cloud: aws, region: us-east-1, role: primary, runner: inside }
  oregon: { cloud: aws, region: us-west-2, role: standby, runner: inside }
components:
  vpc: { type: vpc, zones: 3 }
  orders: { type: postgres, network: vpc }
  cluster: { type: cluster, network: vpc, connects: [orders] }
  argocd: { type: argocd, cluster: cluster, repository: "https://git.example.com/deploy", expose: [orders] }
`;

const environment = `apiVersion: terrane.dev/v1
kind: Environment
metadata: { name: ${environmentName} }
blueprint: bench@^1
class: prod
tags: { Owner: team-bench, CostCenter: CC-1, Project: bench, DataClass: internal }
`;

export interface World extends AsyncDisposable {
  readonly context: PlatformContext;
}

/** A fresh project: no state, empty clouds. */
export async function makeWorld(packs: readonly string[] = ["baseline"]): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), "terrane-bench-"));
  const project = `apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: bench }\npolicies: { packs: [${packs.join(", ")}] }\n`;
  const files = {
    "terrane.yaml": project,
    "blueprints/bench/blueprint.yaml": blueprint,
    "environments/bench.yaml": environment,
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), text);
  }
  return {
    context: {
      dir,
      home: process.env["TERRANE_HOME"] ?? join(homedir(), ".terrane"),
      environment: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
      now: () => new Date(),
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
