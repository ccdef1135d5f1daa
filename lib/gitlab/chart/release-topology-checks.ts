// Databases of a topology that the chart cannot use, or not as the topology says.

import type { IConstruct } from "constructs";
import { LoginAuthentication } from "../../database";
import { claimOnce, type SynthChecks } from "../../database/private";
import type { IDatabaseTopology } from "../topology/database-topology";
import type { TopologyEntry } from "../topology/topology-entry";
import type { ResolvedReleaseProps } from "./gitlab-release-props";
import { registryAuthorities } from "./release-component-values";
import { breaksPreparedStatements } from "./release-database-values";
import { checkMutualTls } from "./release-tls";

/** Reports databases that the pods of a release cannot use, or not as the topology says. @internal */
export function checkReleaseTopology(
  checks: SynthChecks,
  scope: IConstruct,
  props: ResolvedReleaseProps,
): void {
  const { topology } = props;
  checkNotTaken(checks, scope, props);
  for (const entry of topology.entries) checkEntry(checks, props, entry);
  checkRails(checks, topology);
  checkRegistry(checks, props);
  checkComponents(checks, topology);
}

/**
 * A second GitLab of a cluster on one database would migrate the same tables, with other keys. One in another cluster may take the
 * first one's place.
 */
function checkNotTaken(
  checks: SynthChecks,
  scope: IConstruct,
  { topology, kubernetesProvider }: ResolvedReleaseProps,
): void {
  for (const { name, direct } of topology.entries) {
    const other = claimOnce(scope, "GitLab", "", { within: direct, provider: kubernetesProvider });
    if (other) {
      checks.fail(
        `topology.${name}`,
        direct.node.path,
        `must not be used by two releases of a cluster, since ${other.node.path} uses it already; give each GitLab separate databases`,
        "topology.taken",
      );
    }
  }
}

function checkEntry(checks: SynthChecks, props: ResolvedReleaseProps, entry: TopologyEntry): void {
  const { name, database, direct } = entry;
  for (const { owner } of new Set([database, direct])) {
    if (owner.authentication !== LoginAuthentication.PASSWORD || !owner.password) {
      checks.fail(
        `topology.${name}.owner`,
        owner.authentication,
        "must have a password, the only way in which GitLab and its components log in",
        "topology.owner",
      );
    }
  }
  const { endpoint } = direct.server;
  if (!endpoint.isPrivate) {
    if (props.acceptPublicDatabase)
      checks.optOut(`acceptPublicDatabase: the server of the ${name} database has a public address`);
    else {
      checks.fail(
        `topology.${name}`,
        endpoint.host,
        "must have a private address; move the server into the cluster's network, or set acceptPublicDatabase",
        "topology.public",
      );
    }
  }
}

function checkRails(checks: SynthChecks, topology: IDatabaseTopology): void {
  for (const entry of topology.rails) {
    const { name, settings } = entry;
    if (breaksPreparedStatements(entry)) {
      checks.fail(
        `topology.${name}.preparedStatements`,
        true,
        "must be false behind a pooler in transaction mode, in which Rails loses its prepared statements",
        "topology.preparedStatements",
      );
    }
    if (settings.statementTimeoutMs !== undefined) {
      checks.fail(
        `topology.${name}.statementTimeoutMs`,
        settings.statementTimeoutMs,
        "must not be set, since the chart has no value for it; set it on the database or the role, as GitlabObjects does",
        "topology.statementTimeoutMs",
      );
    }
    checkLoadBalancing(checks, entry);
  }
  const servers = topology.rails.flatMap(({ database, direct }) => [database.server, direct.server]);
  const geo = topology.geo?.direct.server;
  const withCertificate = geo?.tls.clientCertificate !== undefined;
  // Without a client certificate the tracking database is checked as Rails' databases are.
  checkMutualTls(checks, "topology", [...new Set(geo && !withCertificate ? [...servers, geo] : servers)]);
  if (geo && withCertificate) checkMutualTls(checks, "topology.geo", [geo]);
}

function checkRegistry(checks: SynthChecks, { topology, objectStorage }: ResolvedReleaseProps): void {
  const registry = topology.registry;
  if (!registry) return;
  const { server } = registry.database;
  checkMutualTls(checks, "topology.registry", [server]);
  if (registryAuthorities(topology) !== undefined) {
    if (objectStorage.registryNeedsKeyFile) {
      checks.fail(
        "objectStorage.registryKey",
        "a key file",
        "must not be a key file, since the chart mounts one file beside the registry's storage and the certificate authorities of its database need it; use an identity for the registry's store",
      );
    }
    if (!server.tls.hostnameVerifiable) {
      checks.optOut(
        "topology.registry: the server's certificate names no host, and the registry trusts public authorities beside those of the server",
      );
    }
  }
  if (registry.database !== registry.direct) {
    checks.warn(
      "topology.registry: the chart has one address for the registry and its migrations, so migrations connect through the pooler too; leave the registry out of the pooler to be safe",
      "topology.registry.pooler",
    );
  }
}

function checkComponents(checks: SynthChecks, topology: IDatabaseTopology): void {
  for (const name of ["praefect", "openbao"] as const) {
    const server = topology[name]?.direct.server;
    if (server?.tls.clientCertificate) {
      checks.fail(
        `topology.${name}`,
        server.node.path,
        "must not require a client certificate, since the chart has no value for one",
        `topology.${name}.clientCertificate`,
      );
    }
  }
  const openbao = topology.openbao?.direct.server;
  if (openbao && openbao.tls.offered !== false) {
    checks.optOut(
      "topology.openbao: the chart mounts no certificate authorities in its pods, so the server's certificate is not verified",
    );
  }
  if (topology.praefect) {
    checks.warn(
      "topology.praefect: GitLab does not support Gitaly Cluster on Kubernetes; it is experimental in the chart",
      "topology.praefect.kubernetes",
    );
  }
}

function checkLoadBalancing(checks: SynthChecks, { name, settings }: TopologyEntry): void {
  const { loadBalancing } = settings;
  if (!loadBalancing) return;
  const { hosts, discover } = loadBalancing;
  const property = `topology.${name}.loadBalancing`;
  if ((hosts === undefined) === (discover === undefined)) {
    checks.fail(
      property,
      hosts ? "hosts and discover" : undefined,
      "must have either hosts or discover",
      "topology.loadBalancing",
    );
  }
  checks.check(`${property}.hosts`, hosts, () => (hosts as string[]).length > 0, "must not be empty");
  checks.check(
    `${property}.discover.record`,
    discover?.record,
    () => discover?.record !== "",
    "must be a DNS name",
  );
}
