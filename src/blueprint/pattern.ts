/**
 * Regular expressions that come from documents. They run on bounded text, against the clock of the JavaScript engine,
 * so that no pattern can hold the process.
 */
import { type Context, createContext, Script } from "node:vm";

/** Characters of a text that a pattern is tried on. */
export const maxPatternText = 1000;
/** The second try is for a machine so busy that a harmless pattern did not get its turn within the first. */
const limitsMilliseconds = [50, 1000];

export type PatternVerdict = "match" | "no-match" | "too-slow" | "invalid";

// Built once: making a context costs more than a match. It holds nothing but the two texts.
const test = new Script("new RegExp('^(?:' + pattern + ')$', 'u').test(text)");
let shared: Context | undefined;

/** Whether the whole text matches the pattern. Gives up after a second. */
export function matchPattern(pattern: string, text: string): PatternVerdict {
  if (text.length > maxPatternText) return "no-match";
  shared ??= createContext(Object.create(null) as Context);
  shared["pattern"] = pattern;
  shared["text"] = text;
  for (const timeout of limitsMilliseconds) {
    try {
      return test.runInContext(shared, { timeout }) === true ? "match" : "no-match";
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") return "invalid";
    }
  }
  return "too-slow";
}
