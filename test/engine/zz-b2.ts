import { readFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { openTestState } from "../support/engine.ts";
import { startToyCloud, Thing } from "../support/toy-provider.ts";
import { upStack } from "../../src/engine/up.ts";
import { previewStack } from "../../src/engine/preview.ts";
const N = Number(process.argv[2] ?? 30);
const program = async () => {
  let last: Thing | undefined;
  const outs: any = {};
  for (let i = 0; i < N; i++) { const t = new Thing(`t${i}`, { text: i % 10 === 0 || !last ? "x" : last.address, tags: { a: "b", c: "d", e: "f", g: "h", i: "j" } }); if (i % 10 === 0) last = t; outs[`o${i}`] = t.address; }
  return { net: outs };
};
const cpu = () => { const f = readFileSync("/proc/self/stat", "utf8").split(") ")[1]!.split(" "); return { self: (Number(f[11]) + Number(f[12])) / 100, kids: (Number(f[13]) + Number(f[14])) / 100 }; };
const rows: Record<string, number[][]> = {};
async function measure(what: string, f: () => Promise<unknown>) {
  const c = cpu(), t = performance.now(); await f(); const d = cpu();
  (rows[what] ??= []).push([(performance.now() - t) / 1000, d.kids - c.kids, d.self - c.self]);
}
const rule = { judge: (r: any) => [{ rule: "a/b", verdict: "pass", severity: "deny", stack: "s", urn: r.urn, resource: r.name, why: "", mend: "" } as const] };
for (let round = 0; round < 3; round++) {
  await using cloud = await startToyCloud();
  await using state = await openTestState();
  let pids = 0;
  const req = (o = {}) => state.request("a.b.network", { providers: { toy: cloud.port }, onEngineStart: () => void pids++, ...o });
  const raw = mkdtempSync(join(tmpdir(), "raw-"));
  const engine = (await req()).engine;
  const pulumiCommand = await PulumiCommand.get({ root: join(engine.command, "../..") });
  const rawStack = () => LocalWorkspace.createOrSelectStack({ stackName: "dev", projectName: "terrane", program }, { pulumiCommand, pulumiHome: raw, envVars: { PULUMI_BACKEND_URL: `file://${raw}`, PULUMI_CONFIG_PASSPHRASE: "x", PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", PULUMI_DEBUG_PROVIDERS: `toy:${cloud.port}` } });
  await measure("raw preview", async () => (await rawStack()).preview());
  await measure("our preview", async () => previewStack({ ...(await req()), program }));
  await measure("raw up", async () => (await rawStack()).up());
  await measure("our up", async () => upStack({ ...(await req()), program }));
  await measure("raw noop", async () => (await rawStack()).up());
  await measure("our noop", async () => upStack({ ...(await req()), program }));
  const p = await previewStack({ ...(await req()), program, policy: rule });
  await measure("our noop policy", async () => upStack({ ...(await req()), program, policy: rule }));
  await measure("our noop plan", async () => upStack({ ...(await req()), program, plan: p.plan }));
  await using s2 = await openTestState(); const r2 = () => s2.request("a.b.network", { providers: { toy: cloud.port } });
  await measure("our up policy", async () => upStack({ ...(await r2()), program, policy: rule }));
  await using s3 = await openTestState(); const r3 = () => s3.request("a.b.network", { providers: { toy: cloud.port } });
  const p3 = await previewStack({ ...(await r3()), program });
  await measure("our up plan", async () => upStack({ ...(await r3()), program, plan: p3.plan }));
}
for (const [k, v] of Object.entries(rows)) { const best = v.slice(1).sort((a, b) => a[0]! - b[0]!)[1]!; console.log(k.padEnd(18), best.map((x) => x.toFixed(2)).join("  ")); }
process.exit(0);
