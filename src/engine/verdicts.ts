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
  /** By rule and resource: what a rule says of a resource now takes the place of all that it said before. */
  readonly #findings = new Map<string, Finding[]>();
  readonly #told = new Set<string>();

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

  /** Takes what one judgement has found, keeps the newest of each rule on each resource, and tells what is not in order. */
  record(findings: readonly Finding[]): void {
    for (const finding of findings) this.#findings.delete(keyOf(finding));
    for (const finding of findings) {
      const kept = this.#findings.get(keyOf(finding));
      if (kept === undefined) this.#findings.set(keyOf(finding), [finding]);
      else kept.push(finding);
      this.#tell(finding);
    }
  }

  #tell(finding: Finding): void {
    const key = `${keyOf(finding)}\n${finding.property ?? ""}\n${finding.why}`;
    if (finding.verdict === "pass" || this.#told.has(key)) return;
    this.#told.add(key);
    try {
      this.#options.emit({ type: "finding", stack: this.#options.stack, finding });
    } catch {
      // A listener's trouble is not the operation's.
    }
  }

  all(): readonly Finding[] {
    return [...this.#findings.values()].flat();
  }

  denied(): readonly Finding[] {
    return this.all().filter((finding) => this.denies(finding));
  }
}

function keyOf(finding: Finding): string {
  return `${finding.rule}\n${finding.urn}`;
}
