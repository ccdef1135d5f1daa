// The rules of a logical backup that are known at synth.

import { type DatabaseLogin, EngineFamily, LoginAuthentication } from "../../database";
import {
  checkCron,
  checkTimeZone,
  checkUniqueName,
  isResolved,
  type SynthChecks,
} from "../../database/private";
import { checkLabelName, checkLabels, checkObjectName, checkQuantity } from "../../kubernetes/private";
import { checkOnceInCluster } from "../private/once-in-cluster";
import { checkStoreLock } from "../private/store-lock";

import { LARGE_DATABASE_GIB } from "./data/backup-images";
import { DEFAULT_SCHEDULE, retentionDays } from "./dump-files";
import type { LogicalBackup, LogicalBackupProps } from "./logical-backup";

/** An image reference with an exact tag or digest. */
const IMAGE =
  /^[^\s:@]+(:\d+)?[^\s:@]*(:(?!latest$)[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w.-]+@sha256:[0-9a-f]{64})$/;

/** A backup and its properties. @internal */
export interface CheckedBackup {
  readonly backup: LogicalBackup;
  readonly props: LogicalBackupProps;
  readonly login: DatabaseLogin;
}

/** Reports an image without an exact tag. @internal */
export function checkImage(checks: SynthChecks, property: string, reference: string | undefined): void {
  checks.matches(property, reference, IMAGE, "must be an image with an exact tag or digest, not latest");
}

/** Reports all mistakes. @returns the longest gap between two runs in minutes, if it is known. @internal */
export function checkLogicalBackup(
  checks: SynthChecks,
  { backup, props, login }: CheckedBackup,
): number | undefined {
  const gap = checkCron(checks, "schedule", props.schedule ?? DEFAULT_SCHEDULE)?.longestGapMinutes;
  checkTimeZone(checks, props.timeZone);
  checks.wholeNumber("keep", props.keep, 2, 1000, "backups");
  checks.wholeNumber("databaseSizeGiB", props.databaseSizeGiB, 1, 4096, "GiB");
  checks.wholeNumber("minimumBytes", props.minimumBytes, 1, Number.MAX_SAFE_INTEGER, "bytes");
  checks.wholeNumber("deadlineMinutes", props.deadlineMinutes, 5, 2880, "minutes");
  checks.matches(
    "backupName",
    props.backupName,
    /^[a-z]([a-z0-9-]{0,34}[a-z0-9])?$/,
    "must be 1 to 36 lower-case letters, digits and hyphens, with a letter first and no hyphen last",
  );
  checks.matches(
    "prefix",
    props.prefix,
    /^(?!.*\/\/)[A-Za-z0-9_][A-Za-z0-9._/-]*[A-Za-z0-9_]$/,
    "must be letters, digits, dots, hyphens, underscores and single slashes, with no slash first or last",
  );
  checkImage(checks, "image", props.image?.reference);
  checkImage(checks, "rcloneImage", props.rcloneImage);
  checkLabels(checks, "labels", props.labels);
  checkLabels(checks, "nodeSelector", props.nodeSelector);
  checkQuantity(checks, "cpu", props.cpu);
  checkAge(checks, props, gap);
  checkStoreLock(checks, {
    property: "store",
    store: props.store,
    days: retentionDays(gap, props.keep),
    retention: "keep",
    overwritten: "latest.json",
  });
  checkAccess(checks, backup, props);
  checkSource(checks, backup, props, login);
  const size = props.databaseSizeGiB;
  if (size !== undefined && isResolved(size) && size > LARGE_DATABASE_GIB) {
    checks.warn(
      `databaseSizeGiB: dumps of more than ${LARGE_DATABASE_GIB} GiB take hours to write and longer to restore (got ${size}); rely on the server's own backups and keep the dump as a second copy`,
      "databaseSizeGiB.large",
    );
  }
  return gap;
}

