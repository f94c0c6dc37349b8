import { expect, test } from "vitest";
import { crashOf, integrityFailureOf } from "../../../src/engine/crash.ts";
import { saysOutOfMemory } from "../../../src/engine/memory-kills.ts";

const routine =
  "\n\ngoroutine 91 [running]:\nruntime.throw({0x40ee913?, 0x2f55?})\n\t/usr/local/go/src/runtime/panic.go:1229\n";

test.each([
  [
    "panic: fatal: A precondition has failed for old: must have an ID",
    "A precondition has failed for old: must have an ID",
  ],
  ["panic: runtime error: index out of range [3]", "runtime error: index out of range [3]"],
  ["fatal error: concurrent map writes", "concurrent map writes"],
  ["SIGSEGV: segmentation violation\nPC=0x0 m=4", "segmentation violation"],
])("a crash is told by the line that says why: %s", (first, reason) => {
  expect(crashOf(`warning: something else\n${first}${routine}`)).toContain(reason);
});

test("an engine that only failed has not crashed", () => {
  expect(crashOf("error: update failed\n  panic: is a word of a cloud here\n")).toBeUndefined();
  expect(integrityFailureOf("error: update failed")).toBeUndefined();
});

// Each was said by the engine of 3.250.0 that ran out of memory in `out-of-memory.deep`.
test.each([
  "fatal error: runtime: out of memory",
  "runtime: out of memory: cannot allocate 4194304-byte block (53182464 in use)\nfatal error: out of memory",
  "runtime/cgo: pthread_create failed: Resource temporarily unavailable\nSIGABRT: abort",
])("a refusal of memory is known as such: %s", (words) => {
  expect(saysOutOfMemory(`${words}${routine}`)).toBe(true);
  expect(saysOutOfMemory(`panic: nil map${routine}`)).toBe(false);
});

test("what is wrong with a state is one line of what the engine prints of itself", () => {
  const said = [
    "error: The Pulumi CLI encountered a snapshot integrity error. This is a bug!",
    "Go Version:        go1.26.8",
    "Error:             snapshot integrity failure; refusing to use it: resource urn:a refers to unknown provider urn:b",
    "Stack Trace:",
  ];
  expect(integrityFailureOf(said.join("\n"))).toBe("resource urn:a refers to unknown provider urn:b");
});
