/** Wrong input for machines of the Linux package: every mistake at once, at synth. */
import { type TerraformStack, TerraformVariable } from "cdktf";
import { Cloud, DatabaseLogin, type IDatabaseServer } from "../../../lib/database";
import {
  DatabaseTopology,
  GitlabVersion,
  LinuxPackageConfig,
  type LinuxPackageConfigProps,
  type LinuxPackageNode,
  LinuxPackageRole,
} from "../../../lib/gitlab";
import { problemsOf, synthesize } from "../../support/synth";
import { login, managed, named, ownClusters, secret, server, topology } from "./package-fixture";

const { RAILS, PATRONI, POSTGRES, PGBOUNCER, CONSUL, SINGLE_NODE, PRAEFECT } = LinuxPackageRole;
const node = (name: string, role: LinuxPackageRole, more: Partial<LinuxPackageNode> = {}) => ({
  name,
  role,
  host: `${name}.example.com`,
  ...more,
});

/** The problems of one managed server, with these properties. */
const onManaged = (props: Partial<LinuxPackageConfigProps>) => problemsOf((s) => void managed(s, props));
const onOwn = (props: (stack: TerraformStack) => Partial<LinuxPackageConfigProps>) =>
  problemsOf((s) => void ownClusters(s, props(s)));

/** A cluster of one's own with main on it. */
function own(stack: TerraformStack, props: Partial<LinuxPackageConfigProps>, cluster: object = {}) {
  const postgres = (stack.node.tryFindChild("db") as IDatabaseServer | undefined) ?? server(stack, "db");
  return new LinuxPackageConfig(stack, "package", {
    topology:
      props.topology ?? topology(stack, { main: named(stack, postgres, "gitlabhq_production", "gitlab") }),
    externalUrl: "https://gitlab.example.com",
    nodes: [node("pg", POSTGRES, { cluster: "gitlab" }), node("app", SINGLE_NODE)],
    clusters: [{ name: "gitlab", server: postgres, passwordAddresses: ["10.0.0.0/8"], ...cluster }],
    ...props,
  });
}

test("what is right is right", () => {
  expect(onManaged({})).toEqual([]);
  expect(onOwn(() => ({}))).toEqual([]);
  expect(problemsOf((s) => void own(s, {}))).toEqual([]);
});

describe("machines", () => {
  const one = (props: Partial<LinuxPackageNode>) =>
    onManaged({ nodes: [{ ...node("app", SINGLE_NODE), ...props }] });

  test.each<[string, string[], RegExp]>([
    ["none", onManaged({ nodes: [] }), /nodes is \[\]: there is nothing to write/],
    ["a name", one({ name: "app one" }), /nodes.name is "app one": allowed are 1 to 63 letters/],
    [
      "twice",
      onManaged({ nodes: [node("app", RAILS, { runsMigrations: true }), node("app", RAILS)] }),
      /nodes.name is "app": each machine may be there once/,
    ],
    [
      "a role",
      one({ role: "web" as never }),
      /nodes.app.role is "web": allowed are single-node, rails, sidekiq, patroni/,
    ],
    ["a host", one({ host: "https://app" }), /nodes.app.host is "https:\/\/app": allowed is a DNS name/],
    ["a cluster", one({ cluster: "x" }), /nodes.app.cluster is "x": only machines with PostgreSQL/],
    [
      "no cluster",
      onManaged({ nodes: [node("app", RAILS), node("pg", POSTGRES)] }),
      /nodes.pg.cluster is not set: a machine with PostgreSQL belongs to one of clusters: there are none/,
    ],
    [
      "Praefect without a database",
      onManaged({ nodes: [node("app", RAILS), node("p", PRAEFECT)] }),
      /topology.praefect is not set/,
    ],
    [
      "no address",
      onManaged({ externalUrl: undefined }),
      /externalUrl is not set: Rails needs GitLab's address/,
    ],
    ["an address", onManaged({ externalUrl: "gitlab.example.com" }), /externalUrl is "gitlab.example.com"/],
    [
      "a folder",
      onManaged({ secretFolder: "secrets" }),
      /secretFolder is "secrets": allowed is an absolute path/,
    ],
    [
      "a command",
      onManaged({ railsSecretCommand: "sh -c 'x'" }),
      /railsSecretCommand is "sh -c 'x'": allowed is the absolute path/,
    ],
  ])("%s", (_, found, message) => expect(found.join("\n")).toMatch(message));
});

