import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../../src/errors.ts";
import { blueprint, environment, validateBytes, validateText } from "./documents.ts";

/** TERRANE_SEED repeats a run; TERRANE_RUNS makes it longer. */
const seed = Number(process.env["TERRANE_SEED"] ?? Date.now() % 2 ** 31);
const runs = Number(process.env["TERRANE_RUNS"] ?? 3000);
const options = { seed, numRuns: runs };

const repository = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const originals = [
  ...["aws-platform", "active-passive-aws-gcp"].map((name) =>
    readFileSync(join(repository, "blueprints", name, "blueprint.yaml"), "utf8"),
  ),
  `${blueprint({
    parameters: "size: { type: integer, minimum: 1, default: 2 }\npass: { type: string, secret: true }",
    components:
      'vpc: &v { type: vpc, zones: "${parameters.size}" }\nedge: *v\norders: { type: postgres, network: vpc@virginia, when: { class: [prod] } }',
  })}---\n${environment({ parameters: "{ size: 3, pass: { fromEnv: PASS } }" })}`,
];
const pieces = [
  ...[
    "[",
    "]",
    "{",
    "}",
    ":",
    ": ",
    "- ",
    "? ",
    ",",
    "&a ",
    "*a",
    "!t ",
    "|\n",
    ">\n",
    "'",
    '"',
    "#",
    "%",
    "@",
    "`",
    "---\n",
    "...\n",
  ],
  ...["\t", "\r", "\n", "\n  ", " ", "\u0000", "\u2028", "\u202e", "\ud800", "é", "e\u0301", "😀"],
  ...[
    "${",
    "${parameters.size}",
    "$${",
    "${${x}}",
    "<<: *a\n",
    "__proto__: ",
    "constructor: ",
    "null",
    "~",
    "1e999",
    "-0",
    "0x1",
  ],
  ...[
    "byClass: { prod: { zones: 1 } }",
    "formerly: vpc",
    "use: { a: b }",
    "sites: [virginia]",
    "9".repeat(400),
    "x".repeat(5000),
  ],
];

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.constant(0), fc.nat({ max: 12 }), fc.nat({ max: 400 })),
  insert: fc.oneof(fc.constant(""), fc.constantFrom(...pieces), fc.string({ maxLength: 8 })),
});

function apply(text: string, edits: readonly Edit[]): string {
  return edits.reduce((current, { at, remove, insert }) => {
    const place = Math.floor(at * current.length);
    return current.slice(0, place) + insert + current.slice(place + remove);
  }, text);
}

/**
 * CPU time of this thread, so that a busy machine and the collector's helpers are not taken for a slow parser. What
 * took too long is tried again: code that runs for the first time is still being compiled, a slow parser stays slow.
 */
function measured(run: () => readonly Problem[]): readonly Problem[] {
  const first = timed(run);
  const best = first.milliseconds < 1000 ? first : timed(run);
  expect(best.milliseconds).toBeLessThan(1000);
  return best.problems;
}

function timed(run: () => readonly Problem[]) {
  const before = process.threadCpuUsage();
  const problems = run();
  const { user, system } = process.threadCpuUsage(before);
  return { problems, milliseconds: (user + system) / 1000 };
}

function assertWellFormed(problems: readonly Problem[], text: string): void {
  expect(problems.length).toBeLessThanOrEqual(100);
  const lines = text.split("\n");
  for (const { position, message, seen, code } of problems) {
    expect(code).not.toBe("internal");
    expect(message).not.toMatch(/undefined|\[object|\bZod|Error:/);
    expect(seen?.length ?? 0).toBeLessThanOrEqual(400);
    expect(position?.line ?? 1).toBeLessThanOrEqual(lines.length);
    expect((position?.column ?? 1) - 1).toBeLessThanOrEqual(lines[(position?.line ?? 1) - 1]?.length ?? 0);
  }
}

describe(`parsing and validating, seed ${seed}`, () => {
  it("answers any edit of a sound document with problems at places that exist, within a second", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...originals),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        (original, edits) => {
          const text = apply(original, edits).toWellFormed();
          assertWellFormed(
            measured(() => validateText("sample.yaml", text).problems),
            text,
          );
        },
      ),
      options,
    );
  });

  it("answers any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        measured(() => validateBytes(bytes));
      }),
      options,
    );
  });

  it("answers any two pieces repeated up to the size limit within a second", () => {
    const heads = ["", "a: ", "apiVersion: terrane.dev/v1\nkind: Blueprint\ncomponents:\n"];
    const anyPiece = fc.constantFrom(...pieces);
    fc.assert(
      fc.property(anyPiece, anyPiece, fc.constantFrom(...heads), (first, second, head) => {
        const unit = first + second;
        const text = head + unit.repeat(Math.ceil((1024 * 1024 - head.length) / Buffer.byteLength(unit)) - 1);
        measured(() => validateBytes(Buffer.from(text)));
      }),
      { seed, numRuns: Math.ceil(runs / 5) },
    );
  });

  it("answers the largest blueprints that the limits allow within a second", () => {
    const sites = Array.from(
      { length: 12 },
      (_, at) => `s${at}: { cloud: aws, region: r${at}, role: ${at === 0 ? "primary" : "standby"} }`,
    ).join("\n");
    const list = (at: number) =>
      Array.from({ length: 40 }, (_, next) => `c${(at + next + 1) % 190}`).join(", ");
    const shapes = [
      (at: number) =>
        `c${at}: { type: cluster, network: vpx, connects: [${list(at)}], when: { class: [prod] } }`,
      (at: number) =>
        `c${at}: { type: argocd, cluster: k, repository: "https://x/y", expose: [${list(at)}], when: { role: [standby] } }`,
      (at: number) =>
        `c${at}: { type: vpc, cidr: 10.0.0.0/16, byRole: { standby: { zones: 2 } }, byClass: { prod: { zones: 3 } } }`,
    ];
    for (const shape of shapes) {
      const components = `vpc: { type: vpc }\nk: { type: cluster, network: vpc }\n${Array.from({ length: 190 }, (_, at) => shape(at)).join("\n")}`;
      const text = `${blueprint({ sites, components })}---\n${environment()}`;
      assertWellFormed(
        measured(() => validateText("sample.yaml", text).problems),
        text,
      );
    }
  });
});
