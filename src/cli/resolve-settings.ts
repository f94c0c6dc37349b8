/** Settings of one run and where each comes from: flag beats TERRANE_* variable beats default. */
import { resolve } from "node:path";
import { TerraneError } from "../errors.ts";
import { homeFolder } from "../platform/project/home-folder.ts";
import { parseDuration } from "../values/duration.ts";
import { globalOptions } from "./command-table.ts";
import type { Invocation } from "./descriptor.ts";
import type { Io } from "./io.ts";
import type { ColorMode } from "./output/palette.ts";
import { assertOptionValue } from "./parse.ts";
import type { SettingOrigin, Settings } from "./settings.ts";

/** @throws TerraneError `bad-usage` for a variable's value, `bad-home` */
export function resolveSettings(globals: Invocation["options"], io: Io): Settings {
  const dir = pick("dir", globals, io);
  const color = pick("color", globals, io);
  const timeout = pick("timeout", globals, io);
  const parallel = pick("parallel", globals, io);
  const silent = pick("nonInteractive", globals, io);
  const locked = pick("locked", globals, io);
  const home = resolveHome(io);
  const verbosity = Number(globals["verbose"] ?? 0);
  const absolute = resolve(io.workingFolder, dir.value ?? ".");
  return {
    dir: absolute,
    home: home.value,
    json: globals["json"] === true,
    quiet: globals["quiet"] === true,
    verbosity,
    color: (color.value ?? "auto") as ColorMode,
    yes: globals["yes"] === true,
    interactive: !isTrue(silent.value),
    locked: isTrue(locked.value),
    debug: verbosity >= 2 || isTrue(io.environment["TERRANE_DEBUG"]),
    ...(timeout.value === undefined ? {} : { timeoutMilliseconds: toMilliseconds(timeout.value) }),
    ...(parallel.value === undefined ? {} : { parallel: Number(parallel.value) }),
    origins: [
      { name: "dir", value: absolute, origin: dir.origin },
      home,
      { name: "color", value: color.value ?? "auto", origin: color.origin },
      { name: "interactive", value: isTrue(silent.value) ? "no" : "on a terminal", origin: silent.origin },
      { name: "locked", value: isTrue(locked.value) ? "yes" : "no", origin: locked.origin },
      { name: "timeout", value: timeout.value ?? "none", origin: timeout.origin },
      { name: "parallel", value: parallel.value ?? "by memory and cores", origin: parallel.origin },
    ],
  };
}

interface Picked {
  readonly value: string | undefined;
  readonly origin: string;
}

function pick(name: string, globals: Invocation["options"], io: Io): Picked {
  const given = globals[name];
  if (given !== undefined) return { value: String(given), origin: "flag" };
  const long = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const descriptor = globalOptions.find((option) => option.flags.split(/[ ,]+/).includes(`--${long}`));
  const variable = descriptor?.variable;
  const text = variable === undefined ? undefined : io.environment[variable];
  if (descriptor === undefined || variable === undefined || text === undefined || text === "") {
    return { value: undefined, origin: "default" };
  }
  assertOptionValue(descriptor, variable, text);
  return { value: text, origin: variable };
}

function resolveHome(io: Io): SettingOrigin {
  const given = io.environment["TERRANE_HOME"];
  const origin = given === undefined || given === "" ? "default" : "TERRANE_HOME";
  return { name: "home", value: homeFolder(given, io.userHome), origin };
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && text !== "" && text !== "0" && text !== "false";
}

function toMilliseconds(text: string): number {
  const parsed = parseDuration(text);
  if (parsed.ok) return parsed.seconds * 1000;
  throw new TerraneError("bad-usage", parsed.refusal.message);
}
