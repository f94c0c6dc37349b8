/** What every document begins with. */
import { z } from "zod";
import { apiVersion } from "./words.ts";

export const header = <K extends string>(kind: K) => ({
  apiVersion: z.literal(apiVersion).describe("Version of the document syntax."),
  kind: z.literal(kind).describe("What the document describes."),
});
