import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layOut } from "../../../src/cli/output/graph-drawing/layout.ts";
import { pictureReferences } from "../../../src/cli/output/graph-drawing/reference-picture.ts";
import type { Box } from "../../../src/cli/output/graph-drawing/route.ts";
import { drawSvg } from "../../../src/cli/output/graph-drawing/svg.ts";
import type { ReferenceGraph } from "../../../src/platform/api.ts";
import { runFake } from "./fakes.ts";
import { text } from "./screen.ts";

const graph: ReferenceGraph = {
  of: "environment",
  name: "shop",
  class: "dev",
  blueprint: { name: "platform", version: "1.0.0" },
  sites: [
    { name: "virginia", cloud: "aws", region: "us-east-1", role: "primary" },
    { name: "iowa", cloud: "gcp", region: "us-central1", role: "standby" },
  ],
  stacks: [
    { name: "shop.virginia.network", site: "virginia", domain: "network", dependsOn: [] },
    { name: "shop.iowa.network", site: "iowa", domain: "network", dependsOn: ["shop.virginia.network"] },
    { name: "shop.virginia.data", site: "virginia", domain: "data", dependsOn: ["shop.virginia.network"] },
  ],
  components: [
    { address: "vpc@virginia", name: "vpc", type: "vpc", site: "virginia", stack: "shop.virginia.network" },
    { address: "link@iowa", name: "link", type: "tunnel", site: "iowa", stack: "shop.iowa.network" },
    {
      address: "orders@virginia",
      name: "orders",
      type: "postgres",
      site: "virginia",
      stack: "shop.virginia.data",
      borrowedFrom: 'a"<b>',
    },
  ],
  references: [
    { from: "link@iowa", field: "between", to: "vpc@virginia" },
    { from: "orders@virginia", field: "network", to: "vpc@virginia" },
  ],
};
const reading = { readGraph: async () => graph };

describe("terrane graph", () => {
  it("draws Mermaid: sites hold stacks, stacks hold components, arrows name the field", async () => {
    const { code, stdout } = await runFake(["graph", "shop"], reading);
    expect(code).toBe(0);
    expect(stdout.trimEnd()).toBe(text`
      flowchart RL
        subgraph s0["virginia · aws us-east-1 · primary"]
          subgraph s0_network["network"]
            c0["<b>vpc</b>"]
          end
          subgraph s0_data["data"]
            c2["<b>orders</b><br/>postgres, of a#34;#60;b#62;"]
          end
        end
        subgraph s1["iowa · gcp us-central1 · standby"]
          subgraph s1_network["network"]
            c1["<b>link</b><br/>tunnel"]
          end
        end
        c1 -->|between| c0
        c2 -->|network| c0
    `);
  });

  it("answers a machine with the graph", async () => {
    const { stdout } = await runFake(["graph", "shop", "--json"], reading);
    expect(JSON.parse(stdout)).toEqual({ format: "terrane.dev/graph/v1", ...graph });
  });

  it("writes a picture where the file's ending says so", async () => {
    const folder = await mkdtemp(join(tmpdir(), "graph-"));
    const { code, stdout } = await runFake(["graph", "shop", "--out", "shop.svg"], reading, {
      workingFolder: folder,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "+ shop.svg\n" });
    expect(await readFile(join(folder, "shop.svg"), "utf8")).toBe(drawSvg(pictureReferences(graph)));
    await rm(folder, { recursive: true });
  });

  it("says why a file could not be written", async () => {
    const { code, stderr } = await runFake(["graph", "shop", "--out", "missing/shop.svg"], reading, {
      workingFolder: tmpdir(),
    });
    expect(code).not.toBe(0);
    expect(stderr).toContain("missing/shop.svg could not be written");
  });

  it("refuses a format that it does not know", async () => {
    const { code, stderr } = await runFake(["graph", "--format", "png"], reading);
    expect(code).toBe(64);
    expect(stderr).toContain("mermaid, svg, json");
  });
});

