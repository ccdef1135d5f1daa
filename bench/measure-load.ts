/**
 * One measurement in a process of its own: `node measure-load.js ours` loads `lib/aws` and `lib/coder`;
 * `node measure-load.js raw <file>` loads the packages' files that those two load, and nothing of ours.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";

const [side, listFile] = process.argv.slice(2);
const ours = [join(__dirname, "..", "lib", "aws"), join(__dirname, "..", "lib", "coder")];
const targets: string[] = side === "ours" ? ours : JSON.parse(readFileSync(listFile as string, "utf8"));
const cpu = process.cpuUsage();
for (const target of targets) require(target);
const { user, system } = process.cpuUsage(cpu);
if (side === "ours" && listFile) {
  const lib = join(__dirname, "..", "lib") + sep;
  const loaded = Object.values(require.cache).filter((each) => each?.filename.startsWith(lib));
  const foreign = loaded.flatMap((each) => (each?.children ?? []).map((child) => child.filename));
  writeFileSync(listFile, JSON.stringify([...new Set(foreign.filter((path) => !path.startsWith(lib)))]));
}
process.stdout.write(
  JSON.stringify({ cpuMs: (user + system) / 1000, peakMiB: process.resourceUsage().maxRSS / 1024 }),
);
