/** A process with a real edge and a platform that ends when it is told to, for the tests of signals and pipes. */
import { processIo } from "../../../src/cli/edge.ts";
import { run } from "../../../src/cli/main.ts";
import { fakeUseCases } from "./fakes.ts";
import { failed, newPlan, succeeded, vpcUrn } from "./samples.ts";

const network = "shop.virginia.network";

function once(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    if (signal?.aborted) done();
    signal?.addEventListener("abort", () => done());
  });
}

process.exit(
  await run(
    process.argv.slice(2),
    processIo(),
    fakeUseCases({
      upEnvironment: async (_context, _name, options) => {
        await options.confirm(newPlan, []);
        options.emit({ type: "stack:start", stack: network, phase: "converge", verb: "up" });
        options.emit({ type: "resource:start", stack: network, urn: vpcUrn, action: "create" });
        if (process.env["WAIT_FOR"] === "end of input") {
          for await (const _chunk of process.stdin);
          process.stdout.write("more\n".repeat(20_000));
          return succeeded;
        }
        if (process.env["WAIT_FOR"] === "crash") {
          process.stdin.once("data", () => {
            throw new Error("a defect");
          });
        }
        const alive = setInterval(() => {}, 1000);
        await once(process.env["WAIT_FOR"] === "force" ? options.force : options.signal);
        clearInterval(alive);
        return { ...failed, result: "cancelled" };
      },
    }),
  ),
);
