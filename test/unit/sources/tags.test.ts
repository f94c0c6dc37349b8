import { expect, it } from "vitest";
import { tagsWithin, versionOf } from "../../../src/sources/tags.ts";

it.each([
  { tag: "v1.2.0", pattern: "v*", version: "1.2.0" },
  { tag: "1.2.0", pattern: "*", version: "1.2.0" },
  { tag: "aws-platform/v1.2.0", pattern: "<name>/v*", version: "1.2.0" },
  { tag: "aws-platform-v2.0.0-rc.1", pattern: "<name>-v*", version: "2.0.0-rc.1" },
  { tag: "release-1.0.0-final", pattern: "release-*-final", version: "1.0.0" },
  { tag: "other/v1.2.0", pattern: "<name>/v*", version: undefined },
  { tag: "v1.2", pattern: "v*", version: undefined },
  { tag: "v01.2.0", pattern: "v*", version: undefined },
  { tag: "vv1.2.0", pattern: "v*", version: undefined },
  { tag: "v", pattern: "v*", version: undefined },
])("$tag by $pattern is version $version", ({ tag, pattern, version }) => {
  expect(versionOf(tag, pattern, "aws-platform")).toBe(version);
});

it("tags within a range come with the highest version first, as numbers and not as text", () => {
  const tags = ["v1.9.0", "v1.10.0", "v2.0.0", "v1.2.0", "latest", "v1.11.0-rc.1"];
  const want = { pattern: "v*", blueprint: "any", range: "^1" };
  expect(tagsWithin(tags, want).map((each) => each.tag)).toEqual(["v1.10.0", "v1.9.0", "v1.2.0"]);
});
