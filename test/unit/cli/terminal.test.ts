/** The command line on a terminal of its own: keys, Ctrl-C as a key, narrow and dumb terminals, a terminal that goes. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openTerminal, type TerminalOptions } from "../../support/terminal.ts";

const program = fileURLToPath(new URL("./edge-program.ts", import.meta.url));

function open(waitFor: string, options: TerminalOptions = {}) {
  // What is set of the terminal when the command has ended stands at the end.
  const command = `'${process.execPath}' '${program}' up --yes; echo "ended with $?"; stty -a`;
  return openTerminal(command, { ...options, variables: { WAIT_FOR: waitFor, ...options.variables } });
}

/** Whether lines and signals are the terminal's own again. */
const isWhole = (screen: string) =>
  /\bisig icanon .* echo /s.test(screen.slice(screen.indexOf("ended with")));

describe.skipIf(process.platform !== "linux")("on a terminal of its own", () => {
  it("keys unfold what is running, and explain themselves", async () => {
    const { type, screen, shows, ended } = open("signal");
    await shows("space: what is running");
    expect(screen()).not.toContain("aws:ec2:Vpc  \u001b[22m0");
    type("?");
    await shows("space all");
    type(" ");
    await shows("    \u001b[32m+ vpc");
    type("\u0003");
    await ended;
    expect(screen()).toContain("ended with 130");
  });

  it("Ctrl-C is heard in raw mode, once and twice, and the terminal is whole afterwards", async () => {
    const { type, screen, shows, ended } = open("force");
    await shows("space: what is running");
    type("\u0003");
    await shows("finishing 1 step");
    type("\u0003");
    await ended;
    expect(screen()).toContain("stopping at once");
    expect(screen()).toContain("ended with 130");
    expect(isWhole(screen())).toBe(true);
  });

  it("a defect leaves the terminal whole", async () => {
    const { type, screen, shows, ended } = open("crash");
    await shows("space: what is running");
    type("x");
    await ended;
    expect(screen()).toContain("a defect");
    expect(isWhole(screen())).toBe(true);
  });

  it.each([
    ["TERM=dumb", { TERM: "dumb" }],
    ["CI=true", { CI: "true" }],
  ])("%s gets plain lines and no keys", async (_case, variables) => {
    const { type, screen, shows, ended } = open("signal", { variables: { ...variables, NO_COLOR: "1" } });
    await shows("→ virginia.network");
    type("\u0003");
    await ended;
    expect(screen()).not.toContain("\u001b");
    expect(screen()).not.toContain("space:");
    expect(screen()).toContain("ended with 130");
  });

  it.each([
    [{ NO_COLOR: "1" }, false],
    [{ FORCE_COLOR: "0" }, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "" }, true],
    [{}, true],
  ])("%j decides about colours", async (variables, colored) => {
    const { type, screen, shows, ended } = open("signal", { variables });
    await shows("space: what is running");
    type("\u0003");
    await ended;
    expect(screen().includes("\u001b[32m")).toBe(colored);
  });

  it("40 columns are enough: no line is longer", async () => {
    const { type, screen, shows, ended } = open("signal", { columns: 40, variables: { NO_COLOR: "1" } });
    await shows("space: what is running");
    type("\u0003");
    await ended;
    const before = screen().slice(0, screen().indexOf("ended with"));
    const lines = before.split(/\r?\n|\u001b\[\d*[AJ]|\r/).filter((line) => !line.startsWith("\u001b"));
    for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(40);
  });
});
