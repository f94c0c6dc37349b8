/** The program of the README, as a user would copy it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const readme = fileURLToPath(new URL("../../README.md", import.meta.url));

/** The TypeScript of the section "As a library". */
export function libraryExample(): string {
  const section = readFileSync(readme, "utf8")
    .split(/^## /m)
    .find((part) => part.startsWith("As a library"));
  const code = /```ts\n(.*?)```/s.exec(section ?? "")?.[1];
  if (code === undefined) throw new Error('README.md has no TypeScript under "As a library"');
  return code;
}

/** What it prints when it runs against the simulated clouds; the endpoint's name is new each time. */
export const exampleOutput = [
  /^\d+ resources to create$/,
  /^preview shop-dev\.virginia\.network done$/,
  /^preview shop-dev\.virginia\.data done$/,
  /^up shop-dev\.virginia\.network done$/,
  /^up shop-dev\.virginia\.data done$/,
  /^succeeded shop-dev-orders-[0-9a-f]+\.[0-9a-f]+\.us-east-1\.rds\.simulated$/,
];
