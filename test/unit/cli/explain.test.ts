import { describe, expect, it } from "vitest";
import type { Explanation } from "../../../src/platform/api.ts";
import { runFake } from "./fakes.ts";
import { text } from "./screen.ts";

const storage = {
  name: "storage",
  allowed: "a whole number from 20 to 65536",
  required: false,
  default: 20,
  description: "Storage, GiB; grows, never shrinks.",
  fields: [],
  defaultsBy: [{ selector: "prod", value: 100 }],
};

function explaining(explanation: Explanation) {
  return { explain: async () => explanation };
}

describe("terrane explain", () => {
  it("shows a field with its default and who changes it", async () => {
    const { code, stdout } = await runFake(
      ["explain", "postgres.storage"],
      explaining({ what: "field", path: "postgres.storage", field: storage }),
    );
    expect(code).toBe(0);
    expect(stdout.trimEnd()).toBe(text`
      postgres.storage
      Storage, GiB; grows, never shrinks.

      allowed   a whole number from 20 to 65536
      required  no
      default   20
                100 in prod, by the contract
    `);
  });

  it("shows a component with all that is known of it", async () => {
    const { stdout } = await runFake(
      ["explain", "postgres"],
      explaining({
        what: "component",
        component: {
          name: "postgres",
          domain: "data",
          summary: "A database.",
          fields: [storage],
          outputs: [
            { name: "port", allowed: "a whole number", required: true, description: "Port.", fields: [] },
          ],
          platforms: [
            { platform: "aws", support: "supported" },
            { platform: "kubernetes", support: "unsupported", why: "It is no workload." },
          ],
        },
        about: {
          purpose: "Keeps data.",
          makes: [{ what: "RDS instance", why: "it is managed", when: "always" }],
          decided: [
            {
              what: "TLS",
              value: "forced",
              why: "nothing speaks in clear",
              source: "https://docs.aws.example/tls",
              asOf: "2026-11-21",
            },
          ],
          notes: ["Storage never shrinks."],
          example: "orders: { type: postgres, network: vpc }\n",
        },
      }),
    );
    expect(stdout.trimEnd()).toBe(text`
      postgres  data
      Keeps data.

      Fields
        storage  a whole number from 20 to 65536 · default 20, 100 in prod
                 Storage, GiB; grows, never shrinks.

      Outputs
        port  Port.

      Platforms
        aws         supported
        kubernetes  unsupported: It is no workload.

      Makes
        - RDS instance (always): it is managed

      Decided for you
        - TLS: forced. nothing speaks in clear
            https://docs.aws.example/tls (2026-11-21)

      To know
        - Storage never shrinks.

      Example, below components
        orders: { type: postgres, network: vpc }
    `);
  });

  it("shows where each value of a component comes from", async () => {
    const position = { file: "blueprints/shop.yaml", line: 16, column: 31 };
    const { stdout } = await runFake(
      ["explain", "dev", "orders"],
      explaining({
        what: "values",
        environment: "dev",
        class: "dev",
        address: "orders@virginia",
        type: "postgres",
        fields: [
          { field: "storage", value: 30, layer: "blueprint by class", selector: "dev", position },
          { field: "size", value: "db.t4g.medium", layer: "default" },
        ],
      }),
    );
    expect(stdout.trimEnd()).toBe(text`
      orders@virginia  postgres  in dev, class dev

      FIELD    VALUE          DECIDED BY               WHERE
      storage  30             blueprint by class: dev  blueprints/shop.yaml:16:31
      size     db.t4g.medium  default                  contract of postgres
    `);
  });

  it("hands topic and detail on, and answers a machine with the explanation", async () => {
    const seen: unknown[] = [];
    const error = {
      code: "cidr-overlap",
      meaning: "Two overlap.",
      exit: 65,
      http: 422,
      next: "Use another.",
    } as const;
    const { stdout } = await runFake(["explain", "error", "cidr-overlap", "--json"], {
      explain: async (_context, request) => {
        seen.push(request);
        return { what: "error", error };
      },
    });
    expect(seen).toEqual([{ topic: "error", detail: "cidr-overlap" }]);
    expect(JSON.parse(stdout)).toEqual({ format: "terrane.dev/explain/v1", what: "error", error });
  });
});
