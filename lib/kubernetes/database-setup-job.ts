import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { IDatabase } from "../database/database-server";
import { DeletionPolicy } from "../database/deletion-policy";
import { EngineFamily } from "../database/engine";
import { escapeTemplate } from "../database/known";
import { LoginAuthentication } from "../database/login";
import { SynthChecks } from "../database/synth-checks";
import { strictestSslMode } from "../database/tls-trust";
import { CaSecret } from "./ca-secret";
import { DatabaseSecret } from "./database-secret";
import { DATABASE_SETUP_SCRIPT } from "./database-setup-script";
import { fingerprint } from "./fingerprint";
import { KubernetesNamespace, PodSecurity } from "./kubernetes-namespace";
import { checkLabelName, checkObjectName } from "./object-names";
import { SecretEntry } from "./secret-entry";

/** The image unless another is named: psql 17 talks to every server from 13 on. */
const IMAGE = "docker.io/library/postgres:17.6-alpine3.22";

/** Any id but root's does: psql needs no account. */
const USER_ID = "65532";

const SECRETS = "/run/secrets/database-setup";
const CA = "/run/secrets/database-ca";

/** Properties of a `DatabaseSetupJob`. */
export interface DatabaseSetupJobProps {
  /** The database, whose server has an administrator. */
  readonly database: IDatabase;
  /**
   * The namespace. One of its own: whoever may start pods in a namespace can mount every secret in it, and Coder lets its
   * users do so in its own.
   */
  readonly namespace: string;
  /** Whether to make the namespace. @default true */
  readonly createNamespace?: boolean;
  /** The name of the job and the beginning of its secrets' names. @default - `setup-` and the database's name */
  readonly jobName?: string;
  /** An image with a shell and psql 16 or later, by an exact tag or digest. @default - PostgreSQL's own, psql 17 */
  readonly image?: string;
  /** How long the job may take, in seconds, 60 or more. @default 900 */
  readonly timeoutSeconds?: number;
  /** Further labels for the job, its pod and its secrets. @default - its name only */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly provider?: TerraformProvider;
  /** What has to exist first, beside the database. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A Kubernetes job that makes a PostgreSQL database and its owner in SQL, as the server's administrator. It runs again when
 * a password's version, the server or the script changes; running it again changes nothing that is right already. Its
 * pod stays, with its log.
 *
 * @example
 * if (database.setup === DatabaseSetup.SQL) {
 *   new DatabaseSetupJob(this, "setup", { database, namespace: "coder-database-setup" });
 * }
 */
export class DatabaseSetupJob extends Construct {
  /** The Kubernetes object. */
  public readonly resource: JobV1;
  /** The secret with the passwords. */
  public readonly secret: DatabaseSecret;
  /** What has to exist before the application starts: the job has then succeeded. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: DatabaseSetupJobProps) {
    super(scope, id);
    const { database, namespace, provider } = props;
    const { server, owner } = database;
    const name = props.jobName ?? `setup-${database.databaseName.toLowerCase().replace(/_/g, "-")}`;
    const labels = { "app.kubernetes.io/name": name, ...props.labels };
    const admin = server.adminLogin;
    this.check(props, name);

    const dependsOn = [...(props.dependsOn ?? [])];
    if (props.createNamespace ?? true) {
      const created = new KubernetesNamespace(this, "Namespace", {
        namespaceName: namespace,
        podSecurity: PodSecurity.RESTRICTED,
        deletionPolicy: DeletionPolicy.DELETE,
        disposable: true,
        provider,
        dependsOn,
      });
      dependsOn.push(...created.dependables);
    }
    const entries: SecretEntry[] = [];
    if (admin?.password) entries.push(SecretEntry.secret("admin-password", admin.password));
    if (owner.password) entries.push(SecretEntry.secret("owner-password", owner.password));
    this.secret = new DatabaseSecret(this, "Secret", {
      namespace,
      secretName: name,
      entries,
      labels,
      provider,
      dependsOn,
    });
    const pem = server.tls.caCertificatesPem;
    const ca =
      pem === undefined
        ? undefined
        : new CaSecret(this, "Ca", {
            namespace,
            secretName: `${name}-ca`,
            caCertificatesPem: pem,
            labels,
            provider,
            dependsOn,
          });

    const environment: { [variable: string]: string } = {
      PGHOST: server.endpoint.host,
      PGPORT: `${server.endpoint.port}`,
      PGUSER: admin?.username ?? "",
      PGDATABASE: "postgres",
      PGSSLMODE: strictestSslMode(server.tls),
      // Without a bundle of the server's own: the public authorities of the image, which psql 16 and later can name.
      PGSSLROOTCERT: ca ? `${CA}/${ca.key}` : "system",
      SETUP_DATABASE: database.databaseName,
      SETUP_OWNER: owner.username,
      SETUP_AUTHENTICATION: owner.authentication,
      SETUP_ADMIN_PASSWORD_FILE: `${SECRETS}/admin-password`,
      SETUP_OWNER_PASSWORD_FILE: `${SECRETS}/owner-password`,
      HOME: "/tmp",
      // Not read by anybody: a changed environment makes Terraform replace the job, so that it runs again.
      SETUP_FINGERPRINT: fingerprint([this.secret.fingerprint, ca?.fingerprint ?? ""]),
    };
    const timeout = props.timeoutSeconds ?? 900;
    this.resource = new JobV1(this, "Resource", {
      metadata: { name, namespace, labels },
      spec: {
        // A server that is still starting, or a node that goes away, is no reason to give up at once.
        backoffLimit: 6,
        activeDeadlineSeconds: timeout,
        // No ttlSecondsAfterFinished: a job that removes itself is one that Terraform makes again in each run.
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: "Never",
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: USER_ID,
              runAsGroup: USER_ID,
              fsGroup: USER_ID,
              seccompProfile: { type: "RuntimeDefault" },
            },
            container: [
              {
                name: "setup",
                image: props.image ?? IMAGE,
                imagePullPolicy: "IfNotPresent",
                command: ["sh", "-c"],
                args: [escapeTemplate(DATABASE_SETUP_SCRIPT)],
                env: Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
                resources: {
                  requests: { cpu: "50m", memory: "64Mi" },
                  limits: { cpu: "500m", memory: "128Mi" },
                },
                securityContext: {
                  runAsNonRoot: true,
                  readOnlyRootFilesystem: true,
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  seccompProfile: { type: "RuntimeDefault" },
                },
                volumeMount: [
                  { name: "secrets", mountPath: SECRETS, readOnly: true },
                  ...(ca ? [{ name: "ca", mountPath: CA, readOnly: true }] : []),
                  { name: "tmp", mountPath: "/tmp" },
                ],
              },
            ],
            volume: [
              { name: "secrets", secret: { secretName: this.secret.secretName, defaultMode: "0440" } },
              ...(ca ? [{ name: "ca", secret: { secretName: ca.secretName, defaultMode: "0444" } }] : []),
              { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
            ],
          },
        },
      },
      waitForCompletion: true,
      timeouts: { create: `${timeout + 60}s`, update: `${timeout + 60}s` },
      provider,
      dependsOn: [
        ...database.dependables,
        ...server.dependables,
        ...this.secret.dependables,
        ...(ca?.dependables ?? []),
        ...dependsOn,
      ],
    });
    this.dependables = [this.resource];
  }

  private check(props: DatabaseSetupJobProps, name: string): void {
    const { server, owner } = props.database;
    const checks = new SynthChecks(this);
    checkLabelName(checks, "namespace", props.namespace);
    checkLabelName(checks, "jobName", name);
    checkObjectName(checks, "jobName", `${name}-ca`);
    checks.wholeNumber("timeoutSeconds", props.timeoutSeconds, 60, 86_400, "seconds");
    checks.matches(
      "image",
      props.image,
      /^[^\s:@]+(:\d+)?[^\s:@]*(:(?!latest$)[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w.-]+@sha256:[0-9a-f]{64})$/,
      "allowed is an image with an exact tag or a digest, not latest",
    );
    if (server.engine.family !== EngineFamily.POSTGRES) {
      checks.fail(
        "database.server.engine",
        server.engine.label,
        "the job speaks to PostgreSQL only; on MySQL let the cloud's API make the database and its owner",
      );
    }
    if (!server.adminLogin?.password) {
      checks.fail(
        "database.server.adminLogin",
        undefined,
        "making a database in SQL takes the server's administrator, with a password",
      );
    }
    if (owner.authentication === LoginAuthentication.CLOUD_IDENTITY && !server.acceptsCloudIdentity) {
      checks.fail(
        "database.owner",
        owner.username,
        "the server takes no cloud identity; turn it on there, or give the owner a password",
      );
    }
    if (server.tls.caCertificatesPem === undefined && !server.tls.certifiesHost) {
      checks.fail(
        "database.server.tls.caCertificatesPem",
        undefined,
        "psql takes the public authorities only when the certificate names the host; give the server's own authorities",
      );
    }
  }
}
