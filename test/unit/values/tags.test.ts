import { describe, expect, it } from "vitest";
import { checkTags, environmentTags, missingTags } from "../../../src/values/tags.ts";

const sound = { Owner: "team-a", CostCenter: "CC-1", Project: "shop", DataClass: "internal" };

describe("tags", () => {
  it("need no Environment, since that is the class", () => {
    expect(missingTags(sound)).toEqual([]);
    expect(environmentTags(sound, "dev")).toEqual({ ...sound, Environment: "dev" });
  });

  it("bad input 51: are missing when absent, blank or a placeholder, all at once", () => {
    expect(missingTags({ owner: "a", CostCenter: "  ", Project: "TODO", DataClass: "unknown" })).toEqual([
      "Owner",
      "CostCenter",
      "Project",
      "DataClass",
    ]);
  });

  it.each([
    [{ Environment: "prod" }, "Environment", "dev"],
    [{ DataClass: "top-secret" }, "DataClass", "public, internal, confidential, regulated"],
    [{ "aws:x": "1" }, "aws:x", "another key"],
    [{ "terrane:stack": "1" }, "terrane:stack", "another key"],
    [{ "a/b": "1" }, "a/b", "no < > % & \\ ? /"],
    [{ Note: "one\ntwo" }, "Note", "one line"],
  ])("bad input 52, 53, 55: refuse %j", (tags, key, allowed) => {
    expect(checkTags({ ...sound, ...tags }, "dev")).toMatchObject([{ code: "bad-tag", key, allowed }]);
  });

  it("bad input 52: keep regulated data out of a sandbox", () => {
    const tags = { ...sound, DataClass: "regulated" };
    expect(checkTags(tags, "prod")).toEqual([]);
    expect(checkTags(tags, "sandbox")).toMatchObject([{ key: "DataClass" }]);
  });

  it("bad input 53: leave room for terrane's own", () => {
    const many = Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`k${index}`, "v"]));
    expect(checkTags(many, "dev")).toMatchObject([{ key: "k40", message: "there are 41 tags" }]);
  });
});
