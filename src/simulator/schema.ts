/**
 * What a resource type or function looks like, read out of the installed SDK package of its cloud: which inputs it
 * takes, which it needs, what it answers, what is secret. Reads the package's files as text and runs none of them.
 * Knows nothing of models: an SDK does not say which change replaces.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export type Shape = "string" | "number" | "boolean" | "list" | "map" | "any";

export interface TypeSchema {
  readonly token: string;
  /** Name and coarse type of every input. */
  readonly inputs: ReadonlyMap<string, Shape>;
  /** Inputs without which the SDK refuses to make the resource. */
  readonly required: readonly string[];
  /** Name and coarse type of every output, inputs included. */
  readonly outputs: ReadonlyMap<string, Shape>;
  /** Outputs that the SDK always treats as secret. */
  readonly secrets: ReadonlySet<string>;
  /** True where any input may be given: custom resources of Kubernetes. */
  readonly open: boolean;
}

export interface FunctionSchema {
  readonly token: string;
  readonly inputs: ReadonlySet<string>;
}

const packageOf: Readonly<Record<string, string>> = {
  aws: "@pulumi/aws",
  gcp: "@pulumi/gcp",
  kubernetes: "@pulumi/kubernetes",
  "azure-native": "@pulumi/azure-native",
};

const require = createRequire(import.meta.url);
const folders = new Map<string, string | undefined>();
const types = new Map<string, TypeSchema | undefined>();
const functions = new Map<string, FunctionSchema | undefined>();

/** Schema of a resource type by its token, such as `aws:ec2/vpc:Vpc`; undefined for a type that the SDK lacks. */
export function typeSchema(token: string): TypeSchema | undefined {
  if (!types.has(token)) types.set(token, readType(token));
  return types.get(token);
}

/** Schema of a function by its token, such as `aws:index/getRegion:getRegion`. */
export function functionSchema(token: string): FunctionSchema | undefined {
  if (!functions.has(token)) functions.set(token, readFunction(token));
  return functions.get(token);
}

/** Version of the installed SDK of a cloud; undefined where it is not installed. */
export function sdkVersion(cloud: string): string | undefined {
  const folder = packageFolder(cloud);
  if (folder === undefined) return undefined;
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version?: unknown };
  return typeof manifest.version === "string" ? manifest.version : undefined;
}

function readType(token: string): TypeSchema | undefined {
  const [cloud = "", module = "", name = ""] = token.split(":");
  const base = findFile(cloud, module, name);
  if (base === undefined) return cloud === "kubernetes" ? customResource(token, module, name) : undefined;
  const source = readFileSync(`${base}.js`, "utf8");
  const constructor = constructorOf(source, name);
  if (constructor === undefined) return undefined;
  const branch = creatingBranch(constructor);
  const shapes = readShapes(readFileSync(`${base}.d.ts`, "utf8"), name);
  const inputs = new Map<string, Shape>();
  const outputs = new Map<string, Shape>();
  for (const [, key = "", value = ""] of branch.matchAll(/resourceInputs\["([^"]+)"\] = (.*);/g)) {
    outputs.set(key, shapes.outputs.get(key) ?? shapes.inputs.get(key) ?? "any");
    if (!value.startsWith("undefined /*out*/")) inputs.set(key, shapes.inputs.get(key) ?? "any");
  }
  const required = [...branch.matchAll(/Missing required property '([^']+)'/g)].map(([, key = ""]) => key);
  const marked = /additionalSecretOutputs: \[([^\]]*)\]/.exec(constructor)?.[1] ?? "";
  const secrets = new Set([...marked.matchAll(/"([^"]+)"/g)].map(([, key = ""]) => key));
  return { token, inputs, required, outputs, secrets, open: false };
}

