import { describe, expect, it } from "vitest";
import type { EventBody } from "../../../../src/model/event.ts";
import { checkVariables } from "../../../../src/platform/project/check-variables.ts";

describe("bad input 71: variables that would steer an engine", () => {
  it("are named in a warning each, without their values", () => {
    const events: EventBody[] = [];
    const environment = { PULUMI_ACCESS_TOKEN: "pul-canary", NODE_OPTIONS: "--canary", PATH: "/bin" };
    checkVariables({ name: "shop", class: "dev" }, environment, (event) => events.push(event));
    expect(events).toMatchObject([
      { type: "diagnostic", severity: "warning", message: expect.stringContaining("NODE_OPTIONS") },
      { type: "diagnostic", severity: "warning", message: expect.stringContaining("PULUMI_ACCESS_TOKEN") },
    ]);
    expect(JSON.stringify(events)).not.toContain("canary");
  });

  it("are refused in class prod where they would skip checkpoints", () => {
    const check = () =>
      checkVariables({ name: "shop", class: "prod" }, { PULUMI_SKIP_CHECKPOINTS: "true" }, () => {});
    expect(check).toThrow(
      expect.objectContaining({ code: "bad-usage", next: "unset PULUMI_SKIP_CHECKPOINTS" }),
    );
  });
});