describe("migrations", () => {
  test.each<[string, LinuxPackageNode[], RegExp]>([
    [
      "on none of two",
      [node("a", RAILS), node("b", RAILS)],
      /nodes.runsMigrations is \[\]: exactly one machine/,
    ],
    [
      "on both",
      [node("a", RAILS, { runsMigrations: true }), node("b", RAILS, { runsMigrations: true })],
      /nodes.runsMigrations is \["a","b"\]: exactly one machine with Rails runs migrations/,
    ],
    [
      "on the only one not",
      [node("a", RAILS, { runsMigrations: false })],
      /it is the only machine with Rails, so migrations would never run/,
    ],
    [
      "where there are none",
      [node("a", RAILS), node("c", CONSUL, { runsMigrations: true })],
      /nodes.c.runsMigrations is true: a machine with the role consul has none to run/,
    ],
  ])("%s", (_, nodes, message) => expect(onManaged({ nodes }).join("\n")).toMatch(message));
});

describe("clusters", () => {
  test("Patroni without Consul, and an even number of Consul servers", () => {
    const nodes = [
      node("app", SINGLE_NODE),
      node("pg", PATRONI, { cluster: "gitlab" }),
      node("pg2", PATRONI, { cluster: "gitlab" }),
    ];
    expect(problemsOf((s) => void own(s, { nodes })).join("\n")).toMatch(
      /nodes is \["pg","pg2"\]: Patroni keeps the leader's lock in Consul/,
    );
    const two = [...nodes, node("c1", CONSUL), node("c2", CONSUL)];
    expect(problemsOf((s) => void own(s, { nodes: two })).join("\n")).toMatch(
      /nodes is \["c1","c2"\]: an odd number of Consul servers/,
    );
  });

  test("on a managed server there is nothing to set up or to watch", () => {
    const found = problemsOf((s) => {
      const rds = server(s, "rds", { location: { cloud: Cloud.AWS, region: "eu-central-1" } });
      new LinuxPackageConfig(s, "package", {
        topology: topology(s, { main: named(s, rds, "gitlabhq_production", "gitlab") }),
        externalUrl: "https://gitlab.example.com",
        nodes: [
          node("app", SINGLE_NODE),
          node("pg", POSTGRES, { cluster: "gitlab" }),
          node("pool", PGBOUNCER),
        ],
        clusters: [{ name: "gitlab", server: rds, passwordAddresses: ["10.0.0.0/8"] }],
        pooler: { host: "127.0.0.1", consoleLogin: login(s, "pgbouncer") },
      });
    }).join("\n");
    expect(found).toMatch(/clusters.gitlab.server is "aws": it is a managed server/);
    expect(found).toMatch(/topology.main is "aws": the package's PgBouncer knows MD5 hashes only/);
  });

  test.each<[string, object, Partial<LinuxPackageConfigProps>, RegExp]>([
    ["a name", { name: "Git_Lab" }, {}, /clusters.name is "Git_Lab": allowed are 1 to 63 lower-case/],
    ["nobody let in", { passwordAddresses: [] }, {}, /passwordAddresses is \[\]: no machine could log in/],
    [
      "a network",
      { passwordAddresses: ["10.0.0.1"] },
      {},
      /passwordAddresses is "10.0.0.1": allowed is a network/,
    ],
    [
      "no machine",
      {},
      { nodes: [node("app", SINGLE_NODE)] },
      /clusters.gitlab is \[\]: the cluster has no machine/,
    ],
    [
      "two without Patroni",
      {},
      {
        nodes: [
          node("app", SINGLE_NODE),
          node("p1", POSTGRES, { cluster: "gitlab" }),
          node("p2", POSTGRES, { cluster: "gitlab" }),
        ],
      },
      /\["p1","p2"\]: several machines of one cluster need Patroni/,
    ],
    [
      "some with Patroni",
      {},
      {
        nodes: [
          node("app", SINGLE_NODE),
          node("p1", POSTGRES, { cluster: "gitlab" }),
          node("p2", PATRONI, { cluster: "gitlab" }),
        ],
      },
      /all run Patroni, or it is a single POSTGRES/,
    ],
    [
      "Patroni without a password",
      {},
      { nodes: [node("app", SINGLE_NODE), node("p", PATRONI, { cluster: "gitlab" }), node("c", CONSUL)] },
      /clusters.gitlab.replicationPassword is not set/,
    ],
  ])("%s", (_, cluster, props, message) =>
    expect(problemsOf((s) => void own(s, props, cluster)).join("\n")).toMatch(message),
  );

  test("twice, with one server, or with a server that nobody uses", () => {
    const found = problemsOf((s) => {
      const other = server(s, "other");
      own(s, {}, { server: other });
    });
    expect(found.join("\n")).toMatch(
      /clusters.gitlab.server is test\/other: no database of the topology is on it/,
    );
    const twice = onOwn((s) => {
      const replicationPassword = secret(s, "replication-main");
      const first = server(s, "first");
      const cluster = {
        name: "gitlab-x",
        server: first,
        replicationPassword,
        passwordAddresses: ["10.0.0.0/8"],
      };
      return { clusters: [cluster, cluster] };
    }).join("\n");
    expect(twice).toMatch(/clusters.name is "gitlab-x": each cluster may be there once/);
    expect(twice).toMatch(/clusters.gitlab-x.server is test\/first: another cluster has this server/);
  });
});

describe("poolers", () => {
  test("machines without a word of them, and the other way round", () => {
    expect(onOwn(() => ({ pooler: undefined })).join("\n")).toMatch(
      /pooler is not set: the machines pooler-1, pooler-2 run PgBouncer/,
    );
    const alone = (s: TerraformStack) =>
      void own(s, { pooler: { host: "127.0.0.1", consoleLogin: login(s, "pgbouncer") } });
    expect(problemsOf(alone).join("\n")).toMatch(
      /pooler.host is "127.0.0.1": no machine has the role pgbouncer/,
    );
  });

  test.each<[string, (s: TerraformStack) => object, RegExp]>([
    ["a port", () => ({ port: 0 }), /pooler.port is 0: allowed is a whole number from 1 to 65535/],
    ["a host", () => ({ host: "a b" }), /pooler.host is "a b"/],
    ["no users", () => ({ consoleLogin: undefined }), /pooler.consoleLogin is not set: the console's user/],
    [
      "a user without a password",
      () => ({ consoleLogin: DatabaseLogin.throughProxy("pgbouncer") }),
      /pooler.consoleLogin is not set: the console's user has a password/,
    ],
    ["another user", (s) => ({ consoleLogin: login(s, "admin") }), /pooler.consoleLogin is "admin"/],
    [
      "half of TLS",
      () => ({ tls: { keyFile: "/k" } }),
      /pooler.tls is \["keyFile"\]: certificateFile and keyFile/,
    ],
    ["a path", () => ({ tls: { keyFile: "k", certificateFile: "/c" } }), /pooler.tls.keyFile is "k"/],
  ])("%s", (_, more, message) =>
    expect(
      onOwn((s) => ({
        pooler: { host: "p", consoleLogin: login(s, "pgbouncer"), ...more(s) } as never,
      })).join("\n"),
    ).toMatch(message),
  );
});

describe("Consul", () => {
  test("a datacenter, and half of TLS", () => {
    const found = onOwn(() => ({ consul: { datacenter: "EU", tls: { certificateFile: "/c" } } })).join("\n");
    expect(found).toMatch(/consul.datacenter is "EU"/);
    expect(found).toMatch(/consul.tls is \["certificateFile"\]/);
  });
});

describe("databases", () => {
  test("an owner without a password", () => {
    const found = problemsOf((s) => {
      const rds = server(s, "rds", {
        location: { cloud: Cloud.AWS, region: "eu-central-1" },
        acceptsCloudIdentity: true,
      });
      const main = rds.database("gitlabhq_production", {
        owner: DatabaseLogin.withCloudIdentity("gitlab"),
      });
      managed(s, {}, { main });
    });
    expect(found.join("\n")).toMatch(
      /topology.main.owner is "cloud-identity": the Linux package logs in with a password/,
    );
  });

  test.each([
    ["gitlab-replication", "the replication of cluster gitlab"],
    ["gitlab-api", "Patroni's interface of cluster gitlab"],
    ["main-direct", "main past its pooler"],
  ])("a component %s would have the file of another password", (name, whose) => {
    const found = problemsOf((s) => {
      const db = server(s, "db");
      own(s, {
        topology: topology(s, {
          main: named(s, db, "gitlabhq_production", "gitlab"),
          components: [{ name, database: named(s, db, "other") }],
        }),
      });
    });
    expect(found.join("\n")).toContain(
      `topology.${name} is "${name}": the file ${name}.password is for ${whose}; give the component another name`,
    );
  });

  test("a client certificate for Geo's tracking database, for which the package has no setting", () => {
    const found = problemsOf((s) => {
      const clientCertificate = { certificatePem: "PEM", privateKeyPem: secret(s, "key") };
      const geo = server(s, "geo", { tls: { enforced: true, hostnameVerifiable: true, clientCertificate } });
      managed(s, {}, { geo: named(s, geo, "gitlabhq_geo_production", "gitlab_geo") });
    });
    expect(found.join("\n")).toMatch(/topology.geo is "a client certificate": the package has no setting/);
  });

  test("one name on two servers behind one address: the package would take them for one", () => {
    const found = problemsOf((s) => {
      const [one, two] = [server(s, "one"), server(s, "two")];
      new LinuxPackageConfig(s, "package", {
        topology: topology(s, {
          main: named(s, one, "gitlab"),
          ci: two.database("gitlab", { owner: login(s, "gitlab_ci") }),
          allowSeparateCiDatabase: true,
        }),
        externalUrl: "https://gitlab.example.com",
        nodes: [node("app", SINGLE_NODE), node("pool", PGBOUNCER)],
        pooler: { host: "127.0.0.1", consoleLogin: login(s, "pgbouncer") },
      });
    });
    expect(found.join("\n")).toMatch(/topology.ci is "gitlab": host, port and name are main's/);
  });
});

test("servers that a pooler has to check in different ways", () => {
  const found = problemsOf((s) => {
    const [one, two] = [
      server(s, "one"),
      server(s, "two", { tls: { enforced: true, hostnameVerifiable: false } }),
    ];
    new LinuxPackageConfig(s, "package", {
      topology: topology(s, {
        main: named(s, one, "gitlabhq_production", "gitlab"),
        registry: named(s, two, "registry"),
      }),
      externalUrl: "https://gitlab.example.com",
      nodes: [node("app", SINGLE_NODE), node("pool", PGBOUNCER)],
      pooler: { host: "pool.example.com", consoleLogin: login(s, "pgbouncer") },
    });
  });
  expect(found.join("\n")).toMatch(
    /package\/Pooler\] entries is \["verify-full","verify-ca"\]: PgBouncer checks all servers in one way; give servers that need another way a pooler of their own/,
  );
});

test("prepared statements through the package's poolers", () => {
  const found = problemsOf((s) => {
    const db = server(s, "db");
    new LinuxPackageConfig(s, "package", {
      topology: topology(s, {
        main: named(s, db, "gitlabhq_production", "gitlab"),
        settings: { preparedStatements: true },
      }),
      externalUrl: "https://gitlab.example.com",
      nodes: [node("app", SINGLE_NODE), node("pool", PGBOUNCER)],
      pooler: { host: "127.0.0.1", consoleLogin: login(s, "pgbouncer") },
    });
  });
  expect(found.join("\n")).toMatch(
    /topology.main.preparedStatements is true: the package's PgBouncer pools by transaction/,
  );
});

test("what an older package cannot", () => {
  const found = problemsOf((s) => {
    const db = server(s, "db");
    const main = named(s, db, "gitlabhq_production", "gitlab");
    const older = new DatabaseTopology(s, "older", { version: GitlabVersion.of("19.2"), main });
    new LinuxPackageConfig(s, "second", {
      topology: older,
      externalUrl: "https://gitlab.example.com",
      nodes: [node("app", SINGLE_NODE), node("pg", POSTGRES, { cluster: "c" })],
      clusters: [{ name: "c", server: db, passwordAddresses: ["10.0.0.0/8"], restrictDatabaseAccess: true }],
    });
  });
  expect(found.join("\n")).toMatch(
    /clusters.c.restrictDatabaseAccess is true: the package 19.2 cannot; 19.3 is the first/,
  );
});

describe("settings of one's own", () => {
  const extra = (settings: { [setting: string]: unknown }) =>
    onManaged({ nodes: [node("app", SINGLE_NODE, { extra: settings })] }).join("\n");

  test("known ones are taken", () => {
    expect(
      extra({
        registry_external_url: "https://registry.example.com",
        "puma.worker_processes": 4,
        "gitlab_rails.time_zone": "UTC",
        "nginx.listen_port": 80,
      }),
    ).toBe("");
  });

  test.each<[string, { [setting: string]: unknown }, RegExp]>([
    [
      "an unknown section",
      { "pumas.x": 1 },
      /extra is "pumas.x": the package has no such setting; there are actioncable/,
    ],
    ["an unknown setting", { external_uri: "x" }, /extra is "external_uri": the package has no such setting/],
    [
      "an unknown key",
      { "puma.workers": 4 },
      /extra is "puma.workers": the package knows no workers of puma/,
    ],
    [
      "an unknown key of databases",
      { "gitlab_rails.db_hosts": "x" },
      /the package knows no db_hosts of gitlab_rails/,
    ],
    [
      "Ruby in a name",
      { "puma['x'] = system('y'); puma.z": 1 },
      /allowed is a setting such as puma.worker_processes/,
    ],
    [
      "what is written already",
      { "gitlab_rails.db_host": "x" },
      /it is written from the topology and the machines/,
    ],
    ["at the top, too", { external_url: "x" }, /it is written from the topology and the machines/],
    ["and by its parts", { "registry.database": {} }, /it is written from the topology and the machines/],
  ])("%s", (_, settings, message) => expect(extra(settings)).toMatch(message));

  test("a secret", () => {
    const found = problemsOf((s) => {
      const settings = { "gitlab_rails.smtp_password": secret(s, "smtp") };
      managed(s, { nodes: [node("app", SINGLE_NODE, { extra: settings })] });
    });
    expect(found.join("\n")).toMatch(
      /extra is "gitlab_rails.smtp_password": a secret has no place in the text/,
    );
  });
});

test("all mistakes are told at once", () => {
  const found = onManaged({ nodes: [node("a b", "x" as never)], externalUrl: "x", secretFolder: "x" });
  expect(found).toHaveLength(5);
});

test("tokens neither pass nor fail by accident", () => {
  const { warnings } = synthesize((s) => {
    const text = (name: string) => new TerraformVariable(s, name, {}).stringValue;
    const number = (name: string) => new TerraformVariable(s, name, { type: "number" }).numberValue;
    const made = ownClusters(s, {
      externalUrl: text("url"),
      secretFolder: text("folder"),
      pooler: { host: text("host"), port: number("port"), consoleLogin: login(s, "pgbouncer") },
      consul: { datacenter: text("datacenter") },
    });
    for (const name of made.nodeNames) expect(made.gitlabRb(name)).not.toMatch(/-\d\.\d+e\+\d+/);
  });
  expect(warnings).toEqual([]);
});
