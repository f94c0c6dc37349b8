/**
 * Another host, as far as a process can tell: a host name and process ids of its own (Linux namespaces). Files, network
 * and clock stay shared. It dies as a machine does, with everything that runs on it.
 */
import { spawnSync } from "node:child_process";
import { descendantsOf } from "./processes.ts";

const flags = ["--uts", "--pid", "--fork", "--mount-proc", "--kill-child"];

/** `describe.skipIf(!hasOtherHosts)`: a container without privileges may not make one. */
export const hasOtherHosts =
  process.platform === "linux" && spawnSync("unshare", [...flags, "hostname", "far"]).status === 0;

/** What starts a program there. The shell stays: the first process of a host cannot be stopped. */
export function onHost(
  name: string,
  program: string,
  args: readonly string[],
): { readonly program: string; readonly args: readonly string[] } {
  const script = 'hostname "$0" && "$@"; exit $?';
  return { program: "unshare", args: [...flags, "/bin/sh", "-c", script, name, program, ...args] };
}

/** The program's process, by its number here; undefined while it has not begun. */
export async function processOn(unshare: number): Promise<number | undefined> {
  return (await descendantsOf(unshare))[1];
}
