// Names in a plan are texts that others wrote. Control characters, terminal escapes and characters that change the direction of a text are not
// rendered in any format.

const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;
const LONGEST = 1_000;
/** Most texts of a plan; the test is many times faster than the replacement. */
const PLAIN = /^[ -~]*$/;

/** A text of one line without control characters, cut to 1,000 characters. */
export function clean(text: string): string {
  if (text.length <= LONGEST && PLAIN.test(text)) return text;
  const safe = text.replace(UNSAFE, "\ufffd");
  if (safe.length <= LONGEST) return safe;
  // Half of a pair of surrogates may be last.
  return `${safe.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, "")}...`;
}

/** A value with all texts and names in it cleaned; the value itself where nothing has to be. */
export function cleaned<T>(value: T): T {
  if (typeof value === "string") return clean(value) as T;
  if (typeof value !== "object" || value === null || isClean(value)) return value;
  if (Array.isArray(value)) return value.map(cleaned) as T;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [clean(name), cleaned(each)])) as T;
}

function isClean(value: unknown): boolean {
  if (typeof value === "string") return clean(value) === value;
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isClean);
  for (const name of Object.keys(value)) {
    if (!isClean(name) || !isClean((value as { readonly [name: string]: unknown })[name])) return false;
  }
  return true;
}
