/**
 * `npm run bench`: what the library costs beside CDKTF alone, as ratios within one run; and what the review of a plan costs.
 *
 *   npm run bench              1, 10, 100 and 1,000 servers on AWS, 100 on Google Cloud and Azure, reviews of 10,000 and 36,000 changes
 *   npm run bench -- 1 10      these numbers of servers
 *   npm run bench -- --check   ends with exit code 1 when an aim is missed
 *
 * Each measurement has a process of its own, and the two sides take turns. Time is the processor's, so that a busy machine
 * changes it little; memory is the process's peak. A figure is the median of its runs.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "./compile";
import { planOf } from "./plan-of";
import { rawProgram } from "./raw-program";
import { recipeOf } from "./recipe";

interface Measurement {
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly counts?: Record<string, number>;
}

const SYNTH_AIM = 1.25;
const LOAD_AIM = 1.2;
const OTHER_CLOUDS_SERVERS = 100;
/** Changed resources of a plan with what its review may take. 36,000 are a file of 50 MB. */
const REVIEW_AIMS = [
  { changes: 10_000, cpuMs: 2_000, peakMiB: 300 },
  { changes: 36_000, cpuMs: 7_000, peakMiB: 800 },
];
const repository = join(__dirname, "..");
const check = process.argv.includes("--check");
const given = process.argv.slice(2).map(Number).filter(Number.isInteger);
const sizes = given.length > 0 ? given : [1, 10, 100, 1000];

