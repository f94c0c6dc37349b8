import { describe, expect, it } from "vitest";
import type { RecoveredEnvironment, RecoverRequest } from "../../../src/platform/api.ts";
import { runFake } from "./fakes.ts";

const urn = "urn:pulumi:shop.virginia.data::terrane::aws:rds/instance:Instance::orders";
const recovered: RecoveredEnvironment = {
  environment: "shop",
  holder: { user: "ada", host: "box", pid: 4711, since: "2026-11-21T11:00:00.000Z", silent: 12 },
  operation: { id: "op-1", kind: "up", startedBy: "ada", startedAt: "2026-11-21T11:00:00.000Z" },
  begun: [{ stack: "shop.virginia.data", urn, operation: "creating", became: "kept", id: "db-1" }],
  next: "terrane up shop",
};

describe("terrane recover", () => {
  it("tells who died, what was open, what became of it, and what goes on", async () => {
    const { code, stdout } = await runFake(["recover", "shop"], {
      recoverEnvironments: async () => [recovered],
    });
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      "shop",
      "  broke off  up op-1, started by ada at 2026-11-21T11:00:00.000Z",
      "  gone       ada on box, process 4711, last heard of 12 s before",
      `  creating   ${urn} (db-1)`,
      "             was made, and is kept",
      "  Next: terrane up shop",
      "",
    ]);
  });

  it("tells of a rebuild what it was made from, and what is missing", async () => {
    const type = "aws:rds/instance:Instance";
    const rebuilt = { taken: 31, known: 40, spec: "documents" as const, missing: [{ urn, type }] };
    const recoverEnvironments = async () => [
      { environment: "shop", begun: [], rebuilt, next: "terrane up shop" },
    ];
    const { stdout } = await runFake(["recover", "shop", "--rebuild"], { recoverEnvironments });
    expect(stdout.split("\n")).toEqual([
      "shop",
      "  rebuilt    31 objects taken in, 40 in the states, as the documents are now: the record was older; a plan makes what is missing, and changes nothing else",
      `  missing    orders  ${type}`,
      "  Next: terrane up shop",
      "",
    ]);
  });

  it("says so where nothing is open", async () => {
    const recoverEnvironments = async () => [{ environment: "shop", begun: [] }];
    expect((await runFake(["recover"], { recoverEnvironments })).stdout).toBe("Nothing is open.\n");
  });

  it("hands on what a person found out, and answers a machine", async () => {
    const requests: RecoverRequest[] = [];
    const { stdout } = await runFake(
      ["recover", "shop", "--json", "--made", `${urn}=arn:a=b`, "--not-made", `${urn}-2`],
      {
        recoverEnvironments: async (_context, request) => {
          requests.push(request);
          return [recovered];
        },
      },
    );
    expect(requests[0]).toMatchObject({
      environment: "shop",
      testimony: { [urn]: "arn:a=b", [`${urn}-2`]: null },
    });
    expect(JSON.parse(stdout)).toEqual({ format: "terrane.dev/recover/v1", environments: [recovered] });
  });

  it("refuses a testimony that says nothing", async () => {
    expect((await runFake(["recover", "--made", urn])).code).toBe(64);
    expect((await runFake(["recover", "--not-made", "orders"])).code).toBe(64);
  });
});
