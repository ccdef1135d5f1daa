// Rules of a pooler: what Kubernetes or PgBouncer would refuse half-way through an apply, and settings that would leave a pooler
// without clients or servers.

import type { IConstruct } from "constructs";
import { Cloud, DatabaseProvisioning, LoginAuthentication, PoolMode } from "../../database";
import type { SynthChecks } from "../../database/private";
import { checkLabelName, checkLabels, checkObjectName } from "../../kubernetes/private";
import { checkWatches } from "../leader-watch/leader-watch";
import { OLDEST_VERSION, PREPARED_STATEMENTS_SINCE } from "./data/pgbouncer-facts";
import { objectsOf } from "./object-dependables";
import type { PgBouncerProps } from "./pgbouncer";
import type { AuthQuery } from "./pgbouncer-authentication";
import { PgBouncerImage } from "./pgbouncer-image";
import type { WatchedEntry } from "./pgbouncer-pod";
import {
  checkEntries,
  checkIdentities,
  checkServerTls,
  checkSize,
  type ResolvedEntry,
  serversOf,
} from "./pool-entry";

/** Properties of a pooler and the values computed from them, while they are checked. @internal */
export interface CheckedPooler {
  readonly props: PgBouncerProps;
  readonly replicas: number;
  readonly port: number;
  readonly metricsPort: number;
  readonly entries: ResolvedEntry[];
  readonly watched: WatchedEntry[];
}

/** Reports mistakes in the properties of a `PgBouncer`, except its pool sizes. @internal */
export function checkPgBouncer(scope: IConstruct, checks: SynthChecks, pooler: CheckedPooler): void {
  const { props, replicas, port, metricsPort, entries, watched } = pooler;
  checkLabelName(checks, "namespace", props.namespace);
  checkLabelName(checks, "poolerName", props.poolerName);
  checks.check(
    "poolerName",
    props.poolerName,
    () => (props.poolerName as string).length <= 40,
    "must be at most 40 characters",
  );
  checkObjectName(checks, "clientTls.secretName", props.clientTls.secretName);
  for (const name of props.clientNamespaces ?? []) checkLabelName(checks, "clientNamespaces", name);
  if (props.clientNamespaces?.length === 0) {
    checks.fail("clientNamespaces", [], "must not be empty; leave it out for the pooler's namespace");
  }
  checkSize(checks, "replicas", replicas, 2, 50);
  checkSize(checks, "port", props.port, 1024, 65_535);
  checkSize(checks, "drainSeconds", props.drainSeconds, 0, 600);
  checkSize(checks, "transactionSeconds", props.transactionSeconds, 1, 3600);
  checkResources(checks, props.cpu, props.memory);
  checkLabels(checks, "labels", props.labels);
  checkLabels(checks, "nodeSelector", props.nodeSelector);
  checks.check("port", port, () => port !== metricsPort, "must not be the exporter's port");
  checkEntries(checks, entries);
  checkImage(checks, props.image ?? PgBouncerImage.V1_26, entries);
  checkLogins(checks, entries, props.authQuery);
  checkServerTls(checks, entries);
  // SQL objects may be described after the pooler.
  checks.whenComplete(() => checkProvisioning(scope, checks, entries, (props.dependsOn ?? []).length > 0));
  checkWatches(checks, props.leaderWatches ?? [], serversOf(entries));
  for (const { watch } of watched) {
    if (watch.source.usesHttps && !watch.image && !props.image) {
      checks.fail(
        "leaderWatches.image",
        undefined,
        `must be set: ${watch.source.label} is queried over https, which needs curl, and the pooler's default image has none; use an image with psql and curl`,
      );
    }
  }
  if (!props.clientTls.secretName) {
    checks.optOut("clientTls: clients in the cluster connect to the pooler without TLS");
  }
}

