/** Random choices that are the same in every run: a failure can be looked at again. */
export class Random {
  public constructor(private state: number) {}

  /** A whole number from 0 to below `end` (mulberry32). */
  public below(end: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) % end) as number;
  }

  public pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

/** Pieces of text that have broken somebody's quoting. */
export const NASTY: readonly string[] = [
  "'", "''", '"', '""', "\\", "\\'", '\\"', "`", "$", "$$", "$1", "%", "%I", "%s", "%%", "${x}", "$${x}", "%{x}", "$(id)", "`id`",
  "; DROP TABLE t; --", "'; DROP ROLE x; --", "\\g", "\\q", "\\! id", ":'v'", ':"v"', ":v", "{", "}", "[", "]", "{{x}}", "<", ">", "&", "#", "?", "/",
  "*/", "/*", "--", "@", "!", "~", "^", "|", "=", "+", " ", "  ", ",", ".", "é", "ü", "ß", "Ω", "日本", "العربية", "🐘", "👩‍🚀", "e\u0301", "ﬁ", "\u00a0",
  "NULL", "true", "null", "public", "user", "select", "E'", "U&'", "q'", "0x", "1", "a", "B", "z", "_", "-",
]; // biome-ignore format: a list reads better in lines

/** Up to `most` nasty pieces. */
export function nastyText(random: Random, most: number): string {
  return Array.from({ length: 1 + random.below(most) }, () => random.pick(NASTY)).join("");
}
