/**
 * Keeps out of Pulumi's SDK, until somebody calls them, the two of its modules that cost more than all others together:
 * TypeScript, for serialising functions, and npm's dependency resolver, for finding the packages that those need. No
 * program of terrane's calls either. Imported before the SDK; where that is in memory already, or is another one than this
 * was written for, nothing is done.
 */
import { createRequire } from "node:module";
import { sdkVersion } from "./quiet-sdk.ts";

const require = createRequire(import.meta.url);

type Exports = Readonly<Record<PropertyKey, unknown>>;

/** Module → what stands in for it: the same, loaded when it is first used. */
const standIns: Readonly<Record<string, (load: () => Exports) => Exports>> = {
  "@pulumi/pulumi/runtime/closure/codePaths.js": (load) => ({
    __esModule: true,
    computeCodePaths: (...given: readonly unknown[]) =>
      (load()["computeCodePaths"] as (...passed: readonly unknown[]) => unknown)(...given),
  }),
  "@pulumi/pulumi/typescript-shim.js": (load) =>
    new Proxy<Exports>({}, { get: (_, name) => load()[name], has: (_, name) => name in load() }),
};

if (installedVersion() === sdkVersion) {
  for (const [name, makeStandIn] of Object.entries(standIns)) standIn(require.resolve(name), makeStandIn);
}

function installedVersion(): string {
  return (require("@pulumi/pulumi/package.json") as { readonly version: string }).version;
}

function standIn(file: string, make: (load: () => Exports) => Exports): void {
  const { cache } = require;
  if (cache[file] !== undefined) return;
  let loaded: Exports | undefined;
  const load = () => {
    if (loaded === undefined) {
      delete cache[file];
      loaded = require(file) as Exports;
    }
    return loaded;
  };
  const module: Partial<NodeJS.Module> = {
    id: file,
    filename: file,
    loaded: true,
    children: [],
    paths: [],
    exports: make(load),
  };
  cache[file] = module as NodeJS.Module;
}
