import { createRequire } from "node:module";
import type * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { makeLazily, type TransferProperties } from "../../../src/model/lazy-outputs.ts";

const { transferProperties } = createRequire(import.meta.url)("@pulumi/pulumi/runtime/rpc.js") as {
  readonly transferProperties: TransferProperties;
};

interface InnerOutput extends pulumi.Output<unknown> {
  promise(withUnknowns?: boolean): Promise<unknown>;
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
}

async function read(onto: Record<string, InnerOutput>, name: string): Promise<unknown> {
  const output = onto[name];
  if (output === undefined) return undefined;
  const [value, known, secret] = await Promise.all([output.promise(true), output.isKnown, output.isSecret]);
  return { value, known, secret };
}

function counted() {
  const made: string[] = [];
  const transfer: TransferProperties = (onto, label, properties) => {
    made.push(...Object.keys(properties));
    return transferProperties(onto, label, properties);
  };
  return { made, transfer: makeLazily(transfer) };
}

const outcomes = [
  { what: "known", outcome: ["text", true, false] },
  { what: "secret", outcome: ["text", true, true] },
  { what: "unknown", outcome: [undefined, false, false] },
];

test.each(outcomes)(
  "an output that is $what is the SDK's, read before it is settled or after",
  async (each) => {
    const [lazy, eager]: Record<string, InnerOutput>[] = [{}, {}];
    if (lazy === undefined || eager === undefined) throw new Error("two resources were made");
    const properties = { id: "i", urn: "u", early: undefined, late: undefined, never: undefined };
    const { made, transfer } = counted();
    const settle = transfer(lazy, "label", properties);
    const settleEager = transferProperties(eager, "label", properties);

    const early = read(lazy, "early");
    for (const name of ["early", "late", "never"]) {
      settle[name]?.(...each.outcome);
      settleEager[name]?.(...each.outcome);
    }

    expect(await early).toEqual(await read(eager, "early"));
    expect(await read(lazy, "late")).toEqual(await read(eager, "late"));
    expect(made).toEqual(["early", "late"]);
    expect(Object.keys(settle)).toEqual(Object.keys(settleEager));
    expect(Object.keys(lazy).sort()).toEqual(Object.keys(eager).sort());
    expect(lazy["late"]).toBe(lazy["late"]);
  },
);

test("what a resource failed with is told to who reads an output, and to nobody else", async () => {
  const onto: Record<string, InnerOutput> = {};
  const { made, transfer } = counted();
  const settle = transfer(onto, "label", { one: undefined, other: undefined });
  for (const name of ["one", "other"])
    settle[name]?.(undefined, true, false, [], new Error("no such subnet"));
  await expect(read(onto, "one")).rejects.toThrow("no such subnet");
  expect(made).toEqual(["one"]);
});

test("a property that the resource has already is refused as the SDK refuses it, and can be set otherwise", () => {
  const words = "Property 'there' is already initialized on target 'label";
  expect(() => transferProperties({ there: 1 }, "label", { there: undefined })).toThrow(words);
  expect(() => makeLazily(transferProperties)({ there: 1 }, "label", { there: undefined })).toThrow(words);
  const onto: Record<string, unknown> = {};
  makeLazily(transferProperties)(onto, "label", { own: undefined });
  onto["own"] = "set by its class";
  expect(onto).toEqual({ own: "set by its class" });
});
