/** A provider that finds what is there and makes nothing. */
import { describe, expect, it } from "vitest";
import { openMemoryClouds } from "../../../src/simulator/clouds.ts";
import { resourcesOf } from "../../../src/simulator/provider/existing.ts";
import { virginia } from "./world.ts";

const type = "aws:cloudwatch/logGroup:LogGroup";
const about = (name: string) => ({ urn: `urn:pulumi:s::terrane::${type}::${name}`, type, place: virginia });
const inputs = (name: string) => ({ value: { name }, secrets: [] });

describe("finding instead of making", () => {
  it("answers a create with the object that is there, as it is", async () => {
    await using clouds = await openMemoryClouds();
    const made = await clouds.create({ ...about("jobs"), inputs: { name: "jobs", retentionInDays: 7 } });
    const finder = resourcesOf(clouds, { existing: async () => made.id });
    const found = await finder.create(about("jobs"), inputs("jobs"));
    expect(found).toMatchObject({ id: made.id, outputs: { retentionInDays: 7 } });
    expect(await clouds.list()).toHaveLength(1);
  });

  it("answers for what is not there as if it had been made, under an id that no cloud has", async () => {
    await using clouds = await openMemoryClouds();
    const finder = resourcesOf(clouds, { existing: async () => undefined });
    const { id, outputs } = await finder.create(about("jobs"), inputs("jobs"));
    expect(outputs["arn"]).toMatch(/:log-group:jobs/);
    expect(await clouds.list()).toEqual([]);
    expect(await finder.read(about("jobs"), id, {}, outputs)).toBeUndefined();
  });

  it("never answers with the id of somebody else's object", async () => {
    await using clouds = await openMemoryClouds();
    await clouds.create({ ...about("strange"), inputs: { name: "jobs" } });
    const finder = resourcesOf(clouds, { existing: async () => undefined });
    const { id, outputs } = await finder.create(about("jobs"), inputs("jobs"));
    expect(id).toBe("not-in-the-cloud:jobs");
    expect(await finder.read(about("jobs"), id, {}, outputs)).toBeUndefined();
  });

  it("replaces nothing, and deletes nothing that is there", async () => {
    await using clouds = await openMemoryClouds();
    const { id } = await clouds.create({ ...about("jobs"), inputs: { name: "jobs" } });
    const finder = resourcesOf(clouds, { existing: async () => id });
    expect(finder.diff(about("jobs"), { name: "jobs" }, { name: "other" })).toMatchObject({
      all: [{ path: "name", replaces: false }],
      replaces: false,
      deleteBeforeReplace: false,
    });
    await expect(finder.delete(about("jobs"), id, { name: "jobs" })).rejects.toMatchObject({
      code: "cloud-error",
      message: expect.stringContaining("is in the cloud and in no program"),
    });
  });
});
