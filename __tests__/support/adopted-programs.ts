/** Programs that `devplatforms adopt` has written: compiled and synthesized as their users do, against the sources of this package. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must } from "../../tools/machine/processes";
import { repository } from "../../tools/machine/repository";

/** A folder of programs. */
export class AdoptedPrograms {
  public readonly folder = mkdtempSync(join(tmpdir(), "devplatforms-adopted-"));

  /** @param programs texts of `main.ts` by name */
  public constructor(private readonly programs: { readonly [name: string]: string }) {
    symlinkSync(join(repository, "node_modules"), join(this.folder, "node_modules"));
    const compilerOptions = {
      target: "ES2022",
      module: "CommonJS",
      moduleResolution: "node",
      lib: ["ES2022"],
      types: ["node"],
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      esModuleInterop: true,
      paths: { "cdktf-devplatforms/*": [join(repository, "lib", "*")] },
    };
    writeFileSync(
      join(this.folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions, include: ["*/main.ts"] }),
    );
    for (const [name, text] of Object.entries(programs)) {
      mkdirSync(join(this.folder, name));
      writeFileSync(join(this.folder, name, "main.ts"), text);
    }
  }

  /** Compiles all programs. Throws what the compiler says. */
  public compile(): void {
    must(process.execPath, [join(repository, "node_modules/typescript/bin/tsc"), "-p", this.folder]);
  }

  /** Synthesizes a program. @returns the folder of its stack. */
  public synthesize(name: string): string {
    if (!(name in this.programs)) throw new Error(`no program ${name}`);
    const outdir = join(this.folder, name, "cdktf.out");
    must(process.execPath, ["--import", "tsx", join(name, "main.ts")], {
      cwd: this.folder,
      env: { ...process.env, CDKTF_OUTDIR: outdir },
    });
    return join(outdir, "stacks", "adopted");
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
