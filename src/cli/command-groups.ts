/** Headings of the first help screen, in its order. */
export const groups = {
  start: "Start",
  change: "Plan and change",
  look: "Look",
  write: "Write documents",
  clouds: "Simulated clouds",
} as const;
