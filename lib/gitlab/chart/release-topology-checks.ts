// What the chart cannot do with the databases of a topology, or does otherwise than the topology says.

import type { IConstruct } from "constructs";
import { LoginAuthentication } from "../../database";
import { claimOnce, type SynthChecks } from "../../database/private";
import type { DatabaseTopology } from "../topology/database-topology";
import type { TopologyEntry } from "../topology/topology-entry";
import type { GitlabReleaseProps } from "./gitlab-release-props";
import { registryAuthorities } from "./release-component-values";
import { breaksPreparedStatements } from "./release-database-values";
import { checkMutualTls } from "./release-tls";

/** Reports databases that the release's pods could not use, or not as the topology says. @internal */
export function checkReleaseTopology(
  checks: SynthChecks,
  scope: IConstruct,
  props: GitlabReleaseProps,
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
  { topology, kubernetesProvider }: GitlabReleaseProps,
): void {
  for (const { name, direct } of topology.entries) {
    const other = claimOnce(scope, "GitLab", "", { within: direct, provider: kubernetesProvider });
    if (other) {
      checks.fail(
        `topology.${name}`,
        direct.node.path,
        `${other.node.path} has this database already; give each GitLab databases of its own`,
      );
    }
  }
}

function checkEntry(checks: SynthChecks, props: GitlabReleaseProps, entry: TopologyEntry): void {
  const { name, database, direct } = entry;
  for (const { owner } of new Set([database, direct])) {
    if (owner.authentication !== LoginAuthentication.PASSWORD || !owner.password) {
      checks.fail(
        `topology.${name}.owner`,
        owner.authentication,
        "GitLab and its components log in by password only; give the owner one",
      );
    }
  }
  const { endpoint } = direct.server;
  if (!endpoint.isPrivate) {
    if (props.acceptPublicDatabase)
      checks.optOut(`acceptPublicDatabase: the database of ${name} has a public address`);
    else {
      checks.fail(
        `topology.${name}`,
        endpoint.host,
        "the server has a public address; take it into the cluster's network, or set acceptPublicDatabase",
      );
    }
  }
}

function checkRails(checks: SynthChecks, topology: DatabaseTopology): void {
  for (const entry of topology.rails) {
    const { name, settings } = entry;
    if (breaksPreparedStatements(entry)) {
      checks.fail(
        `topology.${name}.preparedStatements`,
        true,
        "the pooler in front is in transaction mode, in which Rails' prepared statements get lost; leave it out",
      );
    }
    if (settings.statementTimeoutMs !== undefined) {
      checks.fail(
        `topology.${name}.statementTimeoutMs`,
        settings.statementTimeoutMs,
        "the chart has no value for it and would ignore it; set it on the database or the role, as the SQL presets do",
      );
    }
    checkLoadBalancing(checks, entry);
  }
  const servers = topology.rails.flatMap(({ database, direct }) => [database.server, direct.server]);
  const geo = topology.entry("geo")?.direct.server;
  const withCertificate = geo?.tls.clientCertificate !== undefined;
  // Without files of its own the tracking database is checked as Rails' databases are.
  checkMutualTls(checks, "topology", [...new Set(geo && !withCertificate ? [...servers, geo] : servers)]);
  if (geo && withCertificate) checkMutualTls(checks, "topology.geo", [geo]);
}

function checkRegistry(checks: SynthChecks, { topology, objectStorage }: GitlabReleaseProps): void {
  const registry = topology.entry("registry");
  if (!registry) return;
  const { server } = registry.database;
  checkMutualTls(checks, "topology.registry", [server]);
  if (registryAuthorities(topology) !== undefined) {
    if (objectStorage.registryNeedsKeyFile) {
      checks.fail(
        "objectStorage.registryKey",
        "a key file",
        "the chart takes one file beside the registry's storage, and its database's certificate authorities need that place; let the registry reach its store by an identity",
      );
    }
    if (!server.tls.hostnameVerifiable) {
      checks.optOut(
        "topology.registry: the server's certificate names no host, and the registry trusts public authorities beside the server's own",
      );
    }
  }
  if (registry.database !== registry.direct) {
    checks.warn(
      "topology.registry: the chart has one address for the registry and its migrations, so these go through the pooler as well; give the registry the database itself to be safe",
    );
  }
}

/** Praefect and OpenBao. */
function checkComponents(checks: SynthChecks, topology: DatabaseTopology): void {
  for (const name of ["praefect", "openbao"]) {
    const server = topology.entry(name)?.direct.server;
    if (server?.tls.clientCertificate) {
      checks.fail(
        `topology.${name}`,
        server.node.path,
        "the chart gives this component no client certificate",
      );
    }
  }
  const openbao = topology.entry("openbao")?.direct.server;
  if (openbao && openbao.tls.offered !== false) {
    checks.optOut(
      "topology.openbao: the chart gives its pods no certificate authorities, so the server's certificate is not checked",
    );
  }
  if (topology.entry("praefect")) {
    checks.warn(
      "topology.praefect: GitLab does not support Gitaly Cluster on Kubernetes; the chart's is an experiment",
    );
  }
}

function checkLoadBalancing(checks: SynthChecks, { name, settings }: TopologyEntry): void {
  const { loadBalancing } = settings;
  if (!loadBalancing) return;
  const { hosts, discover } = loadBalancing;
  const property = `topology.${name}.loadBalancing`;
  if ((hosts === undefined) === (discover === undefined)) {
    checks.fail(property, hosts ? "hosts and discover" : undefined, "give hosts or discover, and not both");
  }
  checks.check(`${property}.hosts`, hosts, () => (hosts as string[]).length > 0, "there has to be a replica");
  checks.check(
    `${property}.discover.record`,
    discover?.record,
    () => discover?.record !== "",
    "it has to be a DNS name",
  );
}
