/** Settings of one run, decided; `resolve-settings.ts` decides them. */
import type { ColorMode } from "./output/palette.ts";

export interface SettingOrigin {
  readonly name: string;
  readonly value: string;
  /** `flag`, the variable's name, or `default`. */
  readonly origin: string;
}

export interface Settings {
  /** Absolute. */
  readonly dir: string;
  /** TERRANE_HOME. Absolute. */
  readonly home: string;
  readonly json: boolean;
  readonly quiet: boolean;
  /** 0, 1 or 2 and more. */
  readonly verbosity: number;
  readonly color: ColorMode;
  readonly yes: boolean;
  readonly interactive: boolean;
  /** No lock may be written, and every environment has one. */
  readonly locked: boolean;
  readonly timeoutMilliseconds?: number;
  readonly parallel?: number;
  /** Stack traces beside errors. */
  readonly debug: boolean;
  /** For `doctor`. */
  readonly origins: readonly SettingOrigin[];
}
