/**
 * The table of Gitpod's reference architecture of 2022, cell by cell, against the example of each cloud: a value is there, or
 * the departure from it is listed with its reason, in the review and on the page.
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Cloud } from "../../../lib/database";
import { GitpodPreset } from "../../../lib/gitpod";
import { repository } from "../../../tools/machine/repository";
import type { Attributes } from "../../support/terraform/plan";
import { type StackJson, synthesizedExamples } from "../../support/terraform/stacks";

const [AWS, GOOGLE, AZURE] = [Cloud.AWS.name, Cloud.GOOGLE.name, Cloud.AZURE.name];
const PROGRAMS: readonly [string, string][] = [
  [GOOGLE, "gitpod-2022-google"],
  [AWS, "gitpod-2022-aws"],
  [AZURE, "gitpod-2022-azure"],
];

const stacks = new Map<string, StackJson>();
const notes = new Map<string, string[]>();
for (const [cloud, program] of PROGRAMS) {
  const stack = synthesizedExamples().find(({ name }) => name.startsWith(`${program}/`));
  if (!stack) throw new Error(`${program} has no stack`);
  stacks.set(cloud, stack.json);
  const manifest = JSON.parse(readFileSync(join(stack.folder, "../../manifest.json"), "utf8"));
  const annotations: { message: string }[] = manifest.stacks[basename(stack.folder)].annotations ?? [];
  notes.set(
    cloud,
    annotations.map(({ message }) => message),
  );
}

/** The resources of a type. */
function all(cloud: string, type: string): Attributes[] {
  return Object.values(stacks.get(cloud)?.resource?.[type] ?? {});
}

/** The only resource of a type. */
function one(cloud: string, type: string): Attributes {
  const [first, ...others] = all(cloud, type);
  if (!first || others.length > 0)
    throw new Error(`${cloud} has ${others.length + (first ? 1 : 0)} of ${type}`);
  return first;
}

const SQL = "google_sql_database_instance";
const MYSQL = "azurerm_mysql_flexible_server";
const settings = (): Attributes => one(GOOGLE, SQL).settings as Attributes;
const flag = (list: unknown): unknown =>
  (list as Attributes[]).find(({ name }) => name === "explicit_defaults_for_timestamp")?.value;

/** What the program that makes databases and logins is told. */
function sql(cloud: string): string {
  return JSON.stringify(all(cloud, "kubernetes_job_v1"));
}

/** The name that Gitpod is given to log in by. */
function login(cloud: string): unknown {
  return all(cloud, "kubernetes_secret_v1")
    .map(({ data_wo }) => (data_wo ?? {}) as Attributes)
    .find((data) => "encryptionKeys" in data)?.username;
}

type Cell =
  /** A documented value, and where the stack has it. */
  | readonly [cloud: string, item: string, documented: unknown, actual: () => unknown]
  /** A documented value that is not there: the name of the departure. */
  | readonly [cloud: string, item: string, documented: unknown, departure: string];

