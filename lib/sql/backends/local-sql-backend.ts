import { createHash } from "node:crypto";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { TerraformData } from "../../database";
import { escapeTemplate, isResolved, SynthChecks, terraformCall } from "../../database/private";
import type { ISqlBackend, SqlProgram } from "./sql-backend";

/** Linux limits one environment variable to 128 KiB; the CA bundle of all regions of a cloud is larger. */
const MAX_BYTES = 120_000;

/** Properties of a `LocalSqlBackend`. */
export interface LocalSqlBackendProps {
  /** POSIX shell. @default "sh" */
  readonly shell?: string;
}

/**
 * SQL back end that runs `psql` or `mysql` on the machine that runs Terraform, for servers that this machine reaches; private servers
 * need a `SqlJobBackend`. Secrets are environment variables of the process, which are in no state or plan; because of them,
 * Terraform hides the output. Requires Terraform 1.11.
 *
 * @see https://developer.hashicorp.com/terraform/language/resources/provisioners/local-exec
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
    new SynthChecks(scope, "SQL").check(
      "server.tls.caCertificatesPem",
      pem === undefined || !isResolved(pem) ? pem : `${Buffer.byteLength(pem)} bytes`,
      () => Buffer.byteLength(pem as string) <= MAX_BYTES,
      `must be at most ${MAX_BYTES} bytes, the limit of an environment variable; pass the CA bundle of the server's region`,
    );
    const settings = { ...program.environment, SQL_CA: pem ?? "", SQL_CA_FILE: "", SQL_SECRETS: "" };
    // In a subshell, so that its variables and traps do not affect the script.
    const text = program.before ? `(\n${program.before}\n) || exit $?\n${program.script}` : program.script;
    const script = createHash("sha256").update(text).digest("hex");
    const versions = program.secrets.map((s) => [s.key, s.value.version]);
    const resource = new TerraformData(scope, "Resource", {
      // The provisioner runs at creation; a changed hash replaces the resource.
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
