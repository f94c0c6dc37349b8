/** Engine requests for tests: the real engine on a state folder of its own, with nothing of this machine's settings. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { findEngine } from "../../src/engine/find.ts";
import type { EngineRequest } from "../../src/engine/request.ts";
import type { EventBody } from "../../src/model/event.ts";
import { Secret } from "../../src/values/secret.ts";

export interface TestState extends AsyncDisposable {
  /** Absolute path of the folder. */
  readonly root: string;
  /** A request for the stack, as it is now. */
  request(stack: string, options?: Partial<EngineRequest>): Promise<EngineRequest>;
  /** URNs in the state; undefined without a stack. */
  resources(stack: string): Promise<string[] | undefined>;
  /** The stored bytes. */
  text(stack: string): Promise<string>;
  readonly events: readonly EventBody[];
}

/** TERRANE_HOME of the machine the tests run on: the engine is there, or on PATH. */
export const testHome = process.env["TERRANE_HOME"] ?? join(homedir(), ".terrane");

export async function openTestState(): Promise<TestState> {
  const engine = await findEngine({ home: testHome, path: process.env["PATH"] });
  const root = await mkdtemp(join(tmpdir(), "terrane-test-"));
  const home = join(root, "home");
  const events: EventBody[] = [];
  const file = (stack: string) => join(root, ".pulumi", "stacks", "terrane", `${stack}.json`);
  const text = (stack: string) => readFile(file(stack), "utf8");
  const exists = (stack: string) =>
    text(stack).then(
      () => true,
      () => false,
    );
  return {
    root,
    events,
    text,
    request: async (stack, options = {}) => ({
      stack,
      engine,
      home,
      state: {
        kind: "backend",
        url: pathToFileURL(root).href,
        passphrase: new Secret("open sesame"),
        settingsFolder: join(root, "settings", stack),
        exists: await exists(stack),
      },
      emit: (event) => void events.push(event),
      signal: new AbortController().signal,
      environment: { PATH: process.env["PATH"] ?? "" },
      ...options,
    }),
    resources: async (stack) => {
      if (!(await exists(stack))) return undefined;
      const { checkpoint } = JSON.parse(await text(stack)) as {
        checkpoint: { latest?: { resources?: { urn: string }[] } };
      };
      return (checkpoint.latest?.resources ?? []).map((resource) => resource.urn);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
