/**
 * Ruby, Terraform and cloud-init read what is written for GitLab's Linux package: each gitlab.rb parses, its settings are the
 * topology, and every text comes back as it was, known at synth or not.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { parse } from "yaml";
import { LinuxPackageRole } from "../../../lib/gitlab";
import { rubyText, rubyValue } from "../../../lib/pooling/private";
import { findProgram, must } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { cloudInitSchema } from "../../support/scanners/cloud-init";
import { ruby } from "../../support/servers/ruby";
import type { Json } from "../../support/synth";
import { writtenStack } from "../../support/terraform/written-stack";
import { config, managed, named, ownClusters, server } from "../../unit/gitlab/package-fixture";

const TEXTS = [
  "plain",
  "it's 'quoted' \"twice\"",
  "back\\slash \\\\ \\' at the end \\",
  "#{raise 'run'} #{1 + 1} #@x #$0 \\#{2}",
  "two\nlines\r\nand\ttabs\r",
  "ä 漢 😀 \u2028 \u0000 \u0004 \u001a \u007f \b\f",
  "\n__END__\n=begin\n<<~EOS %q( %w[ ` $ % 100%",
  "<a&b>",
  "",
];
const SECRETS = "/etc/gitlab/secrets";
const secret = (name: string) => `<${SECRETS}/${name}>`;

const terraform = () =>
  findProgram([process.env.TERRAFORM_BINARY_NAME ?? "terraform", "tofu"]) ??
  new Unavailable("there is neither terraform nor tofu on PATH");

/** One output as Terraform gives it after an apply without any provider. */
function applied(program: string, make: (stack: TerraformStack) => unknown): Json {
  const folder = writtenStack((stack) =>
    stack.addOverride("output", { result: { value: make(stack), sensitive: true } }),
  );
  const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  // Every password is the same: none of them may be in what comes out.
  const passwords = Object.keys(json.variable).map((name) => [`TF_VAR_${name}`, "hunter2"]);
  const env = {
    ...process.env,
    ...Object.fromEntries(passwords.filter(([name]) => json.variable[name!.slice(7)].default === undefined)),
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
  };
  must(program, ["init", "-no-color"], { cwd: folder, env });
  must(program, ["apply", "-auto-approve", "-no-color"], { cwd: folder, env });
  return JSON.parse(must(program, ["output", "-json", "result"], { cwd: folder, env }));
}

const input = (stack: TerraformStack, name: string, value: unknown) =>
  new TerraformVariable(stack, name, { default: value });

