/** One measurement in a process of its own: `node measure-synth.js ours|raw <cloud> <servers> <program>`. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [side, cloud = "", count, rawProgram] = process.argv.slice(2);
const servers = Number(count);
const outdir = mkdtempSync(join(tmpdir(), "bench-"));

const build: (servers: number, outdir: string) => { synth(): void } =
  side === "ours" ? require("./our-stack").ourStack(cloud) : require(rawProgram as string).rawStack;

// What loading leaves to do, garbage and code to compile beside, is no part of the synth. It is waited for right here and not
// by a timer: CDKTF keeps the call stack of every token, and a program's stack begins with the loading of its main file.
globalThis.gc?.();
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
measure();

function measure(): void {
  const cpu = process.cpuUsage();
  build(servers, outdir).synth();
  const { user, system } = process.cpuUsage(cpu);
  const text = readFileSync(join(outdir, "stacks", "bench", "cdk.tf.json"), "utf8");
  rmSync(outdir, { recursive: true, force: true });
  process.stdout.write(
    JSON.stringify({
      cpuMs: (user + system) / 1000,
      // Of the whole process: what a machine has to have.
      peakMiB: process.resourceUsage().maxRSS / 1024,
      bytes: text.length,
      counts: counted(JSON.parse(text)),
    }),
  );
}

function counted(json: { [key: string]: object }): Record<string, number> {
  const counts: Record<string, number> = { locals: Object.keys(json.locals ?? {}).length };
  for (const kind of ["resource", "data", "ephemeral"]) {
    for (const [type, byName] of Object.entries(json[kind] ?? {})) {
      counts[`${kind} ${type}`] = Object.keys(byName).length;
    }
  }
  return counts;
}