describe("the picture of a graph", () => {
  it("holds every name once, escaped, both colour schemes, and nothing that runs or is loaded", () => {
    const svg = drawSvg(pictureReferences(graph));
    expect(svg).toContain("of a&#34;&#60;b&#62;");
    expect(svg).toContain("prefers-color-scheme:dark");
    expect(svg).not.toMatch(/<script|<foreignObject|href=|@import|url\(http/);
    expect(svg.match(/class="way"/g)).toHaveLength(2);
    // Well-formed: every element that is opened is closed.
    const open: string[] = [];
    for (const [, closing, name, own] of svg.matchAll(/<(\/?)([a-z]+)(?:"[^"]*"|[^">])*?(\/?)>/gi)) {
      if (own === "/") continue;
      if (closing === "/") expect(open.pop()).toBe(name);
      else open.push(name ?? "");
    }
    expect(open).toEqual([]);
  });

  it("keeps cards inside their stacks and apart, and ways on the sides of the cards they join", () => {
    fc.assert(
      fc.property(graphs(), (drawn) => {
        const placed = layOut(pictureReferences(drawn), () => 110);
        for (const component of drawn.components) {
          const stack = drawn.stacks.find((each) => each.name === component.stack);
          expect(contains(placed.frames.get(component.stack), placed.cards.get(component.address))).toBe(
            true,
          );
          expect(contains(placed.frames.get(`site ${stack?.site}`), placed.frames.get(component.stack))).toBe(
            true,
          );
        }
        const cards = [...placed.cards.values()];
        for (const [index, one] of cards.entries()) {
          for (const other of cards.slice(index + 1)) expect(overlap(one, other)).toBe(false);
        }
        for (const { arrow, points } of placed.ways) {
          const from = placed.cards.get(arrow.from);
          const to = placed.cards.get(arrow.to);
          expect(points[0]?.x).toBe(from?.x);
          expect(points.at(-1)?.x).toBe((to?.x ?? 0) + (to?.width ?? 0));
        }
      }),
      { numRuns: 60 },
    );
  });
});

function contains(outer: Box | undefined, inner: Box | undefined): boolean {
  if (outer === undefined || inner === undefined) return false;
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

/** Up to twelve components in two sites and three domains; each refers only to earlier ones. */
function graphs(): fc.Arbitrary<ReferenceGraph> {
  const domains = ["network", "data", "compute"] as const;
  const component = fc.record({
    site: fc.integer({ min: 0, max: 1 }),
    domain: fc.integer({ min: 0, max: 2 }),
    refers: fc.array(fc.nat(), { maxLength: 3 }),
  });
  return fc.array(component, { minLength: 1, maxLength: 12 }).map((given) => {
    const sorted = given.toSorted((one, other) => one.domain - other.domain);
    const siteOf = (index: number) => graph.sites[index]?.name ?? "";
    const stackOf = (each: (typeof given)[number]) => `shop.${siteOf(each.site)}.${domains[each.domain]}`;
    const components = sorted.map((each, index) => ({
      address: `c${index}@${siteOf(each.site)}`,
      name: `c${index}`,
      type: "vpc",
      site: siteOf(each.site),
      stack: stackOf(each),
    }));
    return {
      ...graph,
      stacks: [...new Map(sorted.map((each) => [stackOf(each), each])).entries()].map(([name, each]) => ({
        name,
        site: siteOf(each.site),
        domain: domains[each.domain] ?? "network",
        dependsOn: [],
      })),
      components,
      references: sorted.flatMap((each, index) =>
        index === 0
          ? []
          : [...new Set(each.refers.map((refer) => refer % index))].map((target, field) => ({
              from: components[index]?.address ?? "",
              field: `f${field}`,
              to: components[target]?.address ?? "",
            })),
      ),
    };
  });
}
