/** Bad input 70: a home is looked at before anything of it is run. */
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { enginePath } from "../../../src/engine/find.ts";
import { projectSchema } from "../../../src/model/documents.ts";
import { openApp } from "../../../src/platform/app.ts";

const project = projectSchema.parse({
  apiVersion: "terrane.dev/v1",
  kind: "Project",
  metadata: { name: "test" },
});

test("70: no engine is started from a home that anybody can write", async () => {
  const folder = await mkdtemp(join(tmpdir(), "terrane-home-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const home = join(folder, "home");
  await mkdir(dirname(enginePath(home)), { recursive: true });
  await writeFile(enginePath(home), `#!/bin/sh\ntouch ${folder}/started\necho v3.250.0\n`, { mode: 0o755 });
  await chmod(home, 0o777);
  const now = () => new Date("2026-11-21T12:00:00Z");
  await using app = openApp({ dir: folder, home, environment: {}, now }, folder, project);
  await expect(app.engine()).rejects.toMatchObject({
    code: "bad-home",
    message: `anybody can write to the folder: ${home}`,
  });
  await expect(stat(join(folder, "started"))).rejects.toThrow("ENOENT");
});
