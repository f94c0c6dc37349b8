import { describe, expect, it } from "vitest";
import { renderEnvironment } from "../../src/platform/render.ts";
import { validateProject } from "../../src/platform/validate.ts";
import { makeProject } from "../support/project.ts";
import { blueprint, environment, only, placeOf, validate } from "./blueprint/documents.ts";

const google = blueprint({ sites: "iowa: { cloud: gcp, region: us-central1, role: primary }" });
const azure = blueprint({ sites: "oslo: { cloud: azure, region: norwayeast, role: primary }" });
const required = "Owner: team-a, CostCenter: CC-1, Project: shop";

const head = (rest: string) => `metadata: { name: shop }\nblueprint: sample@^1\n${rest}`;
const problemsOf = (text: string, where = blueprint()) =>
  validate(text, where).problems.filter((each) => each.code !== "not-in-this-release");
const tagged = (tags: string) => environment({ tags: `{ ${required}, DataClass: internal, ${tags} }` });

describe("bad input: tags, cost, time", () => {
  it("51: required tags that are missing, empty or say nothing are named all at once", () => {
    const text = environment({ tags: '{ Owner: TODO, CostCenter: "  ", Project: unknown }' });
    const problem = only(problemsOf(text));
    expect(problem).toMatchObject({ code: "missing-tag", position: placeOf(text, "tags") });
    expect(problem.message).toContain("Owner, CostCenter, Project, DataClass");
  });

  it("51: a required tag in another case is told its right form", () => {
    const text = environment({
      tags: "{ owner: team-a, CostCenter: CC-1, Project: shop, DataClass: internal }",
    });
    expect(only(problemsOf(text))).toMatchObject({
      code: "missing-tag",
      position: placeOf(text, "owner"),
      nearest: "Owner",
    });
  });

  it.each([
    ["Environment: production", "Environment: production", "dev"],
    ["Environment: staging", "Environment: staging", "dev"],
  ])("52: the tag %s against the class is refused", (tag, word, allowed) => {
    const text = tagged(tag);
    const problem = only(problemsOf(text));
    expect(problem).toMatchObject({ code: "bad-tag", allowed });
    expect(problem.position).toEqual({
      ...placeOf(text, word),
      column: placeOf(text, word).column + "Environment: ".length,
    });
  });

  it("52: a data class that is not known is told the four there are", () => {
    const text = environment({ tags: `{ ${required}, DataClass: secretish }` });
    expect(only(problemsOf(text))).toMatchObject({
      code: "bad-tag",
      seen: "secretish",
      allowed: "public, internal, confidential, regulated",
    });
  });

  it("52: regulated data has no place in a sandbox", () => {
    const text = environment({
      head: head("class: sandbox"),
      tags: `{ ${required}, DataClass: regulated }`,
    });
    expect(only(problemsOf(text)).message).toBe("regulated data is not for a sandbox");
  });

  it.each([
    ["aws:team", 'tags that start with "aws:" are reserved'],
    ["azureOwner", 'tags that start with "azure" are reserved'],
    ["Microsoft-team", 'tags that start with "microsoft" are reserved'],
    ["windows", 'tags that start with "windows" are reserved'],
    ["google-team", 'tags that start with "goog" are reserved'],
    ["terrane:stack", 'tags that start with "terrane:" are reserved'],
  ])("53: the key %s belongs to somebody else", (key, message) => {
    const text = tagged(`"${key}": x`);
    expect(problemsOf(text).map((each) => each.message)).toContain(message);
  });

  it("53: keys over 128 and values over 256 characters are refused", () => {
    const text = tagged(`${"k".repeat(129)}: x, Note: ${"v".repeat(257)}`);
    expect(problemsOf(text)).toHaveLength(2);
    expect(problemsOf(text).every((each) => each.severity === "error")).toBe(true);
  });

  it("53: characters that AWS does not take are refused where the tag stands", () => {
    const text = tagged("Team: 'a;b'");
    expect(only(problemsOf(text))).toMatchObject({
      code: "bad-tag",
      position: placeOf(text, "'a;b'"),
      seen: "a;b",
      message: 'AWS does not take the value of the tag "Team"',
    });
  });

  it("53: more tags than a resource can carry, terrane's own included, are counted", () => {
    const many = Array.from({ length: 45 }, (_, index) => `K${index}: x`).join(", ");
    const messages = problemsOf(tagged(many)).map((each) => each.message);
    expect(messages).toContain("55 tags are too many for AWS");
    expect(problemsOf(tagged(many), azure).map((each) => each.message)).toContain(
      "55 tags are too many for Azure",
    );
  });

  it("53: what only Azure refuses is refused on every cloud, since tags go along when a site is added", () => {
    expect(
      only(problemsOf(tagged('"a?b": x'), azure).filter((each) => each.message.startsWith("the key"))),
    ).toMatchObject({ code: "bad-tag", allowed: "no < > % & \\ ? /" });
  });

  it("54: a tag that loses characters on Google Cloud says what label it becomes", () => {
    const text = environment({
      tags: '{ Owner: "Team/Payments", CostCenter: CC-1, Project: shop, DataClass: internal }',
    });
    expect(only(problemsOf(text, google))).toMatchObject({
      severity: "warning",
      position: placeOf(text, '"Team/Payments"'),
      message: 'on Google Cloud the tag becomes the label "owner: team_payments"',
    });
    expect(problemsOf(text)).toEqual([]);
  });

  it("54: two tags that become one label are refused", () => {
    const text = tagged('"Team.Name": a, Team_Name: a');
    expect(problemsOf(text, google).filter((each) => each.severity === "error")).toMatchObject([
      {
        code: "name-collision",
        message: 'the tags "Team.Name" and "Team_Name" both become the label "team_name" on Google Cloud',
      },
    ]);
  });

  it.each(["'=cmd()'", "'@sum'", "'+1'", "-cmd"])(
    "55: the value %s, a formula to a spreadsheet, is refused",
    (value) => {
      const text = tagged(`Note: ${value}`);
      expect(problemsOf(text).map((each) => each.message)).toContain(
        "a spreadsheet would take the value for a formula",
      );
    },
  );

  it("55: a line break in a value is refused", () => {
    const text = tagged('Note: "a\\nb"');
    expect(problemsOf(text).map((each) => each.message)).toContain("the value holds a line break");
  });

  it.each([
    ["0", "the duration is zero"],
    ["-1h", "the duration is negative"],
    ["tomorrow", "the text is not a duration"],
    ["PT", "the text is not a duration"],
    ["1y", "years, months and weeks are not units"],
  ])("56: the TTL %s is no duration", (ttl, message) => {
    const text = environment({ head: head(`class: sandbox\nttl: "${ttl}"`) });
    expect(only(problemsOf(text))).toMatchObject({
      code: "bad-duration",
      message,
      position: placeOf(text, `"${ttl}"`),
    });
  });

  it.each([
    ["sandbox", "8d", "7d"],
    ["dev", "31d", "30d"],
    ["staging", "2161h", "90d"],
  ])("56: the longest TTL of class %s is below %s", (environmentClass, ttl, longest) => {
    const text = environment({ head: head(`class: ${environmentClass}\nttl: ${ttl}`) });
    expect(only(problemsOf(text))).toMatchObject({
      code: "bad-duration",
      allowed: `at most ${longest}`,
      nearest: longest,
    });
    const fitting = environment({ head: head(`class: ${environmentClass}\nttl: ${longest}`) });
    expect(problemsOf(fitting)).toEqual([]);
  });

  it("56: prod has no TTL", () => {
    const text = environment({ head: head("class: prod\nttl: 30d") });
    expect(only(problemsOf(text))).toMatchObject({ code: "bad-duration", allowed: "no ttl" });
  });

  it("56: what is not carried out yet says so", () => {
    const text = environment({ head: head("class: dev\nttl: 3d") });
    expect(only([...validate(text, blueprint()).problems])).toMatchObject({
      code: "not-in-this-release",
      severity: "warning",
      position: placeOf(text, "ttl"),
    });
  });

  const hours = (down: string, timeZone = "Europe/Berlin") =>
    environment({
      head: head(`class: dev\nschedule: { up: "0 7 * * 1-5", down: "${down}", timeZone: ${timeZone} }`),
    });

  it.each([
    ["0 0 31 2 *", "there is no such day: it never comes"],
    ["0 0 20 * * 1-5", "there are six fields; seconds are not part of a schedule"],
    ["61 * * * *", "invalid value for minute: 61"],
    ["0 20 * *", "there are not five fields"],
    ["@daily", "there are not five fields"],
  ])("57: the schedule %s says why it never runs", (cron, message) => {
    const text = hours(cron);
    expect(only(problemsOf(text))).toMatchObject({
      code: "bad-schedule",
      message,
      position: placeOf(text, `"${cron}"`),
    });
  });

  it("57: an unknown time zone is told the nearest", () => {
    const text = hours("0 20 * * *", "Europe/Berln");
    expect(only(problemsOf(text))).toMatchObject({
      code: "bad-schedule",
      position: placeOf(text, "Europe/Berln"),
      nearest: "Europe/Berlin",
    });
  });

  it("57: a time that daylight saving skips is told with its days", () => {
    expect(only(problemsOf(hours("30 2 * * *")))).toMatchObject({
      code: "bad-schedule",
      severity: "warning",
      message:
        "daylight saving skips this time in Europe/Berlin on 2027-03-28 and 2028-03-26: it then runs when the clock goes on",
    });
    expect(problemsOf(hours("30 2 * * *", "UTC"))).toEqual([]);
    expect(problemsOf(hours("30 2 * * 6"))).toEqual([]);
  });

  it("57: a schedule that runs is told its next three runs, from the clock that is handed in", async () => {
    const shop = hours("0 20 * * 1-5").replace("shop", "shop-dev");
    await using project = await makeProject({ "environments/dev.yaml": shop });
    const { schedules } = await validateProject(project.context, { files: [] });
    expect(schedules).toEqual([
      {
        environment: "shop-dev",
        timeZone: "Europe/Berlin",
        up: ["2026-11-23T06:00:00.000Z", "2026-11-24T06:00:00.000Z", "2026-11-25T06:00:00.000Z"],
        down: ["2026-11-23T19:00:00.000Z", "2026-11-24T19:00:00.000Z", "2026-11-25T19:00:00.000Z"],
      },
    ]);
    await project.write("environments/dev.yaml", hours("0 0 31 2 *"));
    expect((await validateProject(project.context, { files: [] })).schedules).toEqual([]);
  });

  it.each([
    ["{ amount: -5, currency: USD }", "amount"],
    ["{ amount: 0, currency: USD }", "amount"],
    ["{ amount: 100 }", "currency"],
    ["{ amount: 100, currency: EUR }", "currency"],
    ["{ amount: 1e1, currency: USD }", "amount"],
    ['{ amount: "100 USD" }', "amount"],
  ])("58: the budget %s is refused at its %s", (budget, key) => {
    const text = environment({ head: head(`class: dev\nbudget: ${budget}`) });
    const problems = problemsOf(text);
    expect(problems.some((each) => each.path === `/budget/${key}` || each.message.includes(key))).toBe(true);
    expect(problems.every((each) => each.severity === "error")).toBe(true);
  });

  it("58: a budget above the limit of its class is refused with the limit and where it stands", () => {
    const limits = [
      "apiVersion: terrane.dev/v1",
      "kind: Project",
      "metadata: { name: shop }",
      "budgets: { sandbox: { amount: 50, currency: USD }, dev: { amount: 300, currency: USD } }",
      "",
    ].join("\n");
    const text = environment({ head: head("class: dev\nbudget: { amount: 400, currency: USD }") });
    const problems = validate(text, blueprint(), limits).problems.filter(
      ({ severity }) => severity === "error",
    );
    expect(only(problems)).toMatchObject({
      code: "budget-too-high",
      message: "the budget is above the largest of class dev",
      position: placeOf(text, "400"),
      seen: "400",
      allowed: "at most 300 USD a month",
      nearest: "300",
      related: [{ message: "the limit, 300 USD a month" }],
    });
    for (const fitting of [
      "class: dev\nbudget: { amount: 300, currency: USD }",
      "class: prod\nbudget: { amount: 9000, currency: USD }",
    ])
      expect(problemsOf(environment({ head: head(fitting) }), `${blueprint()}---\n${limits}`)).toEqual([]);
  });

  it("58: up holds a budget to the limit too", async () => {
    await using project = await makeProject({
      "terrane.yaml":
        "apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: shop }\nbudgets: { dev: { amount: 5, currency: USD } }\n",
      "blueprints/sample/blueprint.yaml": blueprint(),
      "environments/dev.yaml": environment({
        head: head("class: dev\nbudget: { amount: 6, currency: USD }"),
      }),
    });
    await expect(renderEnvironment(project.context, "shop")).rejects.toMatchObject({
      code: "document-invalid",
      problems: expect.arrayContaining([expect.objectContaining({ code: "budget-too-high" })]),
    });
  });

  it("58: an amount and its currency are a budget", () => {
    expect(
      problemsOf(environment({ head: head("class: dev\nbudget: { amount: 400, currency: USD }") })),
    ).toEqual([]);
  });
});
