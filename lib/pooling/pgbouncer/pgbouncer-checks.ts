// What Kubernetes would refuse half-way through an apply, and what would leave a pooler without clients or without servers.

import type { SynthChecks } from "../../database/private";
import { checkLabelName, checkObjectName } from "../../kubernetes";
import { checkWatches } from "../leader-watch/leader-watch";
import { PgBouncerImage } from "./pgbouncer-image";
import type { WatchedEntry } from "./pgbouncer-pod";
import type { PgBouncerProps } from "./pgbouncer-props";
import {
  checkEntries,
  checkImage,
  checkLogins,
  checkResources,
  checkServerTls,
  checkSetup,
  checkSize,
  serversOf,
} from "./pool-checks";
import type { ResolvedEntry } from "./pool-entry";

/** A pooler while it is judged: its properties, and what they come to. @internal */
export interface JudgedPooler {
  readonly props: PgBouncerProps;
  readonly replicas: number;
  readonly port: number;
  readonly metricsPort: number;
  readonly entries: ResolvedEntry[];
  readonly watched: WatchedEntry[];
}

/** Reports what is wrong with the properties of a `PgBouncer`, all but its sizes. @internal */
export function checkPgBouncer(checks: SynthChecks, pooler: JudgedPooler): void {
  const { props, replicas, port, metricsPort, entries, watched } = pooler;
  checkLabelName(checks, "namespace", props.namespace);
  checkLabelName(checks, "poolerName", props.poolerName);
  checks.check(
    "poolerName",
    props.poolerName,
    () => (props.poolerName as string).length <= 40,
    "allowed are at most 40 characters",
  );
  checkObjectName(checks, "clientTls.secretName", props.clientTls.secretName);
  for (const name of props.clientNamespaces ?? []) checkLabelName(checks, "clientNamespaces", name);
  if (props.clientNamespaces?.length === 0)
    checks.fail("clientNamespaces", [], "nobody could connect; leave it out for the pooler's own namespace");
  checkSize(checks, "replicas", replicas, 2, 50);
  checkSize(checks, "port", props.port, 1024, 65_535);
  checkSize(checks, "drainSeconds", props.drainSeconds, 0, 600);
  checkSize(checks, "transactionSeconds", props.transactionSeconds, 1, 3600);
  checkResources(checks, props.cpu, props.memory);
  checks.check("port", port, () => port !== metricsPort, "the exporter has this port");
  checkEntries(checks, entries);
  checkImage(checks, props.image ?? PgBouncerImage.V1_25, entries);
  checkLogins(checks, entries, props.authQuery);
  checkServerTls(checks, entries);
  checkSetup(checks, entries, (props.dependsOn ?? []).length > 0);
  checkWatches(checks, props.leaderWatches ?? [], serversOf(entries));
  for (const { watch } of watched) {
    if (watch.source.usesHttps && !watch.image && !props.image) {
      checks.fail(
        "leaderWatches.image",
        undefined,
        `${watch.source.label} is asked over https, for which the image needs curl, and the pooler's default image has none; give the watch an image with psql and curl`,
      );
    }
  }
  if (!props.clientTls.secretName) {
    checks.optOut("clientTls: clients in the cluster reach the pooler without TLS");
  }
}
