/** What surrounds environments: starting a project, looking at this machine, the objects of the simulated clouds. */
import { resolve } from "node:path";
import type { CloudFilter, CloudObject, DoctorCheck, VersionReport } from "../platform/api.ts";
import type { InitResult } from "../platform/init.ts";
import { type ProjectOptions, toContext } from "./context.ts";

export interface InitRequest extends ProjectOptions {
  /** Shipped blueprint to start from. Default: `aws-platform`. */
  readonly blueprint?: string;
  /** True writes over files that are there. Default false. */
  readonly force?: boolean;
}

/**
 * Starts a project in `dir`, made when missing: `terrane.yaml`, a copy of a shipped blueprint, one environment.
 * @throws TerraneError `project-exists`, `document-not-found`
 */
export async function init(request: InitRequest = {}): Promise<InitResult> {
  const { initProject } = await import("../platform/init.ts");
  const context = toContext(request);
  const { blueprint, force = false } = request;
  return initProject(context, {
    dir: resolve(context.dir),
    force,
    ...(blueprint === undefined ? {} : { blueprint }),
  });
}

/** Everything terrane stands on here: its value, where that comes from, what is wrong with it. Never fails. */
export async function doctor(options: ProjectOptions = {}): Promise<readonly DoctorCheck[]> {
  const { runDoctor } = await import("../platform/doctor.ts");
  return runDoctor(toContext(options));
}

/** Versions of terrane, Node, the engine and the clouds' SDKs. */
export async function version(options: ProjectOptions = {}): Promise<VersionReport> {
  const { readVersion } = await import("../platform/version.ts");
  return readVersion(toContext(options));
}

/**
 * Objects of the simulated clouds that fit, oldest first.
 * @throws TerraneError `project-not-found`
 */
export async function cloudObjects(
  request: ProjectOptions & CloudFilter = {},
): Promise<readonly CloudObject[]> {
  const { listObjects } = await import("../platform/cloud.ts");
  return listObjects(toContext(request), request);
}

/**
 * Deletes an object of the simulated clouds by hand, past any engine: the next plan finds it gone.
 * @throws TerraneError `object-not-found`; `cloud-error` when something still needs it and `force` is not set
 */
export async function removeCloudObject(
  request: ProjectOptions & { readonly id: string; readonly force?: boolean },
): Promise<CloudObject> {
  const { removeObject } = await import("../platform/cloud.ts");
  return removeObject(toContext(request), request.id, { force: request.force ?? false });
}
