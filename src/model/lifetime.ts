/** How long an environment lives by its class, when it is needed, and what it may cost. */
import { z } from "zod";
import type { EnvironmentClass } from "./words.ts";

/** Longest TTL; a class without one has environments that stay until somebody removes them. */
export const longestTtl: { readonly [C in EnvironmentClass]?: `${number}d` } = {
  staging: "90d",
  dev: "30d",
  sandbox: "7d",
};

/** What amounts are written in: prices are. */
const currencies = ["USD"] as const;

export const scheduleSchema = z
  .strictObject({
    up: z.string().min(1).max(100).describe("When it is brought up: a cron expression of five fields."),
    down: z.string().min(1).max(100).describe("When it is shut down: a cron expression of five fields."),
    timeZone: z.string().min(1).max(60).default("UTC").describe("Time zone of both, as `Europe/Berlin`."),
  })
  .describe("Hours in which the environment is needed.");

export const budgetSchema = z
  .strictObject({
    amount: z.number().positive().max(1e9).describe("Amount a month."),
    currency: z.enum(currencies).describe("Currency of the amount; prices are in it."),
  })
  .describe("What the environment may cost a month.");
