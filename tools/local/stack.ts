/** The stack of the local reference: what Coder and GitLab need on one server, brought about on this machine. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { CoderSql } from "../../lib/coder";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type IDatabase,
  PostgresVersion,
  SecretValue,
} from "../../lib/database";
import { GitlabSql } from "../../lib/gitlab";
import { DatabaseObjects, LocalSqlBackend } from "../../lib/sql";
import { must } from "../machine/processes";
import type { LocalFolder, Settings } from "./folder";
import { ADMIN } from "./server";

export class LocalStack extends TerraformStack {
  public readonly databases: { readonly coder: IDatabase; readonly main: IDatabase; readonly ci: IDatabase };

  public constructor(app: App, settings: Settings, ca: string) {
    super(app, "local");
    const login = (name: string) => {
      const password = new TerraformVariable(this, name, { type: "string" });
      return DatabaseLogin.withPassword(name, SecretValue.fromVariable(password, 1));
    };
    const server = DatabaseServer.fromServerAttributes(this, "postgres", {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      host: "localhost",
      port: settings.postgresPort,
      tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: readFileSync(ca, "utf8") },
      location: { cloud: Cloud.SELF_MANAGED },
      adminLogin: login(ADMIN),
      maxConnections: 100,
    });
    const gitlab = login("gitlab");
    this.databases = {
      coder: server.database("coder", { owner: login("coder") }),
      main: server.database("gitlabhq_production", { owner: gitlab }),
      ci: server.database("gitlabhq_production_ci", { owner: gitlab }),
    };
    const { coder, main, ci } = this.databases;
    new DatabaseObjects(this, "objects", {
      server,
      components: [CoderSql.objects(coder), GitlabSql.rails({ main, ci })],
      backend: new LocalSqlBackend(),
      // Somebody tries things out here; each apply puts them right again.
      everyApply: true,
    });
  }
}

/** Applies the stack. Passwords reach Terraform in its environment, and are in none of its files. */
export function applyStack(
  folder: LocalFolder,
  settings: Settings,
  ca: string,
  terraform: string,
): LocalStack {
  const app = new App({ outdir: folder.join("cdktf.out"), stackTraces: false });
  const stack = new LocalStack(app, settings, ca);
  app.synth();
  const work = folder.join("terraform");
  mkdirSync(work, { recursive: true });
  const synthesized = readFileSync(folder.join("cdktf.out", "stacks", "local", "cdk.tf.json"), "utf8");
  const json = JSON.parse(synthesized) as { terraform: { backend?: unknown } };
  // The state belongs here and not where the program was started.
  json.terraform.backend = { local: { path: "terraform.tfstate" } };
  writeFileSync(`${work}/cdk.tf.json`, JSON.stringify(json, undefined, 2));
  const variables = Object.entries(settings.passwords).map(([name, value]) => [`TF_VAR_${name}`, value]);
  const env = {
    ...process.env,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    ...Object.fromEntries(variables),
  };
  must(terraform, ["init", "-input=false", "-no-color"], { cwd: work, env });
  must(terraform, ["apply", "-input=false", "-no-color", "-auto-approve"], { cwd: work, env });
  return stack;
}