function readFunction(token: string): FunctionSchema | undefined {
  const [cloud = "", module = "", name = ""] = token.split(":");
  const base = findFile(cloud, module, name);
  if (base === undefined) return undefined;
  const call = /runtime\.invoke\("[^"]+", \{([^}]*)\}/.exec(readFileSync(`${base}.js`, "utf8"));
  if (call === null) return undefined;
  return { token, inputs: new Set([...(call[1] ?? "").matchAll(/"([^"]+)":/g)].map(([, key = ""]) => key)) };
}

/** Groups outside Kubernetes itself are custom resources: their schema lives in the cluster, not in the SDK. */
function customResource(token: string, groupVersion: string, kind: string): TypeSchema | undefined {
  const group = groupVersion.split("/")[0] ?? "";
  const builtIn = !group.includes(".") || group.endsWith(".k8s.io");
  if (builtIn || kind === "" || packageFolder("kubernetes") === undefined) return undefined;
  const known = new Map<string, Shape>([
    ["apiVersion", "string"],
    ["kind", "string"],
    ["metadata", "map"],
  ]);
  return {
    token,
    inputs: known,
    required: ["apiVersion", "kind"],
    outputs: known,
    secrets: new Set(),
    open: true,
  };
}

/** Path without extension of the file that holds a type or function. */
function findFile(cloud: string, module: string, name: string): string | undefined {
  const folder = packageFolder(cloud);
  if (folder === undefined || !/^[\w.\-/]+$/.test(module) || !/^\w+$/.test(name)) return undefined;
  const parts = module.split("/");
  if (parts.includes("..")) return undefined;
  if (cloud === "kubernetes") {
    // helm.sh/v3 stands in helm/v3, rbac.authorization.k8s.io/v1 in rbac/v1; the core group's token is core/v1.
    const [group = "", ...version] = parts;
    return fileNamed(join(folder, group.split(".")[0] ?? "", ...version), name);
  }
  if (cloud === "azure-native") return fileNamed(join(folder, ...parts), name);
  const [area = "", file] = parts;
  return fileNamed(area === "index" ? folder : join(folder, area), file ?? name);
}

/** Finds `name.js` whatever its case: `APIService` stands in apiservice.js, `Vpc` in vpc.js. */
function fileNamed(folder: string, name: string): string | undefined {
  const exact = join(folder, `${name[0]?.toLowerCase() ?? ""}${name.slice(1)}`);
  if (existsSync(`${exact}.js`)) return exact;
  if (!existsSync(folder)) return undefined;
  const found = readdirSync(folder).find((file) => file.toLowerCase() === `${name.toLowerCase()}.js`);
  return found === undefined ? undefined : join(folder, found.slice(0, -3));
}

function packageFolder(cloud: string): string | undefined {
  if (!folders.has(cloud)) {
    const name = packageOf[cloud];
    let folder: string | undefined;
    try {
      folder = name === undefined ? undefined : dirname(require.resolve(`${name}/package.json`));
    } catch {
      folder = undefined;
    }
    folders.set(cloud, folder);
  }
  return folders.get(cloud);
}

/** The generated class's constructor; the documentation above it may hold anything. */
function constructorOf(source: string, name: string): string | undefined {
  const start = source.indexOf(`\nclass ${name} extends pulumi.CustomResource`);
  const body = start < 0 ? -1 : source.indexOf("constructor(name,", start);
  return body < 0 ? undefined : source.slice(body);
}

/** A constructor looks up (`opts.id`) in one branch and creates in the other; either may come first. */
function creatingBranch(constructor: string): string {
  const [first = "", second = ""] = constructor.split(/\n {8}else \{/);
  return /if \(!opts\.id\)/.test(first) ? first : second;
}

/** Coarse types out of the declarations: outputs of the class, inputs of its arguments. */
function readShapes(declarations: string, name: string) {
  const outputs = new Map<string, Shape>();
  const inputs = new Map<string, Shape>();
  const classStart = declarations.indexOf(`class ${name} `);
  const argsStart = declarations.indexOf(`interface ${name}Args`);
  const classText = declarations.slice(classStart, declarations.indexOf("\nexport interface", classStart));
  for (const [, key = "", type = ""] of classText.matchAll(/^ {4}readonly (\w+): pulumi\.Output<(.*)$/gm)) {
    outputs.set(key, toShape(type));
  }
  if (argsStart >= 0) {
    for (const [, key = "", type = ""] of declarations.slice(argsStart).matchAll(/^ {4}(\w+)\??: (.*)$/gm)) {
      inputs.set(key, toShape(type));
    }
  }
  return { outputs, inputs };
}

function toShape(type: string): Shape {
  const bare = type.replace(/^pulumi\.Input<|^enums\./, "").replace(/^"[^"]*"/, "string");
  if (/\[\]/.test(bare)) return "list";
  if (/^\{/.test(bare)) return "map";
  const word = /^(string|number|boolean)\b/.exec(bare)?.[1];
  if (word !== undefined) return word as Shape;
  return /^(inputs|outputs)\./.test(bare) ? "map" : "any";
}