describeWith("gitlab.rb", ruby, (rb) => {
  test("every text is read by Ruby unchanged, on a machine without a locale", () => {
    for (const text of TEXTS) {
      expect([text, rb.complaints(`x = ${rubyText(text)}\np x`)]).toEqual([text, ""]);
      expect(rb.value(rubyText(text))).toBe(text);
    }
    expect(rb.value(rubyText("half a pair \ud800"))).toBe("half a pair \ufffd");
  });

  test("numbers, booleans, lists and maps are read unchanged", () => {
    const value = {
      "it's": [1, 2.5, -3, true, false, null],
      "#{x}": { deep: [{ a: [] }, {}], e: 1e21 },
    };
    expect(rb.value(rubyValue(value))).toEqual(value);
  });

  test("Ruby refuses invalid code, and the package an unknown setting", () => {
    expect(rb.complaints("x = 'it's'")).not.toBe("");
    expect(() => rb.settings("postgresq['enable'] = true")).toThrow(/undefined/);
    expect(rb.settings("user['x'] = \"#{1 + 1}\"").user.x).toBe("2");
  });

  test("the gitlab.rb of every machine parses without a warning", () => {
    for (const made of [config(ownClusters), config(managed)]) {
      for (const node of made.nodeNames) {
        expect([node, rb.complaints(made.gitlabRb(node))]).toEqual([node, ""]);
      }
    }
  });

  test("one machine with managed servers: two connections to one database, migrated once", () => {
    const settings = rb.settings(config(managed).gitlabRb("gitlab"));
    expect(settings).toEqual({
      external_url: "https://gitlab.example.com",
      postgresql: { enable: false },
      gitlab_rails: {
        auto_migrate: true,
        db_host: "postgres.example.com",
        db_port: 5432,
        db_database: "gitlabhq_production",
        db_username: "gitlab",
        db_password: secret("main.password"),
        db_sslmode: "verify-full",
        db_sslrootcert: "/etc/gitlab/ssl/database/main-ca.pem",
        db_prepared_statements: false,
        databases: {
          main: { enable: true },
          ci: { enable: true, db_database_tasks: false },
        },
      },
      registry: {
        auto_migrate: true,
        database: {
          enabled: true,
          host: "postgres.example.com",
          port: 5432,
          user: "registry",
          password: secret("registry.password"),
          dbname: "registry",
          sslmode: "verify-full",
          sslrootcert: "/etc/gitlab/ssl/database/registry-ca.pem",
          preparedstatements: false,
        },
      },
    });
  });

  test("Rails: migrations past the pooler on one machine, the others through it", () => {
    const made = config(ownClusters);
    const [deploy, rails] = ["deploy", "rails-1"].map(
      (node) => rb.settings(made.gitlabRb(node)).gitlab_rails,
    );
    expect([deploy.auto_migrate, rails.auto_migrate]).toEqual([true, false]);
    expect([deploy.db_host, deploy.db_port]).toEqual(["main.example.com", 5432]);
    expect([rails.db_host, rails.db_port]).toEqual(["pooler.example.com", 6432]);
    expect(deploy.databases.ci.db_host).toBe("ci.example.com");
    expect(rails.databases.ci).toEqual({
      enable: true,
      db_database: "gitlabhq_production_ci",
      db_username: "gitlab_ci",
      db_password: secret("ci.password"),
      db_database_tasks: true,
    });
    for (const each of [deploy, rails]) {
      expect(each.env).toMatchObject({
        GITLAB_ALLOW_SEPARATE_CI_DATABASE: "true",
        GITLAB_BACKUP_MAIN_PGHOST: "main.example.com",
        GITLAB_BACKUP_MAIN_PGPORT: "5432",
        GITLAB_BACKUP_CI_PGHOST: "ci.example.com",
      });
    }
  });

  test("each cluster creates its databases, and is a separate service", () => {
    const made = config(ownClusters);
    const main = rb.settings(made.gitlabRb("pg-main-2"));
    expect(main.roles).toEqual(["patroni_role"]);
    expect(main.gitlab_rails).toEqual({
      enable: true,
      auto_migrate: false,
      db_database: "gitlabhq_production",
      db_username: "gitlab",
      databases: { main: { enable: true } },
    });
    const component = (name: string) => ({
      enable: true,
      database: name,
      user: name,
      password: secret(`${name}.password`),
      extensions: [],
    });
    expect(main.postgresql).toMatchObject({
      sql_user: "gitlab",
      sql_user_password: secret("main.md5"),
      sql_replication_password: secret("gitlab-main-replication.md5"),
      max_connections: 500,
      hostssl: true,
      restrict_database_access: true,
      component_databases: { registry: component("registry"), praefect: component("praefect") },
    });
    expect(main.postgresql).not.toHaveProperty("pgbouncer_user_password");
    expect(main.patroni).toMatchObject({
      scope: "gitlab-main",
      name: "pg-main-2",
      connect_address: "pg-main-2.example.com",
      consul: { register_service: true, token: secret("consul.token") },
      postgresql: { max_wal_senders: 7, max_replication_slots: 7 },
      replication_password: secret("gitlab-main-replication.password"),
    });
    const ci = rb.settings(made.gitlabRb("pg-ci-1"));
    expect(ci.patroni.scope).toBe("gitlab-ci");
    expect(ci.gitlab_rails.db_database).toBe("gitlabhq_production_ci");
    expect(ci.postgresql).not.toHaveProperty("component_databases");
  });

  test("PgBouncer: a user for each component, a watch for each logical database on its cluster's service", () => {
    const { pgbouncer, consul, roles } = rb.settings(config(ownClusters).gitlabRb("pooler-1"));
    expect(roles).toEqual(["pgbouncer_role"]);
    const users = Object.entries(pgbouncer.databases).map(([name, entry]: [string, Json]) => [
      name,
      entry.host,
      entry.user,
      entry.password,
    ]);
    expect(users).toEqual(
      [
        ["gitlabhq_production", "main.example.com", "gitlab"],
        ["gitlabhq_production_ci", "ci.example.com", "gitlab_ci"],
        ["registry", "main.example.com", "registry"],
        ["praefect", "main.example.com", "praefect"],
      ].map((entry) => [...entry, `</etc/gitlab/pooling/${entry[2]}.md5>`]),
    );
    expect(pgbouncer).toMatchObject({
      listen_port: 6432,
      users: { pgbouncer: { password: secret("pgbouncer.md5") } },
      client_tls_sslmode: "require",
      server_tls_sslmode: "verify-ca",
      server_tls_ca_file: "/etc/gitlab/pooling/server-ca.crt",
    });
    const { watches, retry_join, acl } = consul.configuration;
    expect(watches.map((watch: Json) => [watch.service, watch.args[4]])).toEqual([
      ["gitlab-main", "gitlabhq_production"],
      ["gitlab-main", "registry"],
      ["gitlab-main", "praefect"],
      ["gitlab-ci", "gitlabhq_production_ci"],
    ]);
    expect(retry_join).toHaveLength(3);
    expect(acl.tokens.default).toBe(secret("consul.token"));
    expect(consul.watchers).toEqual([]);
  });

  test("Consul's servers and Praefect", () => {
    const made = config(ownClusters);
    const { consul } = rb.settings(made.gitlabRb("consul-1"));
    expect(consul.configuration).toMatchObject({ server: true, bootstrap_expect: 3 });
    expect(consul.node_name).toBe("consul-1");
    const { praefect, puma, gitlab_rails } = rb.settings(made.gitlabRb("praefect-1"));
    expect([praefect.auto_migrate, puma.enable, gitlab_rails.auto_migrate]).toEqual([true, false, false]);
    expect(praefect.configuration.database).toMatchObject({
      host: "main.example.com",
      dbname: "praefect",
      session_pooled: { host: "main.example.com", port: 5432 },
    });
  });

  describeWith("with what only Terraform knows", terraform, (program) => {
    test("every text is read unchanged, alone and with others", () => {
      const literals = applied(program, (stack) =>
        TEXTS.map((text, i) => {
          const { stringValue } = input(stack, `text${i}`, text);
          return rubyText(i % 2 ? stringValue : `'#{${stringValue}`);
        }),
      );
      expect(literals.map((literal: string) => rb.value(literal))).toEqual(
        TEXTS.map((text, i) => (i % 2 ? text : `'#{${text}`)),
      );
    });

    test("secrets and their hashes are refused where they would be in the state", () => {
      const refused = (value: (made: ReturnType<typeof managed>) => string) => () =>
        applied(program, (stack) => value(ownClusters(stack, { inlineSecrets: true })));
      expect(refused((made) => made.cloudInitWithSecrets("rails-1").writeOnly())).toThrow(/[Ee]phemeral/);
      for (const at of [0, 1, 2])
        expect(refused((made) => made.secretFiles("pg-main-1")[at]!.content.writeOnly())).toThrow(
          /[Ee]phemeral/,
        );
      expect(refused((made) => made.cloudInit("rails-1"))).not.toThrow();
    });

    test("hosts, ports and names may all be unknown at synth", () => {
      const text = applied(program, (stack) => {
        const postgres = server(stack, "postgres-token", {
          host: input(stack, "host", "db'#{1}.example.com").stringValue,
          port: input(stack, "port", 6543).numberValue,
          maxConnections: input(stack, "max", 700).numberValue,
        });
        return managed(
          stack,
          {},
          { main: named(stack, postgres, "gitlabhq_production", "gitlab_t") },
        ).gitlabRb("gitlab");
      });
      expect(rb.complaints(text)).toBe("");
      const { gitlab_rails } = rb.settings(text);
      expect([gitlab_rails.db_host, gitlab_rails.db_port]).toEqual(["db'#{1}.example.com", 6543]);
    });
  });
});

