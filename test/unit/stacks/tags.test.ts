import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resourceTag } from "../../../src/values/tags.ts";
import { cluster } from "../../../stacks/compute/cluster/contract.ts";
import { argocd } from "../../../stacks/gitops/argocd/contract.ts";
import { vpc } from "../../../stacks/network/vpc/contract.ts";
import { awsTagger, otherTagForms } from "../../../stacks/tagging/aws.ts";
import { gcpTagger, otherLabelForms, toLabels } from "../../../stacks/tagging/gcp.ts";
import { kubernetesTagger } from "../../../stacks/tagging/kubernetes.ts";
import { renderComponent } from "../../support/render-component.ts";
import { at, sites, testTags } from "../../support/specs.ts";

test("every AWS resource that takes tags has exactly the user's, terrane's, and what its component adds", async () => {
  const network = await renderComponent({ contract: vpc, fields: { cidr: "10.4.0.0/16" } });
  const compute = await renderComponent({
    contract: cluster,
    references: { network: at("vpc"), connects: [at("orders")] },
  });
  const tagged = [...network.resources, ...compute.resources].filter(({ inputs }) => "tags" in inputs);
  expect(tagged.length).toBeGreaterThan(30);
  for (const { urn, inputs } of tagged) {
    const { Name: _name, ...tags } = inputs["tags"] as Record<string, string>;
    const added = Object.keys(tags).filter((key) => /^(kubernetes\.io|karpenter\.sh)\//.test(key));
    for (const key of added) delete tags[key];
    expect(tags).toEqual({
      ...testTags,
      "terrane:environment": "payments-dev",
      "terrane:stack": urn.split("::")[0]?.slice("urn:pulumi:".length),
      "terrane:resource": resourceTag(urn),
      "terrane:incarnation": "0123abcd",
    });
  }
});

test("what takes no tags gets none", async () => {
  const { ofType } = await renderComponent({ contract: vpc, fields: { cidr: "10.4.0.0/16" } });
  for (const type of ["Route", "RouteTableAssociation", "RolePolicy"]) {
    expect(ofType(type).length).toBeGreaterThan(0);
    expect(ofType(type).filter(({ inputs }) => "tags" in inputs)).toEqual([]);
  }
});

test("objects in Kubernetes carry terrane's tags as labels and the user's as annotations", async () => {
  const { only } = await renderComponent({
    contract: argocd,
    fields: { repository: "https://git.example.com/payments/deploy" },
    references: { cluster: at("cluster"), expose: [at("orders")] },
  });
  expect(only("ConfigMap").inputs["metadata"]).toEqual({
    name: "terrane-orders",
    namespace: "argocd",
    labels: {
      "terrane.dev/component": "orders",
      "terrane.dev/site": "virginia",
      "terrane.dev/environment": "payments-dev",
      "terrane.dev/stack": "payments-dev.virginia.gitops",
      "terrane.dev/resource": resourceTag(only("ConfigMap").urn),
      "terrane.dev/incarnation": "0123abcd",
    },
    annotations: Object.fromEntries(
      Object.entries(testTags).map(([key, value]) => [`tags.terrane.dev/${key}`, value]),
    ),
  });
  expect(only("Release").inputs).not.toHaveProperty("metadata");
});

test("a tag becomes the same Google Cloud label each time", () => {
  expect(
    toLabels({ Owner: "Team/Payments", "terrane:environment": "a.b", Größe: "10 %", "9lives": "" }),
  ).toEqual({
    owner: "team_payments",
    terrane_environment: "a_b",
    gr__e: "10__",
    x_9lives: "",
  });
});

test("two long values that begin alike stay apart as labels", () => {
  const [one, two] = ["1", "2"].map((end) => toLabels({ key: "x".repeat(80) + end })["key"]);
  expect(one).toHaveLength(63);
  expect(two).toHaveLength(63);
  expect(one).not.toBe(two);
});

test("two tags that become one label or annotation are refused with both names", async () => {
  const render = renderComponent({
    contract: vpc,
    site: sites.gcp,
    fields: { cidr: "10.4.0.0/16" },
    tags: { ...testTags, "cost center": "1", "cost-center": "2", cost_center: "3" },
  });
  await expect(render).rejects.toMatchObject({
    code: "name-collision",
    problems: [
      {
        code: "name-collision",
        message: expect.stringMatching(/"cost center" and "cost_center".*cost_center/),
      },
    ],
  });
  expect(kubernetesTagger.check({ "a b": "", "a/b": "" })).toMatchObject([{ code: "name-collision" }]);
});

test.each([
  { title: "a key in AWS's own space", tags: { "aws:x": "1" } },
  { title: "a key that is too long", tags: { ["k".repeat(129)]: "1" } },
  { title: "a value that is too long", tags: { key: "v".repeat(257) } },
  { title: "a character AWS refuses", tags: { key: "a|b" } },
  {
    title: "more tags than fit",
    tags: Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`k${i}`, ""])),
  },
])("AWS refuses $title", ({ tags }) => {
  expect(awsTagger.check(tags)).toMatchObject([{ code: "bad-tag" }]);
});

test("more labels than Google Cloud takes are refused", () => {
  const tags = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, ""]));
  expect(gcpTagger.check(tags)).toMatchObject([{ code: "bad-tag" }]);
});

/** Declarations of all resources of an SDK: type token → text of its input interface. */
function declaredInputs(sdk: string): ReadonlyMap<string, string> {
  const root = join("node_modules/@pulumi", sdk);
  const found = new Map<string, string>();
  for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts") || file.includes("node_modules")) continue;
    const text = readFileSync(join(root, file), "utf8");
    const name = /^export declare class (\w+) extends pulumi\.CustomResource/m.exec(text)?.[1];
    const inputs =
      name && new RegExp(`^export interface ${name}Args \\{$([\\s\\S]*?)^\\}`, "m").exec(text)?.[1];
    const module = file.slice(0, -".d.ts".length);
    if (inputs) found.set(`${sdk}:${module}:${name}`, inputs);
  }
  return found;
}

const textMap = /^: pulumi\.Input<\{\s*\[key: string\]: pulumi\.Input<string>;\s*\} \| undefined>;/;

test("in the whole AWS SDK, tags are a map of texts but for the types listed", () => {
  const declared = declaredInputs("aws");
  expect(declared.size).toBeGreaterThan(1000);
  const others = [...declared].filter(([, text]) => {
    const [, rest] = text.split(/^ {4}tags\??/m);
    return rest !== undefined && !textMap.test(rest);
  });
  expect(others.map(([type]) => type).sort()).toEqual([...otherTagForms].sort());
});

test("in the whole Google Cloud SDK, labels are a map of texts but for the types listed", () => {
  const declared = declaredInputs("gcp");
  expect(declared.size).toBeGreaterThan(800);
  const others = [...declared].filter(([, text]) => {
    const input = ["userLabels", "resourceLabels", "labels"].find((name) =>
      new RegExp(`^ {4}${name}\\??:`, "m").test(text),
    );
    const [, rest] = input === undefined ? [] : text.split(new RegExp(`^ {4}${input}\\??`, "m"));
    return rest !== undefined && !textMap.test(rest);
  });
  expect(others.map(([type]) => type).sort()).toEqual([...otherLabelForms].sort());
});
