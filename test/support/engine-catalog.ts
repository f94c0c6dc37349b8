/** Brings programs of the catalog up by the real engine on simulated clouds of their own. */

import { destroyStack } from "../../src/engine/destroy.ts";
import { previewStack } from "../../src/engine/preview.ts";
import type { ApplyResult, EngineRequest, PreviewResult } from "../../src/engine/request.ts";
import { upStack } from "../../src/engine/up.ts";
import type { StackSpec } from "../../src/model/spec.ts";
import type { UpstreamOutputs } from "../../src/model/upstream.ts";
import { type Clouds, openMemoryClouds } from "../../src/simulator/clouds.ts";
import { startProviders } from "../../src/simulator/provider/server.ts";
import { catalog } from "../../stacks/catalog.ts";
import { makeProgram } from "../../stacks/program.ts";
import { openTestState } from "./engine.ts";

export interface CatalogWorld extends AsyncDisposable {
  readonly clouds: Clouds;
  preview(spec: StackSpec, upstream: UpstreamOutputs): Promise<PreviewResult>;
  up(spec: StackSpec, upstream: UpstreamOutputs): Promise<ApplyResult>;
  destroy(spec: StackSpec): Promise<ApplyResult>;
}

export async function openCatalogWorld(): Promise<CatalogWorld> {
  const clouds = await openMemoryClouds();
  const [state, providers] = await Promise.all([openTestState(), startProviders(clouds)]);
  const request = (spec: StackSpec): Promise<EngineRequest> =>
    state.request(spec.name, { providers: providers.ports });
  const programOf = (spec: StackSpec, upstream: UpstreamOutputs) => makeProgram({ spec, upstream, catalog });
  return {
    clouds,
    preview: async (spec, upstream) =>
      previewStack({ ...(await request(spec)), program: programOf(spec, upstream) }),
    up: async (spec, upstream) => upStack({ ...(await request(spec)), program: programOf(spec, upstream) }),
    destroy: async (spec) => destroyStack(await request(spec)),
    [Symbol.asyncDispose]: async () => {
      await providers.close();
      await clouds[Symbol.asyncDispose]();
      await state[Symbol.asyncDispose]();
    },
  };
}
