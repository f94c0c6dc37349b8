import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { annotations } from "../../../src/cli/output/annotation.ts";
import { errorLines } from "../../../src/cli/output/error.ts";
import { maskSource, problemLines } from "../../../src/cli/output/problem.ts";
import { type Problem, TerraneError } from "../../../src/errors.ts";
import { runFake } from "./fakes.ts";
import { deniedFinding, validReport } from "./samples.ts";
import { text, toText, widest } from "./screen.ts";

const problem: Problem = {
  code: "unknown-key",
  severity: "error",
  message: '"nodeTypes" is not a field of `cluster`',
  position: { file: "blueprints/shop.yaml", line: 14, column: 5 },
  seen: "nodeTypes",
  allowed: "network, nodes, nodeType, version",
  nearest: "nodeType",
  related: [{ position: { file: "environments/dev.yaml", line: 3, column: 1 }, message: "used here" }],
};

const source = (): string => "    nodeTypes: m7g.large";

describe("a problem", () => {
  it("shows position, code, the line with a caret under the word, what is allowed, what to do", () => {
    expect(toText(problemLines([problem], 0, source, 80))).toBe(
      `${text`
        blueprints/shop.yaml:14:5  error  unknown-key
          "nodeTypes" is not a field of \`cluster\`
            14 │     nodeTypes: m7g.large
               │     ^^^^^^^^^
          seen     nodeTypes
          allowed  network, nodes, nodeType, version
          nearest  nodeType
          next     Remove or rename the key.
          also     environments/dev.yaml:3:1: used here
      `.replaceAll("\\`", "`")}\n`,
    );
  });

  it("fits 40 columns, far to the right of a long line too", () => {
    const long = `{ ${"a: 1, ".repeat(60)}nodeTypes: m7g.large }`;
    const far = {
      ...problem,
      position: { file: "shop.yaml", line: 1, column: long.indexOf("nodeTypes") + 1 },
    };
    const lines = problemLines([far], 0, () => long, 40);
    expect(widest(lines)).toBeLessThanOrEqual(40);
    const screen = toText(lines).split("\n");
    const caret = screen.findIndex((each) => each.includes("^"));
    const at = screen[caret]?.indexOf("^") ?? -1;
    expect(screen[caret - 1]?.slice(at)).toMatch(/^nodeTypes/);
  });

  it("puts the caret right behind wide characters and tabs", () => {
    const wide = { ...problem, position: { file: "shop.yaml", line: 1, column: 5 } };
    const screen = toText(problemLines([wide], 0, () => "東京: nodeTypes", 80)).split("\n");
    expect(screen[3]).toBe(`       │ ${" ".repeat(6)}^^^^^^^^^`);
  });

  it("uses its own next step where it has one", () => {
    expect(toText(problemLines([{ ...problem, next: "Write nodeType." }], 0, source, 80))).toContain(
      "next     Write nodeType.",
    );
  });

  it("counts what is beyond the first hundred", () => {
    const many = Array.from({ length: 130 }, () => problem);
    expect(toText(problemLines(many, 282, () => undefined, 80))).toContain("\nand 312 more");
  });
});

describe("the source line of a problem", () => {
  it("is not shown where a secret was written instead of a reference", () => {
    const secret: Problem = { ...problem, code: "bad-secret-reference" };
    expect(toText(problemLines([secret], 0, () => "password: hunter2", 80))).not.toContain("hunter2");
  });

  it.each([
    ["  adminPassword: hunter2", "  adminPassword: [hidden]"],
    ["  - api_token: 'abc'", "  - api_token: [hidden]"],
    ['  "private-key": |', '  "private-key": [hidden]'],
    [
      "  repository: https://ada:hunter2@git.example.com/x",
      "  repository: https://[hidden]@git.example.com/x",
    ],
    ["db: { password: hunter2, port: 1 }", "db: { password: [hidden], port: 1 }"],
    ["db: { password: 'hunter2, too', port: 1 }", "db: { password: [hidden], port: 1 }"],
    ["  password: hunter2, and more", "  password: [hidden]"],
    ["  password: { fromEnv: DB_PASSWORD }", "  password: { fromEnv: DB_PASSWORD }"],
    ["  nodes: 3", "  nodes: 3"],
  ])("%j shows as %j", (written, shown) => {
    expect(maskSource(written)).toBe(shown);
  });
});

describe("an error", () => {
  it("says what went wrong and what to do next, and wraps", () => {
    const error = new TerraneError(
      "lease-held",
      "another operation is at work on shop since 10:00, started by ada",
      {
        next: "Wait, or see: terrane status shop",
      },
    );
    const lines = errorLines(error, { width: 40, source, debug: false });
    expect(widest(lines)).toBeLessThanOrEqual(40);
    expect(toText(lines)).toBe(text`
      error  lease-held
        another operation is at work on shop
        since 10:00, started by ada
        next  Wait, or see: terrane status
              shop
    `);
  });

  it("lists its problems first and counts them", () => {
    const error = new TerraneError("document-invalid", "the project cannot be used", {
      problems: [problem, { ...problem, severity: "warning" }],
      details: { omitted: 5 },
    });
    const screen = toText(errorLines(error, { width: 80, source: () => undefined, debug: false }));
    expect(screen).toMatch(/^blueprints\/shop.yaml:14:5/);
    expect(screen).toContain(
      "and 5 more\n\nerror  document-invalid\n  the project cannot be used\n  1 error, 1 warning, 5 more",
    );
  });

  it("does not say again what its problems say", () => {
    const problems = [problem, { ...problem, message: "another" }];
    const error = new TerraneError("document-invalid", problems.map(({ message }) => message).join("; "), {
      problems,
    });
    const screen = toText(errorLines(error, { width: 80, source: () => undefined, debug: false }));
    expect(screen.match(/another/g)).toHaveLength(1);
    expect(screen).toContain("error  document-invalid\n  2 errors\n");
  });

  it("of a policy shows what each finding says and how to mend it", () => {
    const error = new TerraneError("denied-by-policy", "policies deny the change of shop", {
      details: { findings: [deniedFinding, "not a finding"] },
    });
    expect(toText(errorLines(error, { width: 80, source, debug: false }))).toBe(text`
      Policies  1 DENIED
        ✗ deny  baseline/no-public-database
          on    orders (aws:rds/instance:Instance) publiclyAccessible
                (shop.virginia.data)
          why   the database would have a public address
          mend  remove publiclyAccessible
      error  denied-by-policy
        policies deny the change of shop
        next  Mend what the findings name, then plan again.
    `);
  });

  it("of its own code is the exit code, its JSON is the one object on stdout, the message stays on stderr", async () => {
    const failing = {
      readStatus: async () => {
        throw new TerraneError("lease-held", "busy", { details: { holder: "ada" } });
      },
    };
    const { code, stdout, stderr } = await runFake(["status", "--json"], failing);
    expect(code).toBe(5);
    expect(stderr).toContain("error  lease-held");
    expect(JSON.parse(stdout)).toEqual({
      format: "terrane.dev/error/v1",
      code: "lease-held",
      message: "busy",
      next: "Wait until it ends, or see `terrane status`.",
      exitCode: 5,
      problems: [],
      details: { holder: "ada" },
    });
  });

  it("of no code is a defect: reported as such, without a stack trace", async () => {
    const failing = {
      readStatus: async () => {
        throw new TypeError("x is not a function");
      },
    };
    const { code, stderr } = await runFake(["status"], failing);
    expect(code).toBe(1);
    expect(stderr).toBe(
      [
        "error  internal",
        "  TypeError: x is not a function",
        "  next  Please report it, with the output of `terrane doctor`.",
        "",
      ].join("\n"),
    );
  });

  it.each([
    ["-vv", ["-vv"], {}],
    ["TERRANE_DEBUG", [], { TERRANE_DEBUG: "1" }],
  ])("shows stack traces and causes with %s only", async (_case, flags, environment) => {
    const failing = {
      readStatus: async () => {
        throw new TerraneError("engine-failed", "it ended", { cause: new Error("the first cause") });
      },
    };
    const { stderr } = await runFake(["status", ...flags], failing, { environment });
    expect(stderr).toContain("    at ");
    expect(stderr).toContain("Error: the first cause");
    const { stderr: usual } = await runFake(["status", "-v"], failing);
    expect(usual).not.toContain("    at ");
  });
});

describe("in a GitHub workflow", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "terrane-cli-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("problems become annotations with file, line and column from the repository's root", async () => {
    writeFileSync(join(folder, "shop.yaml"), `${"\n".repeat(13)}    nodeTypes: m7g.large\n`);
    const found: Problem = { ...problem, position: { file: "shop.yaml", line: 14, column: 5 } };
    const { code, stderr, stdout } = await runFake(
      ["validate", "-C", "infra"],
      { validateProject: async () => ({ ...validReport, problems: [found], graphs: [] }) },
      { workingFolder: folder, environment: { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: folder } },
    );
    expect(code).toBe(65);
    expect(stdout).toContain("✗ 2 documents, 1 error");
    expect(stderr).toBe(
      '::error title=unknown-key,file=infra/shop.yaml,line=14,col=5::"nodeTypes" is not a field of `cluster`%0Anearest: nodeType\n',
    );
  });

  it("escape what could end a property or begin a command", () => {
    const evil: Problem = {
      code: "bad-value",
      severity: "warning",
      message: "100%\n::set-env name=x::y\u001b[31m",
      position: { file: "a,b:c.yaml", line: 1, column: 2 },
    };
    const error = new TerraneError("document-invalid", "no", { problems: [evil] });
    expect(annotations(error, (file) => file)).toEqual([
      "::warning title=bad-value,file=a%2Cb%3Ac.yaml,line=1,col=2::100%25%0A::set-env name=x::y\\x1b[31m",
    ]);
  });

  it("an error without problems is one annotation", () => {
    expect(annotations(new TerraneError("lease-held", "busy"), (file) => file)).toEqual([
      "::error title=lease-held::busy%0AWait until it ends, or see `terrane status`.",
    ]);
  });

  it("text from outside cannot speak to the runner", async () => {
    const failing = {
      readStatus: async () => {
        throw new TerraneError("cloud-error", "::add-mask::x ##[error]y");
      },
    };
    const { stderr } = await runFake(["status"], failing, { environment: { GITHUB_ACTIONS: "true" } });
    const spoken = stderr.split("\n").filter((each) => /^\s*::/.test(each) || each.includes("##["));
    expect(spoken).toHaveLength(1);
    expect(spoken[0]).toMatch(/^::error title=cloud-error::::add-mask/);
  });
});
