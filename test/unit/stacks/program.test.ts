import { execFileSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { z } from "zod";
import { Catalog } from "../../../src/catalog/catalog.ts";
import { defineComponent, supported, unsupported } from "../../../src/catalog/component.ts";
import { reference } from "../../../src/catalog/reference.ts";
import type { SiteSpec, StackSpec } from "../../../src/model/spec.ts";
import type { UpstreamOutputs } from "../../../src/model/upstream.ts";
import { renderStack } from "../../../src/render/render.ts";
import { Secret } from "../../../src/values/secret.ts";
import { catalog } from "../../../stacks/catalog.ts";
import { implement } from "../../../stacks/component.ts";
import { postgres } from "../../../stacks/data/postgres/contract.ts";
import { tunnel } from "../../../stacks/network/tunnel/contract.ts";
import { vpc } from "../../../stacks/network/vpc/contract.ts";
import { makeProgram, type SecretValues } from "../../../stacks/program.ts";
import { echoMocks } from "../../support/mocks.ts";
import { renderComponent, upstreamAt } from "../../support/render-component.ts";
import { at, componentSpec, sites, stackSpec } from "../../support/specs.ts";
import { leaveStraysToRender } from "../../support/stray-rejections.ts";

leaveStraysToRender();

const nowhere = unsupported("a test stays in one cloud");

const source = defineComponent({
  name: "source",
  domain: "network",
  summary: "Hands its text out.",
  fields: z.strictObject({ text: z.string() }),
  outputs: z.strictObject({ text: z.string(), size: z.int() }),
  implementations: {
    aws: supported(async () => ({ implementation: sourceOnAws() })),
    gcp: nowhere,
    azure: nowhere,
    kubernetes: nowhere,
  },
});

const sink = defineComponent({
  name: "sink",
  domain: "network",
  summary: "Takes a text in.",
  fields: z.strictObject({ from: reference(source).describe("Where the text comes from.") }),
  outputs: z.strictObject({ heard: z.string() }),
  implementations: {
    aws: supported(async () => ({ implementation: sinkOnAws() })),
    gcp: nowhere,
    azure: nowhere,
    kubernetes: nowhere,
  },
});

class Thing extends pulumi.CustomResource {}

function sourceOnAws(): unknown {
  return implement(source, ({ fields }) => ({
    text: fields.text,
    size: pulumi.output(fields.text).apply((text) => text.length),
  }));
}

function sinkOnAws(): unknown {
  return implement(sink, ({ references, name, child }) => {
    new Thing("aws:test/thing:Thing", name, { text: references.from.outputs.text }, child);
    return { heard: references.from.outputs.text };
  });
}

const small = new Catalog([source, sink]);

function render(spec: StackSpec, upstream: UpstreamOutputs = {}, preview = true, secrets: SecretValues = {}) {
  return renderStack(spec, upstream, {
    makeProgram: (each, outputs) => makeProgram({ spec: each, upstream: outputs, catalog: small, secrets }),
    mocks: () => echoMocks,
    preview,
  });
}

const sourceSpec = componentSpec({ contract: source, fields: { text: "hello" } });
const sinkSpec = componentSpec({ contract: sink, references: { from: at("source") } });
const thing = (
  resources: readonly { readonly name: string; readonly type: string; readonly inputs: object }[],
) => resources.find(({ type }) => type === "aws:test/thing:Thing");

test("a reference within the stack leads to the outputs of the component itself", async () => {
  const { resources, outputs } = await render(stackSpec({ components: [sourceSpec, sinkSpec] }));
  expect(thing(resources)?.inputs).toEqual({ text: "hello" });
  expect(outputs["sink"]).toEqual({ heard: { kind: "known", value: "hello" } });
});

test("an upstream output arrives known, secret or unknown, as it left", async () => {
  const spec = stackSpec({ components: [sinkSpec] });
  const arrives = async (text: UpstreamOutputs[string][string]) => {
    const { resources, outputs } = await render(spec, { "source@virginia": { text } });
    return [thing(resources)?.inputs, outputs["sink"]?.["heard"]] as const;
  };
  expect(await arrives({ kind: "known", value: "hello" })).toEqual([
    { text: "hello" },
    { kind: "known", value: "hello" },
  ]);
  expect(await arrives({ kind: "unknown", secret: false })).toEqual([
    { text: { $terrane: "unknown" } },
    { kind: "unknown", secret: false },
  ]);
  const [inputs, heard] = await arrives({ kind: "secret", value: new Secret("hush") });
  expect([inputs, heard?.kind === "secret" && heard.value.reveal()]).toEqual([
    { text: { $terrane: "secret" } },
    "hush",
  ]);
  expect(await arrives({ kind: "unknown", secret: true })).toEqual([
    { text: { $terrane: "unknown" } },
    { kind: "unknown", secret: true },
  ]);
});

test("an unknown upstream output is refused where everything must be known", async () => {
  const upstream = { "source@virginia": { text: { kind: "unknown", secret: false } } } as const;
  const up = render(stackSpec({ components: [sinkSpec] }), upstream, false);
  await expect(up).rejects.toMatchObject({
    code: "internal",
    message: expect.stringContaining("source@virginia"),
  });
});

test("a missing upstream component is named", async () => {
  await expect(render(stackSpec({ components: [sinkSpec] }))).rejects.toMatchObject({
    code: "internal",
    message: expect.stringContaining("source@virginia"),
  });
});

test("a field that breaks its schema is named with its component, site and reason", async () => {
  const spec = stackSpec({ components: [{ ...sourceSpec, fields: { text: 7 } }] });
  await expect(render(spec)).rejects.toMatchObject({
    code: "bad-value",
    message: expect.stringMatching(/^source@virginia\.text: .*string/),
  });
});

test("a secret field reaches the implementation as a secret and never as text", async () => {
  const spec = { ...sourceSpec, fields: {}, secrets: { "/text": { fromEnv: "TEXT" } } };
  const secrets = { "source@virginia": { "/text": new Secret("hush") } };
  const { outputs } = await render(stackSpec({ components: [spec] }), {}, true, secrets);
  const { text, size } = outputs["source"] ?? {};
  if (text?.kind !== "secret" || size?.kind !== "secret") throw new Error("an output lost its secrecy");
  expect([text.value.reveal(), size.value.reveal()]).toEqual(["hush", 4]);
  await expect(render(stackSpec({ components: [spec] }))).rejects.toMatchObject({
    code: "bad-secret-reference",
  });
});

test("an output that breaks the contract is a defect, and says which", async () => {
  const { kind: _kind, typeName: _typeName, ...definition } = source;
  const broken = defineComponent({
    ...definition,
    name: "broken",
    implementations: {
      ...source.implementations,
      aws: supported(async () => ({ implementation: () => ({ text: "hello", size: "five" }) })),
    },
  });
  const spec = stackSpec({ components: [componentSpec({ contract: broken, fields: { text: "hello" } })] });
  const rendered = renderStack(
    spec,
    {},
    {
      makeProgram: (each, upstream) => makeProgram({ spec: each, upstream, catalog: new Catalog([broken]) }),
      mocks: () => echoMocks,
    },
  );
  await expect(rendered).rejects.toMatchObject({
    code: "internal",
    message: expect.stringContaining('output "size" of "broken"'),
  });
});

test("what this release cannot build is refused with every reason before anything is made", () => {
  const azure = { ...sites.azure };
  const spec = stackSpec({
    site: azure,
    components: [
      componentSpec({ contract: vpc, site: azure }),
      componentSpec({ contract: tunnel, site: azure, references: { between: [] } }),
      {
        ...componentSpec({ contract: postgres, site: azure, references: { network: at("vpc", azure) } }),
        use: { environment: "shared", component: "orders" },
      },
    ],
  });
  expect(() => makeProgram({ spec, upstream: {}, catalog })).toThrow(
    expect.objectContaining({
      code: "not-in-this-release",
      problems: [
        expect.objectContaining({
          code: "not-in-this-release",
          message: expect.stringContaining("vpc@texas"),
        }),
        expect.objectContaining({
          code: "not-in-this-release",
          message: expect.stringContaining("tunnel@texas"),
        }),
        expect.objectContaining({ code: "not-in-this-release", message: expect.stringContaining("shared") }),
      ],
    }),
  );
  const other = stackSpec({
    site: sites.gcp,
    components: [componentSpec({ contract: source, site: sites.gcp, fields: { text: "" } })],
  });
  expect(() => makeProgram({ spec: other, upstream: {}, catalog: small })).toThrow(
    expect.objectContaining({
      code: "unsupported",
      message: expect.stringContaining("a test stays in one cloud"),
    }),
  );
});

test("every resource has an explicit provider, a parent, and a name that starts with its component's", async () => {
  for (const site of [sites.aws, sites.gcp]) {
    const { resources } = await renderComponent({
      contract: vpc,
      name: "net",
      site,
      fields: { cidr: "10.4.0.0/16" },
    });
    const [provider, component, ...children] = resources;
    expect(provider).toMatchObject({ type: `pulumi:providers:${site.cloud}`, name: site.name });
    expect(component).toMatchObject({ type: "terrane:component:Vpc", name: "net" });
    expect(children.length).toBeGreaterThan(5);
    for (const child of children) {
      expect(child).toMatchObject({ provider: provider?.urn, parent: component?.urn });
      expect(child.name).toMatch(/^net(-|$)/);
    }
  }
});

test("the provider is held to the site's region and account, and takes the role to assume", async () => {
  const site = { ...sites.aws, account: "123456789012", assumeRole: "arn:aws:iam::123456789012:role/deploy" };
  const { resources } = await renderComponent({ contract: vpc, site, fields: { cidr: "10.4.0.0/16" } });
  expect(resources[0]?.inputs).toMatchObject({
    region: "us-east-1",
    allowedAccountIds: '["123456789012"]',
    assumeRoles: '[{"roleArn":"arn:aws:iam::123456789012:role/deploy","sessionName":"terrane"}]',
  });
  expect(resources[0]?.inputs).not.toHaveProperty("defaultTags");
  const google = { ...sites.gcp, account: "example-project" };
  const gcp = await renderComponent({ contract: vpc, site: google, fields: { cidr: "10.4.0.0/16" } });
  expect(gcp.resources[0]?.inputs).toMatchObject({ region: "us-central1", project: "example-project" });
});

test("names at the cloud are new in the next life, differ between sites, and fit for the longest names", async () => {
  const longest = "a".repeat(40);
  const nameOf = async (
    incarnation: string,
    site: (typeof sites)["aws"] | { readonly name: string } = sites.aws,
  ) => {
    const { only } = await renderComponent({
      contract: postgres,
      name: longest,
      environment: longest,
      incarnation,
      site: { ...sites.aws, ...site },
      upstream: { ...upstreamAt(), ...upstreamAt({ ...sites.aws, name: "oregon" }) },
      references: { network: { component: "vpc", site: site.name } },
    });
    return only("Instance").inputs["identifier"] as string;
  };
  const first = await nameOf("00000001");
  expect(first).toHaveLength(63);
  expect(await nameOf("00000001")).toBe(first);
  expect(await nameOf("00000002")).not.toBe(first);
  expect(await nameOf("00000001", { name: "oregon" })).not.toBe(first);
});

test("a program loads the SDK of its own cloud and no other", () => {
  const script = `
    import { createRequire } from "node:module";
    import { catalog } from "./stacks/catalog.ts";
    import { makeProgram } from "./stacks/program.ts";
    import { renderStack } from "./src/render/render.ts";
    const spec = JSON.parse(process.argv[1]);
    const mocks = { newResource: ({ inputs }) => ({ id: undefined, state: inputs }), call: () => ({}) };
    await renderStack(spec, {}, { makeProgram: (spec, upstream) => makeProgram({ spec, upstream, catalog }), mocks: () => mocks });
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    console.log(JSON.stringify(loaded.flatMap((file) => /@pulumi.(aws|gcp|kubernetes)./.exec(file)?.[1] ?? [])));
  `;
  const loads = (site: SiteSpec) => {
    const spec = stackSpec({
      site,
      components: [componentSpec({ contract: vpc, site, fields: { cidr: "10.4.0.0/16" } })],
    });
    const output = execFileSync(process.execPath, [
      "--input-type=module-typescript",
      "-e",
      script,
      JSON.stringify(spec),
    ]);
    return [...new Set(JSON.parse(output.toString()) as string[])];
  };
  expect(loads(sites.aws)).toEqual(["aws"]);
  expect(loads(sites.gcp)).toEqual(["gcp"]);
});
