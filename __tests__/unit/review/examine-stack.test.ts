/** What the file of a stack shows without a plan: ends of support and of certificates, and where the state is. */
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AZURE_SUPPORT } from "../../../lib/azure/flexible-server/data/engine-support";
import { examineStack, type StackFact } from "../../../lib/review";
import { AZURE_SUPPORT_ENDS } from "../../../lib/review/data/azure-support";
import { must } from "../../../tools/machine/processes";

const BACKEND = { terraform: { backend: { s3: { bucket: "states" } } } };
const TODAY = "2026-11-27";
const examine = (json: object, days?: number): StackFact[] =>
  examineStack({ ...BACKEND, ...json }, { today: TODAY, days });
const brief = (facts: readonly StackFact[]) =>
  facts.map(({ urgency, rule, subject }) => `${urgency} ${rule} ${subject}`);
const server = (type: string, values: object) => ({ resource: { [type]: { db: values } } });

test.each([
  [
    "RDS in extended support",
    server("aws_db_instance", { engine: "mysql", engine_version: "8.0" }),
    "soon SUPPORT-ENDED aws_db_instance.db",
  ],
  [
    "RDS with a version that is older than the table",
    server("aws_db_instance", { engine: "postgres", engine_version: "12.22" }),
    "now SUPPORT-ENDED aws_db_instance.db",
  ],
  [
    "Azure with such a version",
    server("azurerm_postgresql_flexible_server", { version: "11" }),
    "now SUPPORT-ENDED azurerm_postgresql_flexible_server.db",
  ],
  ["another engine", server("aws_db_instance", { engine: "mariadb", engine_version: "10.6" }), undefined],
  [
    "RDS with a supported version",
    server("aws_db_instance", { engine: "postgres", engine_version: "17.6" }),
    undefined,
  ],
  [
    "RDS whose version is a variable",
    server("aws_db_instance", { engine: "postgres", engine_version: "${var.v}" }),
    undefined,
  ],
  [
    "Cloud SQL in extended support",
    server("google_sql_database_instance", { database_version: "MYSQL_8_0" }),
    "soon SUPPORT-ENDED google_sql_database_instance.db",
  ],
  [
    "Azure MySQL that ends soon",
    server("azurerm_mysql_flexible_server", { version: "8.0.21" }),
    "soon SUPPORT-ENDS azurerm_mysql_flexible_server.db",
  ],
  [
    "Azure PostgreSQL without extended support",
    server("azurerm_postgresql_flexible_server", { version: "14" }),
    "now SUPPORT-ENDED azurerm_postgresql_flexible_server.db",
  ],
  [
    "an ended authority of RDS",
    server("aws_db_instance", {
      engine: "postgres",
      engine_version: "17",
      ca_cert_identifier: "rds-ca-2019",
    }),
    "now CA-ENDED aws_db_instance.db",
  ],
])("%s", (_, json, expected) => {
  expect(brief(examine(json))).toEqual(expected === undefined ? [] : [expected]);
});

test("an end of support is reported from the days before it that were asked for", () => {
  const json = server("azurerm_mysql_flexible_server", { version: "8.0.21" });
  expect(examine(json, 30)).toEqual([]);
  expect(examine(json, 34)).toHaveLength(1);
});

test("dates of Azure are those of the constructs", () => {
  for (const [type, ends] of Object.entries(AZURE_SUPPORT_ENDS)) {
    const family = type.includes("mysql") ? "mysql" : "postgres";
    const known = AZURE_SUPPORT.releases
      .filter((release) => release.family === family && release.standardEnd !== undefined)
      .map(({ major, standardEnd, extendedEnd }) => [major, [standardEnd, extendedEnd].filter(Boolean)]);
    expect(ends).toEqual(Object.fromEntries(known));
  }
});

test("certificates are found in resources and locals, also in expressions", () => {
  const folder = mkdtempSync(join(tmpdir(), "examine-"));
  const name = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-subj",
    "/CN=Platform CA",
  ];
  must("openssl", [...name, "-days", "100", "-keyout", join(folder, "key"), "-out", join(folder, "crt")]);
  const pem = readFileSync(join(folder, "crt"), "utf8");
  rmSync(folder, { recursive: true });
  const lastDay = new Date(new X509Certificate(pem).validTo).toISOString().slice(0, 10);
  const json = {
    ...BACKEND,
    resource: {
      kubernetes_secret_v1: { ca: { data: { "ca.crt": `${pem}\n${pem}` } } },
      kubernetes_config_map_v1: {
        ca: { data: { "ca.pem": `\${join("", ["${pem.replace(/\n/g, "\\n")}"])}` } },
      },
      aws_s3_object: { broken: { content: pem.replace(/[A-Z]{4}/g, "AAAA") } },
    },
    locals: { roots: { eu: pem } },
  };
  const holders = ["kubernetes_secret_v1.ca", "kubernetes_config_map_v1.ca", "local.roots"];
  const on = (today: string, days: number) => examineStack(json, { today, days });
  const day = (offset: number) =>
    new Date(Date.parse(lastDay) + offset * 86_400_000).toISOString().slice(0, 10);
  expect(brief(on(day(-60), 180))).toEqual(holders.map((each) => `soon CERTIFICATE-ENDS ${each}`));
  expect(on(day(-60), 30)).toEqual([]);
  expect(brief(on(day(1), 0))).toEqual(holders.map((each) => `now CERTIFICATE-ENDED ${each}`));
  expect(on(day(1), 0)[0]?.words).toBe(`The certificate Platform CA ended on ${lastDay}.`);
});

test.each([
  ["no backend", {}, true],
  ["a local one", { backend: { local: { path: "x" } } }, true],
  ["a bucket", { backend: { gcs: { bucket: "x" } } }, false],
  ["HCP Terraform", { cloud: { organization: "x" } }, false],
])("a state that is kept on one machine: %s", (_, terraform, isLocal) => {
  const rules = examineStack({ terraform }, { today: TODAY }).map(({ rule }) => rule);
  expect(rules).toEqual(isLocal ? ["STATE-LOCAL"] : []);
});

test.each([
  [null],
  [[]],
  [{}],
  [{ resource: { aws_db_instance: null } }],
  [{ resource: [{}] }],
  [{ locals: 3 }],
])("a file of another shape is no crash: %j", (json) => {
  expect(brief(examineStack(json, { today: TODAY }))).toEqual(["now STATE-LOCAL undefined"]);
});
