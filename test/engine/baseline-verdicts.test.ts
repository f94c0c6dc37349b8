/** The baseline gives one verdict wherever it is asked: on the inputs as written, in render, in plan, inside the engine. */
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { rulesOf } from "../../policies/packs.ts";
import { previewStack } from "../../src/engine/preview.ts";
import type { PolicyJudge } from "../../src/engine/request.ts";
import { upStack } from "../../src/engine/up.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { StackSpec } from "../../src/model/spec.ts";
import { evaluate, makeJudge } from "../../src/policy/evaluate.ts";
import type { PolicyContext } from "../../src/policy/rule.ts";
import { renderStack } from "../../src/render/render.ts";
import { type Properties, secret, unknown, type Value } from "../../src/values/value.ts";
import { openTestState } from "../support/engine.ts";
import { makeResource, staging } from "../support/policy.ts";
import { type PolicyCase, policyCases } from "../support/policy-cases.ts";
import { startToyCloud, Thing } from "../support/toy-provider.ts";

const context: PolicyContext = { ...staging, stack: "shop.here.data" };
const rules = rulesOf(["baseline"]);
const named = policyCases.map((each, index) => ({ ...each, name: `case-${index}` }));

/** Any resource of any type, its inputs as they are. */
class Any extends pulumi.CustomResource {}

/** A program with one resource for each case; what a case does not know yet is the address of a thing to be made. */
function programOf(cases: readonly (PolicyCase & { readonly name: string })[]) {
  return async () => {
    const thing = new Thing("thing");
    for (const { type, name, inputs } of cases) {
      new Any(type, name, { ...toInputs(inputs, thing), name });
    }
    return {};
  };
}

function toInputs(value: Properties, thing: Thing): Record<string, unknown> {
  const convert = (each: Value): unknown => {
    if (each === unknown) return thing.address;
    if (each === secret) return pulumi.secret("hidden");
    if (Array.isArray(each)) return each.map(convert);
    if (each === null || typeof each !== "object") return each ?? undefined;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, convert(inner)]));
  };
  return convert(value) as Record<string, unknown>;
}

/** Findings on the cases by name, as text, so that places and words are compared too. */
function byName(findings: readonly Finding[]): Record<string, string[]> {
  const lines = findings.map(({ urn, rule, verdict, severity, property, why }) => ({
    name: urn.split("::").at(-1) ?? "",
    line: `${severity} ${rule} ${verdict} ${property}: ${why}`,
  }));
  const groups = Object.entries(Object.groupBy(lines, ({ name }) => name));
  return Object.fromEntries(groups.map(([name, all = []]) => [name, all.map(({ line }) => line).sort()]));
}

const asWritten = (cases: typeof named): Record<string, string[]> =>
  byName(
    cases.flatMap(({ type, name, inputs }) => evaluate(rules, context, [makeResource(type, inputs, name)])),
  );

async function openWorld(policy: PolicyJudge) {
  const resources = new AsyncDisposableStack();
  const cloud = resources.use(await startToyCloud());
  const state = resources.use(await openTestState());
  const providers = Object.fromEntries(
    ["toy", "aws", "gcp", "azure-native"].map((name) => [name, cloud.port]),
  );
  return {
    cloud,
    request: async () => ({ ...(await state.request(context.stack, { providers })), policy }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

test("in render", async () => {
  const spec = { name: context.stack, components: [] } as unknown as StackSpec;
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: () => ({}),
  };
  const { resources } = await renderStack(
    spec,
    {},
    { makeProgram: () => programOf(named), mocks: () => mocks },
  );

  expect(byName(evaluate(rules, context, resources))).toEqual(asWritten(named));
});

test("in plan", async () => {
  await using world = await openWorld(makeJudge(rules, context));
  const { findings } = await previewStack({ ...(await world.request()), program: programOf(named) });

  expect(byName(findings)).toEqual(asWritten(named));
});

test("inside the engine, with every value known, where it leaves nothing undetermined", async () => {
  const { judge } = makeJudge(rules, context);
  const seen: Finding[] = [];
  // Warnings alone let every case come to its turn.
  const lenient = (resource: Parameters<typeof judge>[0]): Finding[] => {
    const findings = judge(resource);
    seen.push(...findings);
    return findings.map((finding) => ({ ...finding, severity: "warn" }));
  };
  const known = named.filter(({ inputs }) => !JSON.stringify(inputs).includes(JSON.stringify(unknown)));
  await using world = await openWorld({ judge: lenient });
  const up = await upStack({ ...(await world.request()), program: programOf(known) });

  expect(up.outcome).toBe("done");
  expect(byName(seen)).toEqual(asWritten(known));
  expect(seen.filter(({ verdict }) => verdict === "undetermined")).toEqual([]);
});

test("a denial stops up before the provider is asked for anything", async () => {
  await using world = await openWorld(makeJudge(rules, context));
  const up = await upStack({
    ...(await world.request()),
    program: async () => {
      new Any("aws:ec2/securityGroupRule:SecurityGroupRule", "open", {
        type: "ingress",
        cidrBlocks: ["0.0.0.0/0"],
      });
      return {};
    },
  });

  expect(up).toMatchObject({
    outcome: "failed",
    error: { code: "denied-by-policy" },
    findings: [{ rule: "baseline/no-open-security-group", verdict: "fail", property: "cidrBlocks[0]" }],
  });
  expect(world.cloud.calls).toEqual([]);
});
