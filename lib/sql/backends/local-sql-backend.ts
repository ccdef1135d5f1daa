// Runs a program on the machine that applies. For servers that this machine reaches; private servers take the cluster's job.

import { createHash } from "node:crypto";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { TerraformData } from "../../database";
import { escapeTemplate, isResolved, SynthChecks, terraformCall } from "../../database/private";
import type { ISqlBackend, SqlProgram } from "./sql-backend";

/** Linux passes a program at most 128 KiB in one variable; a cloud's authorities of all regions in one file are more. */
const MAX_BYTES = 120_000;

/** Properties of a `LocalSqlBackend`. */
export interface LocalSqlBackendProps {
  /** The shell. @default "sh" */
  readonly shell?: string;
}

/**
 * Runs SQL with `psql` or `mysql` on the machine that applies. The program gets its secrets in variables of its own process,
 * which Terraform keeps nowhere and whose use makes it hide the program's output. Needs Terraform 1.11.
 *
 * @example
 * new DatabaseObjects(this, "objects", { server, components: [CoderSql.objects(database)], backend: new LocalSqlBackend() });
 */
export class LocalSqlBackend implements ISqlBackend {
  private readonly shell: string;

  public constructor(props: LocalSqlBackendProps = {}) {
    this.shell = props.shell ?? "sh";
  }

  /** Runs a program when Terraform applies. */
  public run(scope: Construct, program: SqlProgram): ITerraformDependable[] {
    const pem = program.server.tls.caCertificatesPem;
    new SynthChecks(scope).check(
      "server.tls.caCertificatesPem",
      pem === undefined || !isResolved(pem) ? pem : `${Buffer.byteLength(pem)} bytes`,
      () => Buffer.byteLength(pem as string) <= MAX_BYTES,
      `a variable of a program holds at most ${MAX_BYTES} bytes; give the authorities of the server's region only`,
    );
    const settings = { ...program.environment, SQL_CA: pem ?? "", SQL_CA_FILE: "", SQL_SECRETS: "" };
    // In a shell of its own, so that it leaves no variables and traps behind.
    const text = program.before ? `(\n${program.before}\n) || exit $?\n${program.script}` : program.script;
    const script = createHash("sha256").update(text).digest("hex");
    const versions = program.secrets.map((s) => [s.key, s.value.version]);
    const resource = new TerraformData(scope, "Resource", {
      // The provisioner runs when the resource is made; another fingerprint makes another resource.
      triggersReplace: {
        program: terraformCall("sha256", terraformCall("jsonencode", [script, settings, versions])),
        ...(program.everyApply ? { run: terraformCall("plantimestamp") } : {}),
      },
      provisioners: [
        {
          type: "local-exec",
          interpreter: [this.shell, "-c"],
          command: escapeTemplate(text),
          environment: {
            ...settings,
            ...Object.fromEntries(
              program.secrets.map((s) => [
                `SQL_SECRET_${s.key}`,
                terraformCall("trimspace", s.value.writeOnly()),
              ]),
            ),
          },
        },
      ],
      dependsOn: [...program.dependsOn, ...program.secrets.flatMap((s) => s.value.dependables)],
    });
    return [resource];
  }
}
