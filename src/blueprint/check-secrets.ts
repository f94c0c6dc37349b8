/** Refuses what is a secret by its form, wherever it stands in a document: key, value, or part of either. */
import { findPlainSecret } from "../values/plain-secret.ts";
import type { DocumentSource, Path, SourceNode } from "./document-source.ts";
import type { ProblemList } from "./problem-list.ts";
import { problemAt } from "./schema-problems.ts";

/** @returns whether there is one */
export function checkSecrets(source: DocumentSource, problems: ProblemList): boolean {
  let isFound = false;
  const look = (text: string, path: Path, part: "key" | "value") => {
    const secret = findPlainSecret(text);
    if (secret === undefined) return;
    isFound = true;
    const message = `${secret.what} is written down here, ${secret.length} characters of it`;
    const allowed = "a parameter with `secret: true`, given as fromEnv, fromFile or fromSecret";
    const problem = problemAt(source, path, "secret-in-plain-sight", message, { allowed }, part);
    // A key that is a secret must not come back as a pointer either.
    problems.add(part === "key" ? { ...problem, path: "" } : problem);
  };
  const stack: { readonly node: SourceNode; readonly path: Path }[] = [{ node: source.root, path: [] }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, path } = next;
    if (node.kind === "text") look(node.raw, path, "value");
    for (const [index, item] of node.items.entries()) stack.push({ node: item, path: [...path, index] });
    for (const [key, entry] of node.entries) {
      look(key, [...path, key], "key");
      stack.push({ node: entry.node, path: [...path, key] });
    }
  }
  return isFound;
}
