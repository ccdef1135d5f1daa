/** Cloud-init's own judgement of a `#cloud-config`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram, run } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";

/** Says what its schema has against a text; nothing when all is well. */
export type CloudInitSchema = (text: string) => string;

export function cloudInitSchema(): CloudInitSchema | Unavailable {
  const program = findProgram(["cloud-init"]);
  if (program === undefined) return new Unavailable("there is no cloud-init on PATH");
  return (text) => {
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-cloud-init-"));
    try {
      const file = join(folder, "user-data");
      writeFileSync(file, text);
      const done = run(program, ["schema", "--config-file", file]);
      return done.code === 0 && done.stdout.startsWith("Valid cloud-config") ? "" : done.stdout + done.stderr;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}
