/** Kubernetes objects without a model of their own: custom resources, and built-in kinds whose immutable fields are not listed. */
import type { Model } from "../model.ts";
import { objectDefinition } from "./objects.ts";

const models = new Map<string, Model>();

/**
 * Only name and namespace are known to replace.
 * @param custom whether the kind is a custom resource: those declare their immutable fields in the cluster, if at all.
 */
export function customResourceModel(type: string, custom: boolean): Model {
  let model = models.get(type);
  if (model === undefined) {
    model = Object.freeze({ ...objectDefinition(type), modelled: custom });
    models.set(type, model);
  }
  return model;
}
