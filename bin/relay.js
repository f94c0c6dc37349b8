/** Runs the `terrane` command with the Node that setup installed. */
import { fileURLToPath } from "node:url";
import { homeOf, homeProblem } from "./home.js";
import { findNode } from "./node.js";
import { runInPlace } from "./run.js";
import { nodeFloor } from "./versions.js";

/** Exit code of the command. */
export async function runWithInstalledNode() {
  const home = homeOf(process.env);
  const problem = homeProblem(home);
  const node = problem === undefined ? findNode(home) : undefined;
  if (node === undefined) {
    process.stderr.write(
      problem === undefined
        ? `terrane needs Node ${nodeFloor} or newer; this is ${process.versions.node}, and no other is installed.\nNext: run \`npx terrane-setup\`: it installs what is missing.\n`
        : `bad-home: ${problem}\nNext: Point TERRANE_HOME at a folder that you own and only you can write.\n`,
    );
    return problem === undefined ? 69 : 64;
  }
  const command = fileURLToPath(new URL("./terrane.js", import.meta.url));
  return runInPlace(node, [command, ...process.argv.slice(2)], {});
}
