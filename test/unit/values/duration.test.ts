import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../../src/values/duration.ts";

describe("parseDuration", () => {
  it.each([
    ["30s", 30],
    ["15m", 900],
    ["72h", 259_200],
    ["7d", 604_800],
  ])("reads %s as %i seconds", (text, seconds) => {
    expect(parseDuration(text)).toEqual({ ok: true, seconds });
  });

  it("reads what formatDuration writes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3650 * 86_400 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toEqual({ ok: true, seconds });
      }),
    );
  });

  it.each([
    ["0", "the duration is zero", undefined],
    ["0s", "the duration is zero", undefined],
    ["-1h", "the duration is negative", undefined],
    ["1y", "years, months and weeks are not units", "365d"],
    ["2w", "years, months and weeks are not units", "14d"],
    ["tomorrow", "the text is not a duration", undefined],
    ["PT", "the text is not a duration", undefined],
    ["PT15M", "the text is not a duration", "15m"],
    ["1h30m", "the text is not a duration", "90m"],
    ["15 min", "the text is not a duration", "15m"],
    ["90", "the text is not a duration", "90s"],
    ["015m", "the text is not a duration", "15m"],
    ["5000d", "the duration is longer than 3650d", undefined],
    ["", "the text is not a duration", undefined],
  ])("bad input 56: refuses %j and says what is allowed", (text, message, nearest) => {
    const parsed = parseDuration(text);
    expect(parsed).toMatchObject({ ok: false, refusal: { code: "bad-duration", message } });
    if (parsed.ok) return;
    expect(parsed.refusal.nearest).toBe(nearest);
    expect(parsed.refusal.allowed).toContain("30s, 15m, 72h, 7d");
  });

  it("never throws and never proposes what it would refuse", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\dpthmsdwy .-]{0,12}$/)), (text) => {
        const parsed = parseDuration(text);
        if (!parsed.ok && parsed.refusal.nearest !== undefined) {
          expect(parseDuration(parsed.refusal.nearest).ok).toBe(true);
        }
      }),
    );
  });
});