const TABLE: readonly Cell[] = [
  [GOOGLE, "service", 1, () => all(GOOGLE, SQL).length],
  [GOOGLE, "version", "MYSQL_5_7", () => one(GOOGLE, SQL).database_version],
  [GOOGLE, "size", "db-n1-standard-2", () => settings().tier],
  [GOOGLE, "storage", 20, () => settings().disk_size],
  [GOOGLE, "storage grows", true, () => settings().disk_autoresize],
  [GOOGLE, "storage grows without a limit", 0, "storage"],
  [GOOGLE, "failover replica", "FAILOVER", "availability"],
  [GOOGLE, "a standby in its place", "REGIONAL", () => settings().availability_type],
  [GOOGLE, "binary log", true, () => (settings().backup_configuration as Attributes).binary_log_enabled],
  [GOOGLE, "server setting", "off", () => flag(settings().database_flags)],
  [GOOGLE, "login", "gitpod", () => login(GOOGLE)],
  [GOOGLE, "random password", "random_password", "password"],
  [GOOGLE, "database", true, () => /\\"gitpod\\"/.test(sql(GOOGLE))],
  [GOOGLE, "public address", true, "network"],
  [GOOGLE, "service account", "gitpod-mysql", () => one(GOOGLE, "google_service_account").account_id],
  [
    GOOGLE,
    "role of the account",
    true,
    () => all(GOOGLE, "google_project_iam_member").some(({ role }) => role === "roles/cloudsql.client"),
  ],
  [GOOGLE, "key file", "google_service_account_key", "identity"],
  [
    GOOGLE,
    "output: connection name",
    true,
    () => /\.connection_name\}/.test(JSON.stringify(stacks.get(GOOGLE)?.output)),
  ],
  [GOOGLE, "output: key", "key", "output"],

  [AWS, "service", 1, () => all(AWS, "aws_db_instance").length],
  [AWS, "version", "5.7", () => one(AWS, "aws_db_instance").engine_version],
  [AWS, "size", "db.m5.large", () => one(AWS, "aws_db_instance").instance_class],
  [AWS, "size in the text", "db.m5g.large", "size"],
  [AWS, "storage", 20, () => one(AWS, "aws_db_instance").allocated_storage],
  [AWS, "storage grows to", 120, () => one(AWS, "aws_db_instance").max_allocated_storage],
  [AWS, "availability", true, () => one(AWS, "aws_db_instance").multi_az],
  [AWS, "server setting", "0", () => flag(one(AWS, "aws_db_parameter_group").parameter)],
  [AWS, "the login is the master user", "gitpod", "login"],
  [AWS, "login", "gitpod", () => login(AWS)],
  [AWS, "password of 18 bytes in hexadecimal", 36, "password"],
  [AWS, "initial database", "gitpod", "database"],
  [AWS, "database", true, () => /\\"gitpod\\"/.test(sql(AWS))],
  [AWS, "subnet group", "gitpod-rds", () => one(AWS, "aws_db_subnet_group").name],
  [AWS, "subnets", 3, () => (one(AWS, "aws_db_subnet_group").subnet_ids as string[]).length],
  [AWS, "public subnets, if you like", true, "network"],
  [AWS, "security group", "gitpod-rds", () => one(AWS, "aws_security_group").name],
  [
    AWS,
    "one rule, tcp 3306, from the services' nodes",
    ["tcp", 3306, 3306, "sg-0a1b2c3d4e5f60001"],
    () => {
      const rule = one(AWS, "aws_vpc_security_group_ingress_rule");
      const port = (value: unknown) => (typeof value === "number" ? value : 3306);
      expect(`${rule.from_port}`).toMatch(/^3306$|\.port\}$/);
      return [rule.ip_protocol, port(rule.from_port), port(rule.to_port), rule.referenced_security_group_id];
    },
  ],
  [AWS, "instance", "gitpod-instance", () => one(AWS, "aws_db_instance").identifier],
  [
    AWS,
    "tags",
    { project: "gitpod", department: "demo", Name: "gitpod-instance" },
    () => one(AWS, "aws_db_instance").tags,
  ],
  [AWS, "output: endpoint", true, () => /\.address\}/.test(JSON.stringify(stacks.get(AWS)?.output))],

  [AZURE, "service", "Single Server", "service"],
  [AZURE, "the service in its place", 1, () => all(AZURE, MYSQL).length],
  [AZURE, "version", "5.7", () => one(AZURE, MYSQL).version],
  [AZURE, "size", "GP_Gen5_2", "size"],
  [AZURE, "the size in its place", "GP_Standard_D2ds_v4", () => one(AZURE, MYSQL).sku_name],
  [AZURE, "storage in MB", 20480, () => Number((one(AZURE, MYSQL).storage as Attributes).size_gb) * 1024],
  [AZURE, "storage grows", true, () => (one(AZURE, MYSQL).storage as Attributes).auto_grow_enabled],
  [AZURE, "availability: nothing", undefined, () => one(AZURE, MYSQL).high_availability],
  [AZURE, "server setting", "OFF", () => flag(all(AZURE, "azurerm_mysql_flexible_server_configuration"))],
  [AZURE, "the login is the administrator", "gitpod", "login"],
  [AZURE, "login", "gitpod", () => login(AZURE)],
  [AZURE, "random password", "random_password", "password"],
  [AZURE, "database", true, () => /\\"gitpod\\"/.test(sql(AZURE))],
  [AZURE, "firewall rule", "Azure_Resources", "network"],
  [
    AZURE,
    "a name that is unique, with a random suffix",
    true,
    () => /random_(id|string)\./.test(`${one(AZURE, MYSQL).name}`),
  ],
  [AZURE, "output: host", true, () => /\.fqdn\}/.test(JSON.stringify(stacks.get(AZURE)?.output))],
];

const deviationsOf = (cloud: string) => GitpodPreset.documented2022(Cloud.of(cloud)).deviations;

test.each(TABLE)("%s, %s: %j", (cloud, _, documented, there) => {
  if (typeof there === "string") {
    expect(deviationsOf(cloud).map(({ item }) => item)).toContain(there);
  } else {
    expect(there()).toEqual(documented);
  }
});

describe.each([GOOGLE, AWS, AZURE])("deviations on %s", (cloud) => {
  test("are each of a cell of the table", () => {
    const named = TABLE.filter(([of]) => of === cloud).map(([, , , there]) => there);
    expect(deviationsOf(cloud).map(({ item }) => item)).toEqual(
      expect.arrayContaining([...new Set(named.filter((each) => typeof each === "string"))]),
    );
    for (const { item } of deviationsOf(cloud)) expect(named).toContain(item);
  });

  test("are recorded as warnings with their reasons", () => {
    for (const { item, documented, because } of deviationsOf(cloud)) {
      expect(notes.get(cloud)?.join("\n")).toMatch(
        new RegExp(`documented2022, ${item}: .* instead of the documented`),
      );
      expect(notes.get(cloud)?.join("\n")).toContain(`instead of the documented ${documented}, because`);
      expect(notes.get(cloud)?.join("\n")).toContain(because);
    }
  });

  test("are on the page", () => {
    const page = readFileSync(join(repository, "docs/gitpod-documented-2022.md"), "utf8");
    for (const { item, documented, instead, because } of deviationsOf(cloud)) {
      expect(page).toContain(`| ${item} | ${documented} | ${instead} | ${because} |`);
    }
  });
});

test("what is public, unencrypted or without backups in Gitpod's own modules is none of it here", () => {
  expect((settings().ip_configuration as Attributes).ipv4_enabled).toBe(false);
  expect(one(AWS, "aws_db_instance")).toMatchObject({ publicly_accessible: false, storage_encrypted: true });
  expect(Number(one(AWS, "aws_db_instance").backup_retention_period)).toBeGreaterThanOrEqual(7);
  expect(one(AZURE, MYSQL).public_network_access).toBe("Disabled");
});
