/** Secrets written into documents, by their number in the list of bad input. Samples are put together, so that no scanner takes this file for a leak. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemLines } from "../../src/cli/output/problem.ts";
import { planEnvironment } from "../../src/platform/plan.ts";
import { findPlainSecret } from "../../src/values/plain-secret.ts";
import { applying, makeProject } from "../support/project.ts";
import { blueprint, environment, only, placeOf, validate } from "./blueprint/documents.ts";
import { toText } from "./cli/screen.ts";

const letters = (length: number) => "aB3dE5gH7".repeat(30).slice(0, length);
const samples: readonly (readonly [what: string, secret: string])[] = [
  ["a private key", "-----BEGIN RSA PRIVATE " + "KEY-----"],
  ["a private key", "-----BEGIN " + "PRIVATE KEY-----"],
  ["an AWS access key id", "AKIA" + "ABCDEFGHIJKLMNOP"],
  ["a GitHub token", "ghp_" + letters(36)],
  ["a GitHub token", "github_pat_" + letters(60)],
  ["a GitLab token", "glpat-" + letters(20)],
  ["a Slack token", "xoxb-" + letters(24)],
  ["a Google API key", "AIza" + letters(35)],
  ["a Stripe key", "sk_live_" + letters(24)],
  ["an npm token", "npm_" + letters(36)],
  ["a Pulumi token", "pul-" + "0a1b2c3d4e".repeat(4)],
  ["a JSON web token", `eyJ${letters(20)}.eyJ${letters(40)}.${letters(43)}`],
  ["a password in an address", "postgres://shop:hunter2@db.example.com/shop"],
  ["a password in an address", "https://:hunter2@example.com"],
  ["a password in a connection string", "Server=db;Password=hunter2hunter2;Database=x"],
];

/** What must not be seen: any eight characters in a row; of an address, its password. */
function piecesOf(secret: string): readonly string[] {
  if (secret.includes("hunter2")) return ["hunter2"];
  return Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8));
}

describe("bad input: secrets in plain sight", () => {
  it.each(samples)("65: %s in a tag is refused with what it is and how long, and no more", (what, secret) => {
    const text = environment({
      tags: `{ Owner: team-a, CostCenter: CC-1, Project: shop, DataClass: internal, Note: "${secret}" }`,
    });
    const { problems } = validate(text, blueprint());
    expect(only([...problems])).toMatchObject({
      code: "secret-in-plain-sight",
      message: expect.stringContaining(`${what} is written down here`),
      position: placeOf(text, `"${secret}"`),
      path: "/tags/Note",
    });
    for (const piece of piecesOf(secret)) expect(JSON.stringify(problems)).not.toContain(piece);
  });

  it.each(samples)("65: %s in base64 is one too", (what, secret) => {
    const encoded = Buffer.from(`token: ${secret}\n`).toString("base64");
    expect(findPlainSecret(`run ${encoded} now`)).toEqual({
      what: `${what}, in base64`,
      length: encoded.length,
    });
  });

  it.each(samples)(
    "65: no source line that is shown holds %s either, whatever the problem is about",
    (_what, secret) => {
      const encoded = Buffer.from(secret).toString("base64");
      for (const written of [secret, encoded]) {
        const text = environment({ tags: `{ Owner: TODO, Note: "${written}" }` });
        const { problems } = validate(text, blueprint());
        expect(problems.map(({ code }) => code)).toEqual(expect.arrayContaining(["missing-tag"]));
        const screen = toText(problemLines(problems, 0, (_file, line) => text.split("\n")[line - 1], 200));
        expect(screen).toContain("Owner: TODO");
        for (const piece of piecesOf(written)) expect(screen).not.toContain(piece);
      }
    },
  );

  it("65: one in a key, a parameter or a component is found, each where it stands", () => {
    const [, token = ""] = samples[3] ?? [];
    const text = blueprint({
      parameters: `note: { type: string, default: "${token}" }`,
      components: `vpc: { type: vpc, "${token}": x }`,
    });
    const given = environment({ parameters: `{ note: "see ${token}" }` });
    const { problems } = validate(text, given);
    const found = problems.filter(({ code }) => code === "secret-in-plain-sight");
    expect(found.map(({ position }) => position?.line)).toEqual([5, 9, 17]);
    expect(JSON.stringify(problems)).not.toContain(token);
  });

  it("65: what refers to a secret, or only looks like much, is no secret", () => {
    for (const text of [
      "https://git.example.com/payments/deploy",
      "ssh://git@git.example.com/a",
      "https://${parameters.user}:${parameters.password}@example.com",
      "arn:aws:iam::123456789012:role/AKIA-reader",
      "4f1d0c2b9a87e6d5c4b3a2918f7e6d5c4b3a2910",
      "password=",
      "-----BEGIN CERTIFICATE-----",
      "a.very/long/path/of/folders/that/goes/on/and/on",
    ])
      expect(findPlainSecret(text), text).toBeUndefined();
  });

  it("65: any text is looked through at once", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.constantFrom(...samples), (noise, [what, secret]) => {
        expect(findPlainSecret(`${noise.replaceAll(/[\w;&?-]/g, " ")} ;${secret}`)?.what).toBe(what);
      }),
    );
    for (const bomb of [
      "eyJ".repeat(30_000),
      "a://".repeat(20_000),
      "A".repeat(100_000),
      "-----BEGIN A ".repeat(8000),
    ]) {
      const start = performance.now();
      findPlainSecret(bomb);
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });

  it("65: plan goes no further with one", async () => {
    const [, token = ""] = samples[3] ?? [];
    await using project = await makeProject({
      "blueprints/sample/blueprint.yaml": blueprint(),
      "environments/shop.yaml": environment().replace("Project: shop", `Project: shop, Note: ${token}`),
    });
    await expect(planEnvironment(project.context, "shop", applying())).rejects.toMatchObject({
      code: "document-invalid",
      problems: [{ code: "secret-in-plain-sight" }],
    });
  });

  it("55: HTML in a tag is refused, since no cloud takes its signs", () => {
    const text = environment({
      tags: '{ Owner: team-a, CostCenter: CC-1, Project: shop, DataClass: internal, Note: "<img onerror=alert(1)>" }',
    });
    expect(only([...validate(text, blueprint()).problems])).toMatchObject({
      code: "bad-tag",
      position: placeOf(text, '"<img'),
    });
  });
});
