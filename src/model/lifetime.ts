/** How long an environment may live by its class, and what it may cost. Data. */
import type { EnvironmentClass } from "./words.ts";

/** Longest TTL; a class without one has environments that stay until somebody removes them. */
export const longestTtl: { readonly [C in EnvironmentClass]?: `${number}d` } = {
  staging: "90d",
  dev: "30d",
  sandbox: "7d",
};

/** What amounts are written in: prices are. */
export const currencies = ["USD"] as const;