describeWith("cloud-init", cloudInitSchema, (complaints) => {
  test("its schema accepts the user data, and refuses a wrong one", () => {
    const made = config((stack) =>
      ownClusters(stack, { setupCommands: ["apt-get install -y gitlab-ee", "echo 'a: b' # \"c\""] }),
    );
    for (const node of made.nodeNames) expect(complaints(made.cloudInit(node))).toBe("");
    expect(complaints("#cloud-config\nwrite_files: 3\n")).toContain("write_files");
  });

  describeWith("with what only Terraform knows", terraform, (program) => {
    test("user data with tokens is valid, and has the same gitlab.rb", () => {
      const nodes = [{ name: "gitlab", role: LinuxPackageRole.SINGLE_NODE, host: "10.0.0.5" }];
      const [cloudInit, gitlabRb] = applied(program, (stack) => {
        const url = input(stack, "url", "https://git\"lab'.example.com").stringValue;
        const made = managed(stack, { nodes, externalUrl: url });
        return [made.cloudInit("gitlab"), made.gitlabRb("gitlab")];
      });
      expect(complaints(cloudInit)).toBe("");
      const files = parse(cloudInit).write_files as Json[];
      expect(files.at(-1)).toEqual({
        path: "/etc/gitlab/gitlab.rb",
        owner: "root:root",
        permissions: "0600",
        content: gitlabRb,
      });
    });
  });
});
