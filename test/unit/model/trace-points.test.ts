import { expect, test } from "vitest";
import { onTrace, trace } from "../../../src/model/trace-points.ts";

test("who listens hears every message at the very moment, until it stops listening", () => {
  const heard: string[] = [];
  const listening = onTrace("operation:closing", ({ operation }) => heard.push(operation));
  trace("operation:closing", { operation: "one" });
  trace("operation:closed", { operation: "another point" });
  expect(heard).toEqual(["one"]);
  listening[Symbol.dispose]();
  trace("operation:closing", { operation: "two" });
  expect(heard).toEqual(["one"]);
});
