/** What a picture shows, whatever it is of: frames that hold frames or cards, and arrows between cards. */
import type { Cloud, Domain } from "../../../model/words.ts";

export interface Picture {
  readonly title: string;
  /** One line below the title. */
  readonly subtitle: string;
  /** What a screen reader calls it. */
  readonly label: string;
  /** Frames stand before those within them. */
  readonly frames: readonly Frame[];
  readonly cards: readonly Card[];
  readonly arrows: readonly Arrow[];
}

export interface Frame {
  readonly key: string;
  /** Key of the frame around it. */
  readonly within?: string;
  readonly title: string;
  /** In grey beside the title. */
  readonly facts?: string;
  /** Decides the ground: a cloud's for a place, none for what stands in one. */
  readonly cloud?: Cloud;
}

export interface Card {
  readonly key: string;
  readonly frame: string;
  readonly title: string;
  /** In grey below the title. */
  readonly note?: string;
  /** The whole name, told when one points at it. */
  readonly tooltip: string;
  readonly domain: Domain;
  /** What stands elsewhere has a broken edge. */
  readonly borrowed?: boolean;
}

/** From what refers to what is referred to, by keys of cards. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly tooltip: string;
}
