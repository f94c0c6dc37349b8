import { describe, expect, it } from "vitest";
import { parseCommandLine } from "../../../src/cli/parse.ts";
import { resolveSettings } from "../../../src/cli/resolve-settings.ts";
import type { TerraneError } from "../../../src/errors.ts";
import { type FakeIoOptions, fakeIo, runFake } from "./fakes.ts";

function refused(...argv: string[]): { code: string; message: string; next: string } {
  try {
    parseCommandLine(argv);
  } catch (error) {
    const { code, message, next } = error as TerraneError;
    return { code, message, next };
  }
  throw new Error("nothing was refused");
}

describe("a command line", () => {
  it("finds the command, its arguments and options, wherever global options stand", () => {
    for (const argv of [
      ["-C", "sub", "up", "shop", "--live", "--yes"],
      ["up", "--yes", "--live", "shop", "--dir", "sub"],
      ["deploy", "shop", "--dir=sub", "--live", "-y"],
    ]) {
      const { path, invocation, globals } = parseCommandLine(argv);
      expect(path.map((each) => each.name)).toEqual(["up"]);
      expect(invocation).toEqual({ arguments: { environment: "shop" }, options: { live: true } });
      expect(globals).toEqual({ dir: "sub", yes: true });
    }
  });

  it("takes several files, and subcommands by alias", () => {
    expect(parseCommandLine(["validate", "a.yaml", "b.yaml"]).invocation.arguments).toEqual({
      files: ["a.yaml", "b.yaml"],
    });
    const { path, invocation } = parseCommandLine(["cloud", "list", "--cloud", "aws"]);
    expect(path.map((each) => each.name)).toEqual(["cloud", "ls"]);
    expect(invocation.options).toEqual({ cloud: "aws" });
  });

  it("takes short flags in one word, with a value right behind the last", () => {
    expect(parseCommandLine(["-qyC", "sub", "up"]).globals).toEqual({ quiet: true, yes: true, dir: "sub" });
    expect(parseCommandLine(["up", "-yCsub"]).globals).toEqual({ yes: true, dir: "sub" });
  });

  it("takes an option that may come again as a list", () => {
    expect(
      parseCommandLine(["up", "--allow-data-loss", "a@x", "--allow-data-loss=b@y"]).invocation.options,
    ).toEqual({ allowDataLoss: ["a@x", "b@y"] });
  });

  it("takes words after -- as arguments", () => {
    expect(parseCommandLine(["plan", "--", "--odd"]).invocation.arguments).toEqual({ environment: "--odd" });
  });

  it("counts -v", () => {
    expect(parseCommandLine(["status", "-v", "-v"]).globals).toEqual({ verbose: 2 });
    expect(parseCommandLine(["status", "-vv"]).globals).toEqual({ verbose: 2 });
  });
});

