import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"; import { tmpdir, homedir } from "node:os"; import { join } from "node:path";
import { Vpc } from "@pulumi/aws/ec2/vpc.js"; import { Subnet } from "@pulumi/aws/ec2/subnet.js"; import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js"; import { Provider } from "@pulumi/aws/provider.js";
import { openClouds } from "../../src/simulator/clouds.ts"; import { startProviders } from "../../src/simulator/provider/server.ts"; import { loadStubs } from "../../src/simulator/provider/stubs.ts";
const stubs: any = loadStubs(); const { Struct, provider: P } = stubs;
let n = 0;
const ok = (f: any) => (c: any, cb: any) => cb(null, f(c.request));
const impl: any = {
 checkConfig: ok((r: any) => { const x = new P.CheckResponse(); x.setInputs(r.getNews()); return x; }),
 diffConfig: ok(() => new P.DiffResponse()), configure: ok(() => { const x = new P.ConfigureResponse(); x.setAcceptsecrets(true); x.setSupportspreview(true); return x; }),
 check: ok((r: any) => { const x = new P.CheckResponse(); x.setInputs(r.getNews()); return x; }), diff: ok(() => { const x = new P.DiffResponse(); x.setChanges(1); return x; }),
 create: ok((r: any) => { const x = new P.CreateResponse(); if (!r.getPreview()) x.setId("i" + n++); x.setProperties(r.getProperties()); return x; }),
 delete: ok(() => new stubs.Empty()), getPluginInfo: ok(() => { const i = new stubs.PluginInfo(); i.setVersion("7.48.0"); return i; }), cancel: ok(() => new stubs.Empty()),
};
const server = new stubs.grpc.Server(); 
server.addService(stubs.service, new Proxy(impl, { get: (t, k) => t[k] ?? ((_c: any, cb: any) => cb({ code: 12 })) }));
const nullPort = await new Promise<number>((res) => server.bindAsync("127.0.0.1:0", stubs.grpc.ServerCredentials.createInsecure(), (_e: any, p: number) => res(p)));
const folder = mkdtempSync(join(tmpdir(), "bench-")); mkdirSync(join(folder, "state"));
const clouds = await openClouds(join(folder, "c.db"), { now: () => new Date(), quotas: { "aws:ec2/vpc:Vpc": 1e9, "aws:ec2/subnet:Subnet": 1e9 } });
const sim = await startProviders(clouds);
const command = await PulumiCommand.get({ root: join(homedir(), ".terrane", "engine", "3.250.0") });
const N = Number(process.argv[2] ?? 10);
const tags = { Owner: "a", CostCenter: "b", Project: "c", DataClass: "d", Environment: "e" };
const program = async () => { const provider = new Provider("p", { region: "us-east-1" }); const o = { provider };
 for (let g = 0; g < N; g++) { const v = new Vpc("v" + g, { cidrBlock: `10.${g}.0.0/16`, tags }, o); for (let s = 0; s < 8; s++) new Subnet(`s${g}-${s}`, { vpcId: v.id, cidrBlock: `10.${g}.${s}.0/24`, availabilityZone: "us-east-1a", tags }, o); new SecurityGroup("g" + g, { vpcId: v.id, name: "g" + g, description: "x", tags }, o); } return {}; };
const run = async (name: string, port: number) => { const st = await LocalWorkspace.createOrSelectStack({ stackName: name, projectName: "b", program }, { pulumiCommand: command, workDir: mkdtempSync(join(folder, "w-")), envVars: { PULUMI_DEBUG_PROVIDERS: "aws:" + port, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_CONFIG_PASSPHRASE: "x", PULUMI_HOME: join(folder, "h"), PULUMI_BACKEND_URL: "file://" + join(folder, "state") } });
 const c = process.cpuUsage(); const t = performance.now(); await st.up({ parallel: 64 }); const w = performance.now() - t; const u = process.cpuUsage(c); await st.destroy({ parallel: 64 }); return [w, (u.user + u.system) / 1000]; };
await run("warm", nullPort); await run("warm2", sim.ports["aws"]!);
const rows: any = { null: [], sim: [] };
for (let r = 0; r < 4; r++) { rows.null.push(await run("n" + r, nullPort)); rows.sim.push(await run("s" + r, sim.ports["aws"]!)); }
const med = (x: number[]) => x.sort((a, b) => a - b)[Math.floor(x.length / 2)]!;
for (const k of ["null", "sim"]) console.log(k, N * 10, "resources: wall median", med(rows[k].map((x: any) => x[0])).toFixed(0), "min", Math.min(...rows[k].map((x: any) => x[0])).toFixed(0), "node cpu median", med(rows[k].map((x: any) => x[1])).toFixed(0));
await sim.close(); server.forceShutdown(); await clouds.close(); rmSync(folder, { recursive: true });