function checkAge(checks: SynthChecks, props: LogicalBackupProps, gap: number | undefined): void {
  const { maxAgeHours } = props;
  checks.check("maxAgeHours", maxAgeHours, () => (maxAgeHours as number) > 0, "must be more than 0 hours");
  if (gap === undefined) return;
  const least = (gap + (props.deadlineMinutes ?? 360)) / 60;
  checks.check(
    "maxAgeHours",
    maxAgeHours,
    () => (maxAgeHours as number) >= least,
    `must be at least ${Math.ceil(least)} hours, the longest gap of the schedule and the deadline; otherwise the watch fails between two successful runs`,
  );
}

function checkAccess(checks: SynthChecks, backup: LogicalBackup, props: LogicalBackupProps): void {
  const { identity, storeKey, namespace, store } = props;
  if (Boolean(identity) === Boolean(storeKey)) {
    checks.fail(
      "identity",
      identity ? "identity and storeKey" : undefined,
      "must be set, or else storeKey; a workload identity needs no key",
    );
  }
  if (storeKey && storeKey.kind !== store.kind) {
    checks.fail("storeKey.kind", storeKey.kind, `must be ${store.kind}, the API of the store`);
  }
  if (identity && namespace !== undefined && isResolved([namespace, identity.namespace])) {
    checks.check(
      "namespace",
      namespace,
      () => namespace === identity.namespace,
      `must be ${identity.namespace}, the namespace of the identity's service account`,
    );
  }
  if (backup.namespace === "") {
    checks.fail("namespace", undefined, "must be set; or set identity, whose namespace is used");
  } else {
    checkLabelName(checks, "namespace", backup.namespace);
  }
  checkObjectName(checks, "identity.serviceAccountName", identity?.serviceAccountName);
  const unique = { place: backup.namespace, provider: props.provider };
  checkUniqueName(checks, backup, {
    ...unique,
    kind: "CronJob",
    property: "backupName",
    name: backup.backupName,
  });
  checkOnceInCluster(checks, backup, {
    kind: "CronJob",
    property: "backupName",
    name: backup.backupName,
    namespace: backup.namespace,
    provider: props.provider,
  });
  if (identity) {
    checkUniqueName(checks, backup, {
      ...unique,
      kind: "ServiceAccount",
      property: "identity.serviceAccountName",
      name: identity.serviceAccountName,
      remedy: "use another identity, so that each backup can be granted its store only",
    });
  }
  checkUniqueName(checks, backup, {
    kind: "folder of backups",
    place: store.node.path,
    property: "backupName",
    name: backup.path,
  });
}

function checkSource(
  checks: SynthChecks,
  backup: LogicalBackup,
  props: LogicalBackupProps,
  login: DatabaseLogin,
): void {
  const [first] = backup.databases;
  if (!first) return;
  const { server } = first;
  const names = new Set<string>();
  for (const database of backup.databases) {
    const { databaseName } = database;
    if (database.server !== server) {
      checks.fail(
        "databases",
        databaseName,
        `must be on one server, ${server.node.path}; make another LogicalBackup for ${database.server.node.path}`,
      );
    }
    if (names.has(databaseName)) checks.fail("databases", databaseName, "must be named once");
    names.add(databaseName);
    if (!props.login && database.owner.username !== login.username) {
      checks.fail(
        "login",
        undefined,
        `must be set, since ${databaseName} belongs to another owner than ${first.databaseName}; use a login that reads all of them`,
      );
    }
  }
  if (login.authentication !== LoginAuthentication.PASSWORD || !login.password) {
    checks.fail(
      "login",
      login.authentication,
      "must have a password; the images of the clients have no program for tokens of cloud identities. Create a login with a password that may read the databases",
    );
  }
  if (server.tls.clientCertificate) {
    checks.fail(
      "databases",
      server.node.path,
      "must be on a server that requires no client certificate; the job has none",
    );
  }
  const { image } = backup;
  if (!image.canDump(server.engine)) {
    checks.fail(
      "image",
      `${image.family} ${image.version}`,
      `must have clients of ${server.engine.label} or later; the clients refuse a newer server`,
    );
  }
  if (props.roles && server.engine.family !== EngineFamily.POSTGRES) {
    checks.fail(
      "roles",
      true,
      "must be left out for MySQL, whose users and grants no dump of a database contains; DatabaseObjects creates them again",
    );
  }
}
