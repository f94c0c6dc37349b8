/** Gathers the verdicts of one operation's rules, and tells which of them stop it. Knows nothing of gRPC. */
import type { Emit } from "../model/event.ts";
import type { Finding } from "../model/finding.ts";

export interface VerdictOptions {
  readonly stack: string;
  readonly emit: Emit;
  /** True: nothing is changed, so verdicts are reported and nothing is denied. */
  readonly preview: boolean;
}

export class Verdicts {
  readonly #options: VerdictOptions;
  readonly #findings = new Map<string, Finding>();

  constructor(options: VerdictOptions) {
    this.#options = options;
  }

  /**
   * Whether the finding stops its resource. In an `up` every value a rule needs is known when it is asked; if it still
   * cannot tell, nothing goes on unjudged.
   */
  denies(finding: Finding): boolean {
    return !this.#options.preview && finding.severity === "deny" && finding.verdict !== "pass";
  }

  /** Keeps the newest verdict of each rule on each property, and tells of what is not in order. */
  record(finding: Finding): void {
    const key = `${finding.rule}\n${finding.urn}\n${finding.property ?? ""}`;
    const told = this.#findings.has(key);
    this.#findings.set(key, finding);
    if (told || finding.verdict === "pass") return;
    try {
      this.#options.emit({ type: "finding", stack: this.#options.stack, finding });
    } catch {
      // A listener's trouble is not the operation's.
    }
  }

  all(): readonly Finding[] {
    return [...this.#findings.values()];
  }

  denied(): readonly Finding[] {
    return this.all().filter((finding) => this.denies(finding));
  }
}
