/** In processes of their own: what is in memory is the whole process's. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const inProcess = async (text: string): Promise<unknown> => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", text]);
  return JSON.parse(stdout);
};

const looks = `
  import { createRequire } from "node:module";
  const require = createRequire(process.cwd() + "/src/index.ts");
  const has = (name) => Object.keys(require.cache).some((file) => file.includes(name));
  const heavy = () => [has("/node_modules/typescript/"), has("/@npmcli/arborist/")];
`;

test.each(["stacks/program.ts", "src/render/render.ts", "src/engine/run.ts"])(
  "%s brings the SDK without TypeScript and npm's resolver",
  async (file) => {
    const program = `${looks}
      await import("./${file}");
      console.log(JSON.stringify([has("/@pulumi/pulumi/runtime/index.js"), ...heavy()]));`;
    expect(await inProcess(program)).toEqual([true, false, false]);
  },
);

test("functions can be serialised all the same, and the packages found that they need", async () => {
  const program = `${looks}
    await import("./src/model/lean-sdk.ts");
    const { runtime } = await import("@pulumi/pulumi");
    const three = 3;
    const { text } = await runtime.serializeFunction((value) => value + three);
    const paths = await runtime.computeCodePaths();
    console.log(JSON.stringify({ text, paths: paths.size > 0, heavy: heavy() }));`;
  expect(await inProcess(program)).toEqual({
    text: expect.stringMatching(/three: 3[\s\S]*value \+ three/),
    paths: true,
    heavy: [true, true],
  });
});

test("an SDK that is in memory already is left as it is", async () => {
  const program = `${looks}
    const { runtime } = await import("@pulumi/pulumi");
    const before = runtime.computeCodePaths;
    await import("./src/model/lean-sdk.ts");
    console.log(JSON.stringify([before === (await import("@pulumi/pulumi")).runtime.computeCodePaths, ...heavy()]));`;
  expect(await inProcess(program)).toEqual([true, true, true]);
});
