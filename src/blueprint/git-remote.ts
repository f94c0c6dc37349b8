/** Where a git source of terrane.yaml leads: only to what is authenticated, and never out of the project by a path. */
import { isAbsolute } from "node:path";
import type { ErrorCode } from "../errors.ts";
import { showText } from "./problem-list.ts";
import { resolveInside } from "./project-files.ts";

const allowed = "an https:// or ssh:// URL, user@host:path, a path below the project, or an absolute path";

export type GitRemote =
  | { readonly ok: true; readonly remote: string }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly allowed: string };

/** @param root folder of the project; a relative path counts from there */
export function readGitRemote(root: string, text: string): GitRemote {
  const refuse = (code: ErrorCode, message: string): GitRemote => ({ ok: false, code, message, allowed });
  if (text.startsWith("-")) return refuse("bad-url", "the repository begins like an option");
  if (/^(https|ssh|file):\/\//.test(text)) return readUrl(text, refuse);
  if (/^[a-z][a-z0-9+.-]*:(\/\/|:)/i.test(text)) {
    const scheme = text.slice(0, text.indexOf(":"));
    return refuse("bad-url", `${showText(scheme)} is not among the ways a repository is read`);
  }
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^:-][^:]*$/.test(text)) {
    return { ok: true, remote: text };
  }
  if (isAbsolute(text)) return { ok: true, remote: text };
  if (text.includes(":")) return refuse("bad-url", "the repository is neither a URL nor a path");
  const inside = resolveInside(root, text);
  if (inside.ok) return { ok: true, remote: inside.path };
  return refuse("path-outside", `the path leads outside the project, to ${showText(inside.path)}`);
}

function readUrl(text: string, refuse: (code: ErrorCode, message: string) => GitRemote): GitRemote {
  if (!URL.canParse(text)) return refuse("bad-url", "the URL cannot be read");
  const url = new URL(text);
  const isSecret = url.password !== "" || (url.protocol === "https:" && url.username !== "");
  if (isSecret) {
    return refuse("bad-url", "the URL holds credentials; leave them to git's credential helper or to ssh");
  }
  if (url.protocol !== "file:" && (url.hostname === "" || url.hostname.startsWith("-"))) {
    return refuse("bad-url", "the URL names no host");
  }
  return { ok: true, remote: text };
}

/** Whether a path within a repository stays there. */
export function isInsideRepository(path: string): boolean {
  return !isAbsolute(path) && path !== "" && !path.split(/[/\\]/).includes("..") && !path.startsWith("-");
}
