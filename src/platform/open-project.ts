/** Opens the project a person stands in: its documents, and through `app.ts` everything it keeps. */
import type { Loaded } from "../blueprint/load.ts";
import { type LoadedProject, selectEnvironment } from "../blueprint/project.ts";
import { type App, openApp } from "./app.ts";
import type { PlatformContext } from "./context.ts";
import { loadDocuments } from "./load-documents.ts";

export interface OpenProject extends AsyncDisposable {
  readonly app: App;
  /** Every document, whether whole or not. */
  readonly documents: LoadedProject;
  readonly addressPools: readonly Loaded<"AddressPool">[];
  /**
   * The environment of that name or file, or the only one there is, with its blueprint.
   * @throws TerraneError `document-invalid` when one of the two has problems, `document-not-found`, `bad-usage`
   */
  find(nameOrFile: string | undefined): {
    readonly environment: Loaded<"Environment">;
    readonly blueprint: Loaded<"Blueprint">;
  };
}

/** @throws TerraneError `project-not-found`; `document-invalid` when terrane.yaml has problems */
export async function openProject(context: PlatformContext): Promise<OpenProject> {
  const loaded = loadDocuments(context);
  assertWhole(loaded, loaded.project);
  const app = openApp(context, loaded.root, loaded.project.document);
  return {
    app,
    documents: loaded,
    addressPools: loaded.addressPools,
    find: (nameOrFile) => {
      const found = selectEnvironment(loaded, context.dir, nameOrFile);
      for (const document of [found.environment, found.blueprint, ...loaded.addressPools])
        assertWhole(loaded, document);
      return found;
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

/** What is wrong elsewhere in the project does not stand in the way of this document. */
function assertWhole(
  loaded: LoadedProject,
  document: Loaded<"Project" | "Environment" | "Blueprint" | "AddressPool">,
): void {
  if (!document.isWhole) loaded.problems.assertNone(document.source.file);
}
