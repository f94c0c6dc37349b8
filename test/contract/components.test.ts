import { describe, expect, test } from "vitest";
import { clouds } from "../../src/model/words.ts";
import { platforms } from "../../src/model/words.ts";
import { catalog } from "../../stacks/catalog.ts";
import { renderComponent } from "../support/render-component.ts";
import { sites } from "../support/specs.ts";
import { vpcCases } from "./components/vpc.ts";

const suites = [vpcCases];

for (const { contract, cases } of suites) {
  for (const cloud of clouds) {
    const support = contract.implementations[cloud];
    if (support.support !== "supported") {
      test(`${contract.name} on ${cloud} is absent for a reason`, () => expect(support.why).not.toBe(""));
      continue;
    }
    describe(`${contract.name} on ${cloud}, rendered`, () => {
      test.each(cases)("$title", async ({ check, fields, environmentClass }) => {
        const { resources, outputs } = await renderComponent({ contract, site: sites[cloud], fields, environmentClass });
        check({ resources, outputs });
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
