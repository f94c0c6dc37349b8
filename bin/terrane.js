#!/usr/bin/env node
/**
 * The `terrane` command. On Node 24 it loads the command line here and now; on an older one it runs the Node that
 * setup installed. Plain JavaScript without dependencies, for any Node from 18 on.
 */
if (Number.parseInt(process.versions.node, 10) >= 24) {
  const { enableCompileCache } = await import("node:module");
  enableCompileCache?.();
  const { runProcess } = await import("../src/cli/edge.ts");
  await runProcess();
} else {
  const { runWithInstalledNode } = await import("./relay.js");
  process.exitCode = await runWithInstalledNode();
}
