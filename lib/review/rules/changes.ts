// Changes that rules name: predicates over the value before and the value after. An absent value is `undefined`; so are null, "", [] and {}.

import { compareMachines } from "./machines";

/** Change of a value. */
export interface Change {
  /** In words, for the table of rules. */
  readonly name: string;
  /** True for values that changed in this way. Called for values that differ and are known. */
  readonly matches: (before: unknown, after: unknown) => boolean;
  /** True if only it counts that a value is there: it holds for values that are known after the apply, too. */
  readonly byPresence?: boolean;
}

const change = (name: string, matches: Change["matches"]): Change => ({ name, matches });

/** Any change; the only one that also holds for values that are known after the apply. */
export const changed = change("changes", () => true);

/** A number or duration rises, or a list gets another element. */
export const grows = change("grows", (before, after) => isMore(before, after));

/** A number or duration falls, or a list loses an element. */
export const shrinks = change("shrinks", (before, after) => isMore(after, before));

/** A machine class gets more memory: db.m7g.large to db.m7g.xlarge, db-custom-2-7680 to db-custom-4-15360, GP_Standard_D2ds_v5 to D4ds. */
export const machineGrows = change("grows", (before, after) => compareMachines(before, after) > 0);

/** A machine class gets less memory. */
export const machineShrinks = change("shrinks", (before, after) => compareMachines(before, after) < 0);

/** A value or block appears. */
export const set: Change = {
  ...change("is set", (before, after) => before === undefined && after !== undefined),
  byPresence: true,
};

/** A value or block disappears. */
export const removed = change("is removed", (before, after) => before !== undefined && after === undefined);

/** A switch is turned on: `true`, `"on"`, `"1"`, `"Enabled"`. */
export const enabled = change("is enabled", (before, after) => isOn(after) && !isOn(before));

/** A switch is turned off or removed. */
export const disabled = change("is disabled", (before, after) => isOn(before) && !isOn(after));

/** A version rises, by its numbers: 16.3 to 16.4, POSTGRES_16 to POSTGRES_17. */
export const versionRises = change("rises", (before, after) => compareVersions(before, after) > 0);

/** A version falls. */
export const versionFalls = change("falls", (before, after) => compareVersions(before, after) < 0);

/**
 * A database engine rises to another major version: the first number of PostgreSQL (16.3 to 17.2), the first two of MySQL and MariaDB (8.0.39
 * to 8.4.5, 10.6.20 to 10.11.9), which have three numbers or a first one below 9.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.MySQL.Major.html
 */
export const engineMajorRises = change("rises by a major version of the engine", (before, after) => {
  const [old, now] = [numbersOf(before), numbersOf(after)];
  const hasTwo = old.length > 2 || now.length > 2 || (old[0] ?? 0) < 9;
  return compareNumbers(old.slice(0, hasTwo ? 2 : 1), now.slice(0, hasTwo ? 2 : 1)) > 0;
});

/** Another engine: POSTGRES_17 instead of MYSQL_8_4. */
export const engineChanges = change(
  "becomes another engine",
  (before, after) => /^[A-Za-z]*/.exec(String(before))?.[0] !== /^[A-Za-z]*/.exec(String(after))?.[0],
);

/** A number passes a limit upwards. */
export function passes(limit: number): Change {
  return change(`passes ${limit}`, (before, after) => {
    const [old, now] = [amount(before), amount(after)];
    return old !== undefined && now !== undefined && old <= limit && now > limit;
  });
}

/** The first number of a version rises. */
export const majorRises = change("rises by a major version", (before, after) => {
  const [from] = numbersOf(before);
  const [to] = numbersOf(after);
  return from !== undefined && to !== undefined && to > from;
});

type Value = string | number | boolean | RegExp | undefined;

/** Another value than before becomes one of these; in a list, one of these is added. `undefined` means "not set". */
export function to(...values: readonly Value[]): Change {
  return change(
    `becomes ${named(values)}`,
    (before, after) => some(after, values) && !(Array.isArray(after) && some(before, values)),
  );
}

/** One of these values becomes another; of a list, one of these is removed. */
export function from(...values: readonly Value[]): Change & { to(...values: readonly Value[]): Change } {
  return {
    ...change(
      `was ${named(values)}`,
      (before, after) => some(before, values) && !(Array.isArray(before) && some(after, values)),
    ),
    to: (...next) =>
      change(
        `from ${named(values)} to ${named(next)}`,
        (before, after) => some(before, values) && some(after, next),
      ),
  };
}

/** A change, unless it is also one of the others. */
export function except(base: Change, ...others: readonly Change[]): Change {
  return change(
    `${base.name}, not: ${others.map(({ name }) => name).join(", ")}`,
    (before, after) => base.matches(before, after) && !others.some((each) => each.matches(before, after)),
  );
}

/** Any change but these. */
export function neither(...changes: readonly Change[]): Change {
  return except(changed, ...changes);
}

/** Either change. */
export function either(...changes: readonly Change[]): Change {
  return change(changes.map(({ name }) => name).join(" or "), (before, after) =>
    changes.some((each) => each.matches(before, after)),
  );
}

function named(values: readonly Value[]): string {
  return values.map((value) => (value === undefined ? "not set" : String(value))).join(" or ");
}

function some(value: unknown, values: readonly Value[]): boolean {
  if (Array.isArray(value)) return value.some((each) => some(each, values));
  return values.some((each) =>
    each instanceof RegExp ? typeof value === "string" && each.test(value) : each === value,
  );
}

function isOn(value: unknown): boolean {
  return (
    value === true || value === 1 || /^(true|on|1|yes|enabled)$/i.test(typeof value === "string" ? value : "")
  );
}

/** True if a number is more, or if a list has an element that the other does not have. */
function isMore(before: unknown, after: unknown): boolean {
  if (Array.isArray(before) || Array.isArray(after)) {
    const old = new Set(asList(before).map((each) => JSON.stringify(each)));
    return asList(after).some((each) => !old.has(JSON.stringify(each)));
  }
  const [old, now] = [amount(before), amount(after)];
  return old !== undefined && now !== undefined && now > old;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

const SECONDS: { readonly [unit: string]: number } = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** A number, a numeric text, or a duration such as `604800s`, `168h`, `2h30m` or `P7D`. */
function amount(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const days = /^P(\d+)D$/.exec(value)?.[1];
  if (days !== undefined) return Number(days) * 86_400;
  if (!/^(\d+(\.\d+)?[smhd])+$|^\d+(\.\d+)?$/.test(value)) return undefined;
  return [...value.matchAll(/(\d+(?:\.\d+)?)([smhd]?)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (SECONDS[unit ?? ""] ?? 1),
    0,
  );
}

function numbersOf(version: unknown): number[] {
  return [...String(version ?? "").matchAll(/\d+/g)].map(([digits]) => Number(digits));
}

function compareVersions(before: unknown, after: unknown): number {
  return compareNumbers(numbersOf(before), numbersOf(after));
}

function compareNumbers(old: readonly number[], now: readonly number[]): number {
  for (let index = 0; index < Math.min(old.length, now.length); index++) {
    const difference = (now[index] ?? 0) - (old[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
