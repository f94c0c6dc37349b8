/** What a state uses that readers of schema 3 do not know. Source: `ApplyFeatures` of `pkg/resource/stack`, 3.250.0. */
import type { DeployedResource } from "./deployment.ts";

export const snippetsFeature = "snippets-prototype";

export function featuresOf(resource: DeployedResource): readonly string[] {
  return [
    ...(resource.refreshBeforeUpdate ? ["refreshBeforeUpdate"] : []),
    ...(resource.viewOf ? ["views"] : []),
    ...(Object.keys(resource.resourceHooks ?? {}).length > 0 ? ["hooks"] : []),
    ...(resource.taint ? ["taint"] : []),
    ...(resource.replaceWith?.length ? ["replaceWith"] : []),
    ...(resource.extensionRef ? ["extensionParameterization"] : []),
  ];
}