describe("a wrong command line is refused with the nearest right word", () => {
  it("an unknown command", () => {
    expect(refused("plna")).toEqual({
      code: "unknown-command",
      message: "unknown command 'plna'",
      next: "Did you mean plan? See `terrane --help`.",
    });
    expect(refused("cloud", "lss").next).toBe("Did you mean ls? See `terrane cloud --help`.");
    expect(refused("frobnicate").next).toBe("See `terrane --help`.");
  });

  it("an unknown flag, of the command or global", () => {
    expect(refused("plan", "--detaild-exitcode").next).toBe(
      "Did you mean --detailed-exitcode? See `terrane plan --help`.",
    );
    expect(refused("up", "--paralel", "3").next).toContain("--parallel");
    expect(refused("--jsn", "up").code).toBe("bad-usage");
  });

  it("a flag of another command", () => {
    expect(refused("destroy", "--live").code).toBe("bad-usage");
  });

  it("a flag given twice, a missing value, too many arguments", () => {
    expect(refused("up", "--parallel", "2", "--parallel", "3").message).toBe(
      '--parallel is given twice: "2" and "3"',
    );
    expect(refused("-C", "a", "up", "--dir", "b").message).toContain("given twice");
    expect(refused("up", "--timeout").message).toContain("argument missing");
    expect(refused("up", "--dir", "").next).toBe("Allowed: a value that is not empty.");
    expect(refused("up", "shop", "stray").message).toContain("too many arguments");
    expect(refused("cloud", "show")).toEqual({
      code: "bad-usage",
      message: "missing required argument 'id'",
      next: "See `terrane cloud show --help`.",
    });
  });

  it("a value for a flag that takes none, an unknown flag among short ones, options without a command", () => {
    expect(refused("up", "--yes=no").message).toBe("option '--yes' takes no value");
    expect(refused("up", "-yx").message).toBe("unknown option '-x'");
    expect(refused("--json").message).toBe("there is no command");
    expect(refused("cloud", "--json").message).toBe("there is no command");
  });

  it.each(["0", "-1", "1e9", "NaN", "", "257", "1.5", "٣"])("--parallel %j", (value) => {
    expect(refused("up", "--parallel", value)).toMatchObject({
      code: "bad-usage",
      message: `--parallel cannot be "${value}"`,
    });
  });

  it.each(["5x", "0s", "-1m", "10", "1h30m", "s", "25d"])("--timeout %j", (value) => {
    expect(refused("up", "--timeout", value).next).toBe(
      "Allowed: a number and a unit, at most 24d: 30s, 15m, 2h.",
    );
  });

  it("--color with a value there is not", () => {
    expect(refused("up", "--color", "sometimes").next).toBe("Allowed: auto, always, never.");
  });

  it("ends with exit code 64 and nothing on stdout", async () => {
    const { code, stdout, stderr } = await runFake(["up", "--parallel", "0"]);
    expect(code).toBe(64);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      [
        "error  bad-usage",
        '  --parallel cannot be "0"',
        "  next  Allowed: a whole number from 1 to 256.",
        "",
      ].join("\n"),
    );
  });

  it("--json together with --json-lines", async () => {
    const { code, stderr } = await runFake(["plan", "--json", "--json-lines"]);
    expect(code).toBe(64);
    expect(stderr).toContain("--json and --json-lines exclude each other");
  });
});

describe("settings", () => {
  const settings = (argv: readonly string[], options: FakeIoOptions) =>
    resolveSettings(parseCommandLine(["status", ...argv]).globals, fakeIo(options));

  it("have defaults", () => {
    expect(settings([], {})).toMatchObject({
      dir: "/project",
      home: "/home/ada/.terrane",
      color: "auto",
      interactive: true,
      verbosity: 0,
      yes: false,
      debug: false,
    });
  });

  it("come from the flag, else from the variable, and say from where", () => {
    const environment = { TERRANE_DIR: "from-variable", TERRANE_PARALLEL: "3", TERRANE_HOME: "/opt/terrane" };
    const both = settings(["--parallel", "5"], { environment });
    expect(both).toMatchObject({ dir: "/project/from-variable", parallel: 5, home: "/opt/terrane" });
    expect(both.origins).toContainEqual({
      name: "dir",
      value: "/project/from-variable",
      origin: "TERRANE_DIR",
    });
    expect(both.origins).toContainEqual({ name: "parallel", value: "5", origin: "flag" });
    expect(both.origins).toContainEqual({ name: "timeout", value: "none", origin: "default" });
    expect(settings([], { environment }).parallel).toBe(3);
  });

  it("refuse a variable's value as they refuse a flag's, by the variable's name", () => {
    expect(() => settings([], { environment: { TERRANE_PARALLEL: "many" } })).toThrow(
      expect.objectContaining({ code: "bad-usage", message: 'TERRANE_PARALLEL cannot be "many"' }),
    );
  });

  it("refuse a TERRANE_HOME that is not absolute", () => {
    expect(() => settings([], { environment: { TERRANE_HOME: "here" } })).toThrow(
      expect.objectContaining({ code: "bad-home" }),
    );
  });

  it("never ask where a variable says so", () => {
    expect(settings([], { environment: { TERRANE_NON_INTERACTIVE: "1" } }).interactive).toBe(false);
    expect(settings([], { environment: { TERRANE_NON_INTERACTIVE: "0" } }).interactive).toBe(true);
  });
});