/** Reports CPU and memory that Kubernetes would refuse or that PgBouncer cannot use. */
function checkResources(checks: SynthChecks, cpu: string | undefined, memory: string | undefined): void {
  checks.check(
    "cpu",
    cpu,
    () => /^([1-9]\d{0,2}m|1000m|1|0?\.\d*[1-9]\d*)$/.test(cpu as string),
    'must be "1m" to "1000m" or a fraction of one core such as "0.5": PgBouncer has one thread',
  );
  checks.matches(
    "memory",
    memory,
    /^[1-9]\d*(Mi|Gi|M|G)$/,
    'must be a whole number with Mi, Gi, M or G, such as "512Mi"',
  );
}

/** Reports features that the PgBouncer version does not support. */
function checkImage(checks: SynthChecks, image: PgBouncerImage, entries: ResolvedEntry[]): void {
  checks.check(
    "image.version",
    image.version,
    () => image.isSupported,
    `must be an exact version, ${OLDEST_VERSION} or later`,
  );
  checks.check(
    "image.reference",
    image.reference,
    () => /(:[^/:]+|@sha256:[0-9a-f]{64})$/.test(image.reference) && !/:latest$/.test(image.reference),
    "must be an image with an exact tag or digest, not latest",
  );
  for (const entry of entries) {
    if (entry.preparedStatements && entry.mode === PoolMode.TRANSACTION && !image.keepsPreparedStatements) {
      checks.fail(
        `entries[${entry.name}].preparedStatements`,
        true,
        `must be false in transaction mode before PgBouncer ${PREPARED_STATEMENTS_SINCE}, and the image has ${image.version}; disable them in the application, use session mode, or use a later image`,
      );
    }
  }
}

/** Reports logins that PgBouncer could not use at the server. */
function checkLogins(checks: SynthChecks, entries: ResolvedEntry[], authQuery: AuthQuery | undefined): void {
  checkIdentities(checks, entries);
  for (const { name, login } of entries) {
    const identity = login.authentication === LoginAuthentication.CLOUD_IDENTITY;
    if (!identity && !login.password && !authQuery) {
      checks.fail(
        `entries[${name}].login`,
        login.username,
        "must have a password, which PgBouncer needs to log in to the server",
      );
    }
  }
  if (authQuery) checkAuthQuery(checks, entries, authQuery.login);
}

function checkAuthQuery(checks: SynthChecks, entries: ResolvedEntry[], login: AuthQuery["login"]): void {
  if (!login.password) {
    checks.fail(
      "authQuery.login",
      login.username,
      "must have a password, which PgBouncer needs to run the query",
    );
  }
  for (const server of serversOf(entries)) {
    const { cloud } = server.location;
    if (cloud !== Cloud.SELF_MANAGED) {
      checks.fail(
        "authQuery",
        cloud,
        "must not be set for managed servers: they have no superuser, and no other role can read SCRAM verifiers, not even through a SECURITY DEFINER function; leave it out to use a user list",
      );
    }
  }
  const taken = entries.find((e) => e.login.username === login.username);
  if (taken) {
    checks.fail(
      "authQuery.login",
      login.username,
      `must be a separate user: entry ${taken.name} has the same user`,
    );
  }
}

/** Reports databases and users that may not exist when the pooler starts. */
function checkProvisioning(
  scope: IConstruct,
  checks: SynthChecks,
  entries: ResolvedEntry[],
  dependsOnSomething: boolean,
): void {
  const open = entries
    .filter(
      (e) => e.database.provisioning === DatabaseProvisioning.SQL_JOB && objectsOf(scope, e).length === 0,
    )
    .map((e) => e.name);
  if (open.length > 0 && !dependsOnSomething) {
    checks.fail(
      "dependsOn",
      undefined,
      `must be set: the databases and users of ${open.join(", ")} are created in SQL and must exist before the pooler starts; describe them with DatabaseObjects in this stack, for which the pooler waits by itself`,
    );
  }
}
