import { describe, expect, test } from "vitest";
import { clouds, platforms } from "../../src/model/words.ts";
import { catalog } from "../../stacks/catalog.ts";
import { renderComponent } from "../support/render-component.ts";
import { sites } from "../support/specs.ts";
import { vpcCases } from "./components/vpc.ts";

const suites = [vpcCases];

for (const { contract, situations } of suites) {
  for (const cloud of clouds) {
    const support = contract.implementations[cloud];
    if (support.support !== "supported") {
      test(`${contract.name} on ${cloud} is absent for a reason`, () => expect(support.why).not.toBe(""));
      continue;
    }
    describe.each(situations)(`${contract.name} on ${cloud}, rendered $title`, ({ cases, ...parts }) => {
      test.each(cases)("$title", async ({ check }) => {
        check(await renderComponent({ contract, site: sites[cloud], ...parts }));
      });
    });
  }
}

test("every contract with two clouds has a case file", () => {
  const several = catalog.contracts.filter(
    ({ implementations }) =>
      platforms.filter((platform) => implementations[platform].support === "supported").length > 1,
  );
  expect(several.map(({ name }) => name)).toEqual(suites.map(({ contract }) => contract.name));
});
