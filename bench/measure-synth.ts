/** One measurement in a process of its own: `node measure-synth.js ours|raw <cloud> <servers> <program>`. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [side, cloud = "", count, rawProgram] = process.argv.slice(2);
const servers = Number(count);
const outdir = mkdtempSync(join(tmpdir(), "bench-"));

const build: (servers: number, outdir: string) => { synth(): void } =
  side === "ours" ? require("./our-stack").ourStack(cloud) : require(rawProgram as string).rawStack;
const cpu = process.cpuUsage();
build(servers, outdir).synth();
const { user, system } = process.cpuUsage(cpu);
const text = readFileSync(join(outdir, "stacks", "bench", "cdk.tf.json"), "utf8");
rmSync(outdir, { recursive: true, force: true });
const { resource = {}, data = {}, ephemeral = {}, locals = {} } = JSON.parse(text);
const counts: Record<string, number> = { locals: Object.keys(locals).length };
for (const [kind, types] of Object.entries({ resource, data, ephemeral })) {
  for (const [type, byName] of Object.entries(types as object))
    counts[`${kind} ${type}`] = Object.keys(byName).length;
}
process.stdout.write(
  JSON.stringify({
    cpuMs: (user + system) / 1000,
    // Of the whole process: what a machine has to have.
    peakMiB: process.resourceUsage().maxRSS / 1024,
    bytes: text.length,
    counts,
  }),
);
