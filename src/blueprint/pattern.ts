/**
 * Regular expressions that come from documents. They run on bounded text, against the clock of the JavaScript engine,
 * so that no pattern can hold the process.
 */
import type { Context, Script } from "node:vm";

/** Characters of a text that a pattern is tried on. */
export const maxPatternText = 1000;
/** The second try is for a machine so busy that a harmless pattern did not get its turn within the first. */
const limitsMilliseconds = [50, 1000];

export type PatternVerdict = "match" | "no-match" | "too-slow" | "invalid";

/** Built once, and only where a document has a pattern. The context holds nothing but the two texts. */
let shared: { readonly test: Script; readonly context: Context } | undefined;

function open(): { readonly test: Script; readonly context: Context } {
  const { createContext, Script } = process.getBuiltinModule("node:vm");
  return {
    test: new Script("new RegExp('^(?:' + pattern + ')$', 'u').test(text)"),
    context: createContext(Object.create(null) as Context),
  };
}

/** Whether the whole text matches the pattern. Gives up after a second. */
export function matchPattern(pattern: string, text: string): PatternVerdict {
  if (text.length > maxPatternText) return "no-match";
  shared ??= open();
  const { test, context } = shared;
  context["pattern"] = pattern;
  context["text"] = text;
  for (const timeout of limitsMilliseconds) {
    try {
      return test.runInContext(context, { timeout }) === true ? "match" : "no-match";
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") return "invalid";
    }
  }
  return "too-slow";
}
