import { readdirSync } from "node:fs"; import { join } from "node:path";
const out = process.argv[2] as string;
(async () => {
  const { synthesize } = await import(join(process.cwd(), "stacks/main"));
  await synthesize([], join(out, "stacks"));
  for (const f of readdirSync("examples").filter((n) => n.endsWith(".ts"))) { process.env.CDKTF_OUTDIR = join(out, `ex-${f.replace(/\.ts$/, "")}`); await import(join(process.cwd(), "examples", f)); }
})().catch((e) => { console.error(e.message); process.exitCode = 1; });
