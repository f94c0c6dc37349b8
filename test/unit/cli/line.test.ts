import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clipLine,
  clipText,
  escapeControls,
  line,
  lineWidth,
  paintLine,
  plainPalette,
  styled,
  textWidth,
  wrapText,
} from "../../../src/cli/output/line.ts";
import { loadPalette, wantsColor } from "../../../src/cli/output/palette.ts";

const anyText = fc.string({ unit: "binary" });

describe("text from outside", () => {
  it("reaches the terminal without any character that could steer it", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(paintLine(line(text), plainPalette)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it("shows escapes, line ends and bidirectional controls in words", () => {
    expect(escapeControls("a\u001b[31mb\nc\u202ed\u009be")).toBe("a\\x1b[31mb\\nc\\u202ed\\x9be");
  });

  it("keeps printable text as it is, wide and combining characters too", () => {
    expect(escapeControls("Zürich 東京 e\u0301")).toBe("Zürich 東京 e\u0301");
  });
});

describe("widths", () => {
  it("counts wide characters twice and combining ones not at all", () => {
    expect(textWidth("東京")).toBe(4);
    expect(textWidth("e\u0301")).toBe(1);
    expect(textWidth("a\tb")).toBe(4);
  });

  it("never exceeds the given width after clipping, whatever the text", () => {
    fc.assert(
      fc.property(fc.array(anyText), fc.integer({ min: 1, max: 60 }), (parts, width) => {
        expect(lineWidth(clipLine(line(...parts), width))).toBeLessThanOrEqual(width);
        expect(textWidth(clipText(parts.join(""), width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("marks what was cut", () => {
    expect(paintLine(clipLine(line("abc", styled("strong", "def"), "ghi"), 5), plainPalette)).toBe("abcd…");
    expect(paintLine(clipLine(line("abcdef", "g"), 6), plainPalette)).toBe("abcde…");
    expect(paintLine(clipLine(line("abc", "def"), 6), plainPalette)).toBe("abcdef");
  });

  it("wraps at blanks and loses nothing but blanks", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 }),
        fc.integer({ min: 8, max: 40 }),
        (words, width) => {
          const wrapped = wrapText(words.join(" "), width);
          expect(wrapped.join("").replaceAll(" ", "")).toBe(words.join(""));
          for (const each of wrapped) expect(textWidth(each)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe("colours", () => {
  it("are for terminals; NO_COLOR wins over FORCE_COLOR, the flag wins over both", () => {
    expect(wantsColor("auto", {}, true)).toBe(true);
    expect(wantsColor("auto", {}, false)).toBe(false);
    expect(wantsColor("auto", { FORCE_COLOR: "1" }, false)).toBe(true);
    expect(wantsColor("auto", { FORCE_COLOR: "0" }, true)).toBe(false);
    expect(wantsColor("auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, true)).toBe(false);
    expect(wantsColor("auto", { NO_COLOR: "" }, true)).toBe(true);
    expect(wantsColor("auto", { TERM: "dumb" }, true)).toBe(false);
    expect(wantsColor("always", { NO_COLOR: "1" }, false)).toBe(true);
    expect(wantsColor("never", { FORCE_COLOR: "1" }, true)).toBe(false);
  });

  it("change nothing but the look of a line", async () => {
    const palette = await loadPalette(true);
    const painted = paintLine(line(styled("replace", "a"), styled("error", "b"), "c"), palette);
    expect(painted).toContain("\u001b[");
    // oxlint-disable-next-line no-control-regex
    expect(painted.replace(/\u001b\[\d+m/g, "")).toBe("abc");
  });
});
