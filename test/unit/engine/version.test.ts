import { readFileSync } from "node:fs";
import { version as sdkVersion } from "@pulumi/pulumi/version.js";
import { expect, test } from "vitest";
import { pinnedEngineVersion } from "../../../src/engine/version.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

test("engine, SDK, Go module and setup name one version", () => {
  expect(sdkVersion).toBe(pinnedEngineVersion);
  expect(read("tools/engine/go.mod")).toContain(`github.com/pulumi/pulumi/pkg/v3 v${pinnedEngineVersion} `);
  expect(read("bin/versions.js")).toContain(`engineVersion = "${pinnedEngineVersion}"`);
  const { dependencies } = JSON.parse(read("package.json")) as { dependencies: Record<string, string> };
  expect(dependencies["@pulumi/pulumi"]).toBe(pinnedEngineVersion);
});

test("finding an engine loads nothing of Pulumi", async () => {
  const { execFileSync } = await import("node:child_process");
  const script = `
    await import(${JSON.stringify(new URL("../../../src/engine/find.ts", import.meta.url).href)});
    const { Module } = await import("node:module");
    console.log(JSON.stringify(Object.keys(Module._cache).filter((path) => path.includes("@pulumi"))));`;
  const loaded = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  expect(JSON.parse(loaded)).toEqual([]);
});
