import { expect, test } from "vitest";
import { stacksAtOnce } from "../../../../src/platform/applying/stacks-at-once.ts";

const gigabyte = 2 ** 30;

test.each([
  ["two cores run four stacks", { cores: 2, memory: 16 * gigabyte }, 4],
  ["many cores run eight, since more only wait for each other", { cores: 64, memory: 256 * gigabyte }, 8],
  ["little memory runs fewer", { cores: 8, memory: gigabyte }, 2],
  ["one always runs", { cores: 1, memory: 0.1 * gigabyte }, 1],
])("%s", (_, machine, stacks) => {
  expect(stacksAtOnce(machine)).toBe(stacks);
});
