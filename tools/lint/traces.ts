/** No file tells of the machine it was written on: paths of home and work folders, addresses in private networks. */
import { homedir } from "node:os";
import type { Check, Checkout, Fault } from "./check.ts";

/** First folders that hold build machines' own files; what a program may use anywhere is not among them. */
const machineFolders = ["work", "workspace", "farm", "builds", "root"];
/** First folders that hold people's files. Tests make such people up. */
const peopleFolders = ["Users/[A-Za-z]", "home/(?!me/|you/|user/|someone/)[a-z]"];

const machinePath = new RegExp(`(^|[^A-Za-z0-9_.$}~/-])/(${machineFolders.join("|")})/`);
const peoplePath = new RegExp(`(^|[^A-Za-z0-9_.$}~/-])/(${peopleFolders.join("|")})[A-Za-z0-9_.-]*/`);

export const traces: Check = {
  name: "traces",
  title: "no file names a path of somebody's machine",
  run(checkout) {
    const here = [checkout.root, homedir()].filter((path) => path.length > "/root".length);
    return checkout.files.filter(isText).flatMap((file) => checkFile(checkout, file, here));
  },
};

function checkFile(checkout: Checkout, file: string, here: readonly string[]): Fault[] {
  const patterns = file.startsWith("test/") ? [machinePath] : [machinePath, peoplePath];
  return checkout
    .read(file)
    .split("\n")
    .flatMap((text, index): Fault[] => {
      const found =
        here.find((path) => text.includes(`${path}/`)) ??
        patterns.map((pattern) => pattern.exec(text)?.[0].trim()).find((match) => match !== undefined);
      return found === undefined
        ? []
        : [{ file, line: index + 1, message: `names a path of a machine: ${found}` }];
    });
}

function isText(file: string): boolean {
  return !/\.(png|jpg|gif|ico|woff2?|gz|zip|sqlite)$/.test(file);
}
