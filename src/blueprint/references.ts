/**
 * References between components: `orders` leads within the same site, `orders@iowa` to another. Finds what a reference
 * leads to, or says what it could lead to.
 */
import { accepts } from "../catalog/component.ts";
import type { ReferenceInfo } from "../catalog/reference.ts";
import type { ErrorCode } from "../errors.ts";
import type { Blueprint } from "../model/documents.ts";
import { rankOf } from "../model/words.ts";
import { nearest } from "../values/nearest.ts";
import type { Instance } from "./instances.ts";
import { listNames, showText } from "./problem-list.ts";

export interface ReferenceRefusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly allowed?: () => string;
  readonly nearest?: () => string | undefined;
}

export type ResolvedReference =
  | { readonly ok: true; readonly target: Instance }
  /** `isSilent`: what it leads to is wrong in itself, and that has been said. */
  | { readonly ok: false; readonly isSilent: true }
  | { readonly ok: false; readonly isSilent: false; readonly refusal: ReferenceRefusal };

/** Instances by name and site, with what is known to be broken. */
export class ReferenceIndex {
  readonly #byName = new Map<string, Map<string, Instance>>();
  readonly #sites: ReadonlySet<string>;
  readonly #declared: ReadonlySet<string>;
  readonly #isBroken: (name: string, site: string) => boolean;

  constructor(
    instances: readonly Instance[],
    blueprint: Pick<Blueprint, "sites" | "components">,
    isBroken: (name: string, site: string) => boolean = () => false,
  ) {
    for (const instance of instances) {
      const sitesOfName = this.#byName.get(instance.name) ?? new Map<string, Instance>();
      this.#byName.set(instance.name, sitesOfName.set(instance.site, instance));
    }
    this.#sites = new Set(Object.keys(blueprint.sites));
    this.#declared = new Set(Object.keys(blueprint.components));
    this.#isBroken = isBroken;
  }

  resolve(text: string, from: Instance, info: ReferenceInfo): ResolvedReference {
    const [name = "", site = from.site, ...rest] = text.split("@");
    if (name === "" || site === "" || rest.length > 0) {
      return this.#refuse(
        "unknown-reference",
        "a reference is `component` or `component@site`",
        from,
        info,
        text,
      );
    }
    if (this.#isBroken(name, site)) return { ok: false, isSilent: true };
    const target = this.#byName.get(name)?.get(site);
    if (target !== undefined) return this.#judge(target, from, info, text);
    if (!this.#sites.has(site)) {
      return {
        ok: false,
        isSilent: false,
        refusal: {
          code: "unknown-site",
          message: `there is no site "${showText(site)}"`,
          allowed: () => [...this.#sites].sort().join(", "),
          nearest: () => {
            const found = nearest(site, this.#sites);
            return found === undefined ? undefined : `${name}@${found}`;
          },
        },
      };
    }
    const elsewhere = [...(this.#byName.get(name)?.keys() ?? [])].sort();
    if (elsewhere.length === 0) {
      const message = this.#declared.has(name)
        ? `"${name}" is left out by its \`when\``
        : `there is no component "${showText(name)}"`;
      return this.#refuse("unknown-reference", message, from, info, text);
    }
    const places = elsewhere.map((each) => `${name}@${each}`);
    return {
      ok: false,
      isSilent: false,
      refusal: {
        code: elsewhere.length > 1 && !text.includes("@") ? "ambiguous-reference" : "unknown-reference",
        message: `"${name}" is not in site "${site}" but in ${elsewhere.join(", ")}`,
        allowed: () => listNames(places),
        ...(places.length === 1 ? { nearest: () => places[0] } : {}),
      },
    };
  }

  #judge(target: Instance, from: Instance, info: ReferenceInfo, text: string): ResolvedReference {
    if (!accepts(info.target, target.contract)) {
      const wanted = info.target?.name ?? "any type";
      const message = `"${showText(text)}" is of type ${target.contract.name}, not ${wanted}`;
      return this.#refuse("wrong-reference-type", message, from, info, text);
    }
    if (rankOf(target.contract.domain) > rankOf(from.contract.domain)) {
      const message =
        `"${from.name}" (${from.contract.domain}) refers to "${target.name}" (${target.contract.domain}), ` +
        "which is of higher rank";
      return { ok: false, isSilent: false, refusal: { code: "rank-violation", message } };
    }
    return { ok: true, target };
  }

  #refuse(
    code: ErrorCode,
    message: string,
    from: Instance,
    info: ReferenceInfo,
    text: string,
  ): ResolvedReference {
    const candidates = () => this.#candidates(from, info);
    const wanted = info.target === undefined ? "component" : info.target.name;
    return {
      ok: false,
      isSilent: false,
      refusal: {
        code,
        message,
        allowed: () => listNames(candidates()) || `a ${wanted}; there is none`,
        nearest: () => {
          const [only, ...others] = candidates();
          const isClear = code === "wrong-reference-type" && others.length === 0;
          return nearest(text, candidates()) ?? (isClear ? only : undefined);
        },
      },
    };
  }

  /** What would do: of the right type and no higher rank, those of the same site first and without its name. */
  #candidates(from: Instance, info: ReferenceInfo): readonly string[] {
    const here: string[] = [];
    const elsewhere: string[] = [];
    for (const [name, sites] of this.#byName) {
      for (const [site, instance] of sites) {
        if (instance === from || !accepts(info.target, instance.contract)) continue;
        if (rankOf(instance.contract.domain) > rankOf(from.contract.domain)) continue;
        if (site === from.site) here.push(name);
        else elsewhere.push(`${name}@${site}`);
      }
    }
    return [...here, ...elsewhere];
  }
}
