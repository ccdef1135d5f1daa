// Read 2026-11-27. Words of the effects, and the next step where a rule has none.

/** Heading and next step of an effect. */
export interface EffectWords {
  readonly heading: string;
  readonly next: string;
}

/** By effect, the worst first. */
export const EFFECTS: ReadonlyMap<string, EffectWords> = new Map(
  Object.entries({
    "data-loss": {
      heading: "DATA LOSS",
      next: "Do not apply before a backup was restored for a test; if the resource was renamed, add a moved block or keep its construct id.",
    },
    "backup-loss": {
      heading: "BACKUPS LOST",
      next: "Take a snapshot or copy the backups elsewhere first.",
    },
    exposure: { heading: "EXPOSURE", next: "Name the networks or identities that need access." },
    outage: { heading: "OUTAGE", next: "Announce a maintenance window." },
    failure: { heading: "APPLY FAILS", next: "Divide the change, or do the missing step first." },
    weaker: {
      heading: "WEAKER PROTECTION",
      next: "Ask for the reason; take the change back if there is none.",
    },
    unknown: {
      heading: "EFFECT NOT KNOWN",
      next: "Read the provider's documentation of the attribute before you apply.",
    },
    irreversible: { heading: "IRREVERSIBLE", next: "Check the new value: it cannot be taken back." },
    slow: { heading: "SLOW", next: "Apply at a time of low load." },
    cost: { heading: "COST", next: "Check the price." },
    none: { heading: "NO EFFECT", next: "Nothing to do." },
  }),
);

/** Effects that need an approval unless other ones are named. */
export const APPROVED_EFFECTS: readonly string[] = [
  "data-loss",
  "backup-loss",
  "exposure",
  "outage",
  "failure",
  "weaker",
  "unknown",
];