function main(): boolean {
  const compiled = compile(repository);
  const scratch = mkdtempSync(join(tmpdir(), "bench-main-"));
  try {
    const aws = writeRawProgram(compiled, scratch, "aws");
    const rows = sizes.map((servers) => synthRow(compiled, aws, "aws", servers));
    // How the cost grows is CDKTF's doing and the same everywhere, so the other clouds need one number of servers.
    for (const cloud of ["google", "azure"]) {
      rows.push(synthRow(compiled, writeRawProgram(compiled, scratch, cloud), cloud, OTHER_CLOUDS_SERVERS));
    }
    rows.push(loadRow(compiled, join(scratch, "deep-imports.json")));
    print(rows);
    const reviews = REVIEW_AIMS.map((aim) => reviewRow(compiled, scratch, aim));
    printReviews(reviews);
    return rows.every((row) => row.met) && reviews.every((review) => review.met);
  } finally {
    rmSync(compiled, { recursive: true, force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Row {
  readonly what: string;
  readonly ours: Measurement;
  readonly raw: Measurement;
  readonly aim: number;
  readonly met: boolean;
}

function synthRow(compiled: string, program: string, cloud: string, servers: number): Row {
  const runs = servers >= 1000 ? 3 : servers >= 100 ? 5 : 15;
  const script = join(compiled, "bench", "measure-synth.js");
  const { ours, raw } = interleaved(runs, script, [cloud, String(servers), program]);
  sameResources(servers, ours[0], raw[0]);
  return row(`synth, ${cloud}, ${servers} server${servers === 1 ? "" : "s"}`, ours, raw, SYNTH_AIM);
}

function loadRow(compiled: string, listFile: string): Row {
  const script = join(compiled, "bench", "measure-load.js");
  // The first run of ours writes down what it loads of other packages, for the other side to load.
  measure(script, ["ours", listFile]);
  const runs = 15;
  const { ours, raw } = interleaved(runs, script, [listFile]);
  return row("load of lib/aws and lib/coder", ours, raw, LOAD_AIM);
}

interface ReviewRow {
  readonly changes: number;
  readonly found: Measurement;
  readonly aim: Measurement;
  readonly met: boolean;
}

/** The command from its start to the last line of its text, with the plan in a file. */
function reviewRow(
  compiled: string,
  scratch: string,
  { changes, ...aim }: (typeof REVIEW_AIMS)[number],
): ReviewRow {
  const file = join(scratch, `plan-${changes}.json`);
  writeFileSync(file, JSON.stringify(planOf(changes)));
  const script = join(compiled, "bench", "measure-review.js");
  const runs = Array.from({ length: 5 }, () => measure(script, [file]));
  // The lowest: other programs on the machine only add to it.
  const found: Measurement = {
    cpuMs: Math.min(...runs.map((run) => run.cpuMs)),
    peakMiB: Math.min(...runs.map((run) => run.peakMiB)),
  };
  return { changes, found, aim, met: found.cpuMs <= aim.cpuMs && found.peakMiB <= aim.peakMiB };
}

function printReviews(reviews: readonly ReviewRow[]): void {
  console.log("");
  for (const { changes, found, aim, met } of reviews) {
    const cells = [
      `review of a plan, ${changes.toLocaleString("en")} changes:`,
      `${found.cpuMs.toFixed(0)} ms (aim ${aim.cpuMs}),`,
      `${found.peakMiB.toFixed(0)} MiB (aim ${aim.peakMiB})`,
    ];
    console.log(`${cells.join(" ")}${met ? "" : "  missed"}`);
  }
}

function interleaved(
  runs: number,
  script: string,
  args: string[],
): { ours: Measurement[]; raw: Measurement[] } {
  const ours: Measurement[] = [];
  const raw: Measurement[] = [];
  for (let i = 0; i < runs; i++) {
    ours.push(measure(script, ["ours", ...args]));
    raw.push(measure(script, ["raw", ...args]));
  }
  return { ours, raw };
}

function measure(script: string, args: string[]): Measurement {
  const done = spawnSync(process.execPath, ["--expose-gc", script, ...args], {
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  if (done.status !== 0)
    throw new Error(`${script} ${args.join(" ")} failed:\n${done.stderr || done.stdout}`);
  return JSON.parse(done.stdout) as Measurement;
}

/** The other side, written from what one server of ours synthesizes to. */
function writeRawProgram(compiled: string, scratch: string, cloud: string): string {
  const outdir = join(scratch, cloud);
  const code = `require(${JSON.stringify(join(compiled, "bench", "our-stack.js"))}).ourStack(${JSON.stringify(cloud)})(1, ${JSON.stringify(outdir)}).synth()`;
  const done = spawnSync(process.execPath, ["-e", code], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
  const json = JSON.parse(readFileSync(join(outdir, "stacks", "bench", "cdk.tf.json"), "utf8"));
  // Beside our own compiled files, so that it finds the same packages.
  const file = join(compiled, "bench", `raw-program-${cloud}.js`);
  writeFileSync(file, rawProgram(cloud, recipeOf(json, join(repository, "node_modules"))));
  return file;
}

/** The comparison holds only if both sides make the same. */
function sameResources(servers: number, ours: Measurement | undefined, raw: Measurement | undefined): void {
  const text = (counts: Record<string, number> = {}) =>
    JSON.stringify(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (text(ours?.counts) !== text(raw?.counts)) {
    throw new Error(`${servers} servers differ:\nours ${text(ours?.counts)}\nraw  ${text(raw?.counts)}`);
  }
}

function row(what: string, ours: Measurement[], raw: Measurement[], aim: number): Row {
  const one = { ours: medians(ours), raw: medians(raw) };
  return {
    what,
    ...one,
    aim,
    met: one.ours.cpuMs / one.raw.cpuMs <= aim && one.ours.peakMiB / one.raw.peakMiB <= aim,
  };
}

function medians(runs: readonly Measurement[]): Measurement {
  const median = (of: (run: Measurement) => number) => {
    const sorted = runs.map(of).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  return {
    cpuMs: median((r) => r.cpuMs),
    peakMiB: median((r) => r.peakMiB),
  };
}

function print(rows: readonly Row[]): void {
  const line = (cells: string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(32) : cell.padStart(i > 6 ? 6 : 11))).join("");
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  console.log(line(["", "ours ms", "raw ms", "time", "ours MiB", "raw MiB", "memory", "aim"]));
  for (const { what, ours, raw, aim, met } of rows) {
    const cells = [
      ours.cpuMs.toFixed(0),
      raw.cpuMs.toFixed(0),
      ratio(ours.cpuMs, raw.cpuMs),
      ours.peakMiB.toFixed(0),
      raw.peakMiB.toFixed(0),
      ratio(ours.peakMiB, raw.peakMiB),
      aim.toFixed(2),
    ];
    console.log(`${line([what, ...cells])}${met ? "" : "  missed"}`);
  }
}

const met = main();
if (check && !met) process.exitCode = 1;
