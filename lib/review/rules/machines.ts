// Read 2026-11. Order of machine classes by memory, from their names alone: enough to say which of two is the smaller one.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html,
// https://cloud.google.com/sql/docs/postgres/instance-settings, https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-compute

/** Positive if `after` has more memory than `before`; 0 if the names do not tell. */
export function compareMachines(before: unknown, after: unknown): number {
  const [old, now] = [memoryOf(before), memoryOf(after)];
  return old === undefined || now === undefined ? 0 : now - old;
}

/** GiB for each "large" of a general-purpose class. */
const RDS_SIZES: { readonly [size: string]: number | undefined } = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
};
/** Memory of a family, as a multiple of a general-purpose class. */
const RDS_FAMILIES: { readonly [letter: string]: number | undefined } = {
  t: 1,
  m: 1,
  c: 0.5,
  r: 2,
  x: 4,
  z: 2,
};
const GOOGLE_SHARED: { readonly [tier: string]: number | undefined } = {
  "db-f1-micro": 0.6,
  "db-g1-small": 1.7,
};
/** GiB for each vCPU of an Azure series; burstable sizes have other steps. */
const AZURE_SERIES: { readonly [series: string]: number | undefined } = { D: 4, E: 8 };
const AZURE_BURSTABLE: { readonly [size: string]: number | undefined } = {
  "1s": 1,
  "1ms": 2,
  "2s": 4,
  "2ms": 8,
  "4ms": 16,
  "8ms": 32,
  "12ms": 48,
  "16ms": 64,
  "20ms": 80,
};

/** Memory of a machine class in GiB, approximately; `undefined` for a name of another form. */
function memoryOf(name: unknown): number | undefined {
  if (typeof name !== "string") return undefined;
  const rds = /^db\.([a-z])\d\w*\.(?:(\d+)(x)|(x)?)?(micro|small|medium|large)(?:\.|$)/.exec(name);
  if (rds) {
    const [, letter = "", times, , single, size = ""] = rds;
    const base = times || single ? RDS_SIZES.xlarge : RDS_SIZES[size];
    const family = RDS_FAMILIES[letter];
    return base === undefined || family === undefined ? undefined : base * family * Number(times ?? 1);
  }
  const custom = /^db-(?:custom|\w+-custom)-\d+-(\d+)$/.exec(name)?.[1];
  if (custom) return Number(custom) / 1024;
  const optimized = /^db-(perf|memory)-optimized-N-(\d+)$/.exec(name);
  if (optimized) return Number(optimized[2]) * 8;
  const azure = /^(?:[A-Z]+_)?Standard_([A-Z])(\d+)(\w*)$/.exec(name);
  if (!azure) return GOOGLE_SHARED[name];
  const [, series = "", count = "", rest = ""] = azure;
  if (series === "B") return AZURE_BURSTABLE[`${count}${rest.replace(/_.*$/, "")}`];
  const perCore = AZURE_SERIES[series];
  return perCore === undefined ? undefined : Number(count) * perCore;
}
