/** Bad input 71: what of a caller's environment reaches the engine, and what is named in a warning. */
import { expect, test } from "vitest";
import { selectEnvironment, strayVariables } from "../../../src/engine/environment.ts";

const caller = {
  PATH: "/usr/bin",
  HOME: "/home/ada",
  AWS_PROFILE: "payments",
  HTTPS_PROXY: "http://proxy:3128",
  KUBECONFIG: "/home/ada/.kube/config",
  DATABASE_URL: "postgres://ada:secret@db",
  NODE_OPTIONS: "--require ./hook.js",
  PULUMI_DEBUG_PROVIDERS: "aws:4711",
  PULUMI_ACCESS_TOKEN: "pul-123",
  LD_PRELOAD: "/tmp/hook.so",
  TMPDIR: undefined,
};

test("a simulated target lets nothing through but what any process needs", () => {
  expect(selectEnvironment(caller, "simulated")).toEqual({ PATH: "/usr/bin", HOME: "/home/ada" });
});

test("a live target lets credentials and the network's settings through, and nothing else", () => {
  expect(selectEnvironment(caller, "live")).toEqual({
    PATH: "/usr/bin",
    HOME: "/home/ada",
    AWS_PROFILE: "payments",
    HTTPS_PROXY: "http://proxy:3128",
    KUBECONFIG: "/home/ada/.kube/config",
  });
});

test("each stray variable is named once, sorted, with what it does not do; its value is not shown", () => {
  const strays = strayVariables(caller);
  expect(strays).toEqual([
    {
      name: "NODE_OPTIONS",
      message:
        "NODE_OPTIONS is set but not handed to the engine: it would change how node runs inside plugins",
    },
    {
      name: "PULUMI_ACCESS_TOKEN",
      message: "PULUMI_ACCESS_TOKEN is set but not handed to the engine: it would log in to another backend",
    },
    {
      name: "PULUMI_DEBUG_PROVIDERS",
      message:
        "PULUMI_DEBUG_PROVIDERS is set but not handed to the engine: it would put other providers in place of terrane's",
    },
  ]);
  expect(JSON.stringify(strays)).not.toContain("pul-123");
});

test("a variable that works inside this process is told to be unset", () => {
  expect(strayVariables({ PULUMI_ENABLE_LEGACY_APPLY: "true" })[0]?.message).toMatch(/unset it$/);
});

test("every variable of bad input 71 is stray", () => {
  const names = [
    "PULUMI_DEBUG_PROVIDERS",
    "PULUMI_SKIP_CHECKPOINTS",
    "PULUMI_EXPERIMENTAL",
    "PULUMI_BACKEND_URL",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_K8S_DELETE_UNREACHABLE",
    "NODE_OPTIONS",
  ];
  const strays = strayVariables(Object.fromEntries(names.map((name) => [name, "x"])));
  expect(strays.map((stray) => stray.name)).toEqual([...names].sort());
});
