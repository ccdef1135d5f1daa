// The rules of a rehearsal that are known at synth.

import { EngineFamily } from "../../database";
import { checkCron, directDatabase, isResolved, type SynthChecks } from "../../database/private";
import { checkIsolation, checkLabels, checkQuantity, checkStorageClassName } from "../../kubernetes/private";
import type { BackupImage } from "../logical-backup/backup-image";
import { checkImage } from "../logical-backup/logical-backup-checks";

import type { RestoreRehearsalProps } from "./restore-rehearsal";

/** Ports that the rehearsal's pods may connect to. */
const ALLOWED_PORTS = [53, 80, 443, 988];

/** Reports all mistakes. @returns the longest gap between two rehearsals in minutes, if it is known. @internal */
export function checkRehearsal(
  checks: SynthChecks,
  props: RestoreRehearsalProps,
  image: BackupImage,
): number | undefined {
  const { backup } = props;
  const gap = checkCron(checks, "schedule", props.schedule ?? "30 5 * * 0")?.longestGapMinutes;
  checks.wholeNumber("restoreJobs", props.restoreJobs, 1, 64);
  checks.wholeNumber("memoryMiB", props.memoryMiB, 512, 1_048_576, "MiB");
  checks.wholeNumber("deadlineMinutes", props.deadlineMinutes, 5, 2880, "minutes");
  checks.wholeNumber("volumeSizeGiB", props.volumeSizeGiB, 1, 65_536, "GiB");
  checkImage(checks, "image", props.image?.reference);
  checkLabels(checks, "labels", props.labels);
  checkLabels(checks, "nodeSelector", props.nodeSelector);
  checkQuantity(checks, "cpu", props.cpu);
  checkStorageClassName(checks, "storageClassName", props.storageClassName);
  const { alertAfterDays, maxBackupAgeHours } = props;
  if (gap !== undefined) {
    checks.check(
      "alertAfterDays",
      alertAfterDays,
      () => (alertAfterDays as number) * 1440 > gap,
      `must be more than ${Math.ceil(gap / 1440)} days, the longest gap of the schedule; otherwise the watch fails between two successful rehearsals`,
    );
  }
  const backupGap = backup._gapMinutes;
  if (backupGap !== undefined) {
    const least = backupGap / 60;
    checks.check(
      "maxBackupAgeHours",
      maxBackupAgeHours,
      () => (maxBackupAgeHours as number) > least,
      `must be more than ${Math.ceil(least)} hours, the longest gap of the backup's schedule`,
    );
  }
  const server = backup.databases[0]?.server;
  if (server) {
    const same = image.family === server.engine.family;
    if (!same || !image.canDump(server.engine)) {
      checks.fail(
        "image",
        `${image.family} ${image.version}`,
        `must be of ${server.engine.label} or later; an older server does not take its dumps`,
      );
    } else if (Number.parseFloat(image.version) < Number.parseFloat(backup.image.version)) {
      checks.fail(
        "image",
        image.version,
        `must be ${backup.image.version} or later, the version of the backup's clients, whose dumps an older server does not take`,
      );
    }
    const { port } = server.endpoint;
    if (isResolved(port) && ALLOWED_PORTS.includes(port)) {
      checks.fail(
        "backup",
        port,
        "must be of a server on another port than 53, 80, 443 and 988, which the network policy allows the copy; move the server to its engine's port",
      );
    }
    if (props.ignoredExtensions && server.engine.family !== EngineFamily.POSTGRES) {
      checks.fail("ignoredExtensions", props.ignoredExtensions, "must be left out for MySQL, which has none");
    }
  }
  for (const extension of props.ignoredExtensions ?? []) {
    checks.matches("ignoredExtensions", extension, /^[A-Za-z0-9_-]+$/, "must be names of extensions");
  }
  checkIsolation(checks, backup, "backup", backup.namespace);
  checkChecks(checks, props);
  return gap;
}

function checkChecks(checks: SynthChecks, { backup, checks: list }: RestoreRehearsalProps): void {
  if (list.length === 0) {
    checks.fail(
      "checks",
      [],
      "must have at least one entry; a server that starts proves nothing about its data",
    );
    return;
  }
  if (!list.some(({ kind }) => kind === "newest")) {
    // No warning: maxBackupAgeHours refuses an old backup all the same.
    checks.note(
      "checks: without RehearsalCheck.newestRow no RPO is measured; add one for a table that is written often",
      "checks.newestRow",
    );
  }
  for (const check of list) {
    for (const query of [check.query, ...(check.second ? [check.second] : [])]) {
      if (!backup.databases.includes(directDatabase(query.database))) {
        checks.fail(
          "checks.database",
          query.database.databaseName,
          `must be a database of the backup: ${backup.databases.map((each) => each.databaseName).join(", ")}`,
        );
      }
      checks.matches("checks.sql", query.sql, /\S/, "must be a query");
    }
    checks.matches("checks.name", check.name, /^[^\n\r]{1,120}$/, "must be one line of 1 to 120 characters");
    checks.check("checks.limit", check.limit, () => Number.isFinite(check.limit), "must be a number");
    if (check.kind === "newest") {
      checks.check("checks.maxAgeHours", check.limit, () => check.limit > 0, "must be more than 0 hours");
      const gap = backup._gapMinutes;
      if (gap !== undefined) {
        checks.check(
          "checks.maxAgeHours",
          check.limit / 3600,
          () => check.limit >= gap * 60,
          `must be at least ${Math.ceil(gap / 60)} hours, the age that the newest backup may have`,
        );
      }
    }
  }
}
