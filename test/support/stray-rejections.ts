/** For files whose programs fail inside the SDK: it rejects promises that nobody waits for, and render sees to them. */
import { afterAll, beforeAll } from "vitest";

/** Keeps the test runner from counting such rejections as errors of its own. */
export function leaveStraysToRender(): void {
  const runners = process.listeners("unhandledRejection");
  beforeAll(() => void process.removeAllListeners("unhandledRejection"));
  afterAll(() => runners.forEach((listener) => process.on("unhandledRejection", listener)));
}
