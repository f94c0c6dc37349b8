#!/usr/bin/env node
/**
 * The `terrane` command. On Node 24 it loads the command line here and now; on an older one it runs the Node that
 * setup installed. Plain JavaScript without dependencies, for any Node from 18 on. A checkout has sources and runs them;
 * a package has only what was built of them.
 */
if (Number.parseInt(process.versions.node, 10) >= 24) {
  // Not by `import`, which reads every export of theirs: that takes as long as printing the help.
  process.getBuiltinModule("node:module").enableCompileCache();
  const { existsSync } = process.getBuiltinModule("node:fs");
  const found = ["../src/cli/edge.ts", "../dist/src/cli/edge.js"]
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url));
  if (found === undefined) {
    process.stderr.write(
      "terrane: this package was packed without being built, so it holds nothing to run.\nNext: pack it with `npm pack`, without --ignore-scripts.\n",
    );
    process.exit(70);
  }
  const { runProcess } = await import(found.href);
  await runProcess();
} else {
  const { runWithInstalledNode } = await import("./relay.js");
  process.exitCode = await runWithInstalledNode();
}
