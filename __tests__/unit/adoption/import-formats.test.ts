/** Every resource that a construct makes can be adopted: its import ID is known, or that it has none. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import { AzureAdminLogin, type PostgresFlexibleServer } from "../../../lib/azure";
import { adoptConstruct, DatabaseLogin, SecretValue } from "../../../lib/database";
import { importFormat, isImportable } from "../../../lib/database/private/adoption/import-format";
import {
  ApplicationBuckets,
  ArtifactRegistry,
  BackupBucket,
  CloudSqlAdminLogin,
  CloudSqlUser,
} from "../../../lib/google";
import { KubernetesNamespace } from "../../../lib/kubernetes";
import { repository } from "../../../tools/machine/repository";
import { azureId, postgres } from "../../support/azure-stack";
import { type Json, problemsOf, synthesize } from "../../support/synth";
import { server as cloudSql } from "../google/fixture";

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((each) => {
    const path = join(folder, each.name);
    return each.isDirectory() ? sources(path) : each.name.endsWith(".ts") ? [readFileSync(path, "utf8")] : [];
  });
}

const TYPES = new Set(
  sources(join(repository, "lib")).flatMap((text) =>
    [...text.matchAll(/@cdktf\/provider-([a-z]+)\/lib\/(?!data-|provider")([a-z0-9-]+)/g)].map(
      ([, provider, name]) => `${provider}_${name?.replaceAll("-", "_")}`,
    ),
  ),
);

test("the table has each resource type of the constructs", () => {
  expect(TYPES.size).toBeGreaterThan(100);
  expect([...TYPES].filter((type) => isImportable(type) && !importFormat(type))).toEqual([]);
});

test("examples have the form of the IDs", () => {
  for (const type of TYPES) {
    const format = importFormat(type);
    if (!format) continue;
    const patterns = [...format.forms, ...(format.end ? [`.+${format.end}`] : [])].map(
      (form) => new RegExp(`^${form.replaceAll("|", "\\|").replace(/\{[^}]+\}/g, ".+")}$`),
    );
    expect([type, patterns.length === 0 || patterns.some((each) => each.test(format.example))]).toEqual([
      type,
      true,
    ]);
    expect(format.example).not.toMatch(/[{}]/);
  }
});

const login = () =>
  DatabaseLogin.withPassword(
    "postgres",
    SecretValue.fromEphemeral("${ephemeral.test.x.value}", { version: 1 }),
  );
const imports = (json: Json): string[] => json.import.map(({ id }: Json) => id);

test("Cloud SQL: the ID has project and name, and the user of the administrator is left alone", () => {
  const build = (adopted: boolean) => (stack: TerraformStack) => {
    const made = cloudSql(stack, {
      instanceName: "prod",
      project: "platform",
      adminLogin: CloudSqlAdminLogin.existing(login()),
    });
    if (adopted) adoptConstruct(made, { existing: ["Resource"] });
  };
  const { json, resources } = synthesize(build(true));
  expect(imports(json)).toEqual(["projects/platform/instances/prod"]);
  expect(resources("google_sql_user")).toEqual([]);
  expect(problemsOf(build(false))).toEqual([expect.stringContaining("CLOUDSQL-ADMIN-LOGIN-EXISTING")]);
});

const MEMBER = "serviceAccount:coder@platform.iam.gserviceaccount.com";

test("Google Cloud: the ID of an IAM member with a condition ends in the title of the condition", () => {
  const { json } = synthesize((stack) => {
    const made = new ApplicationBuckets(stack, "workspaces", {
      prefix: "coder-",
      location: "EU",
      project: "platform",
    });
    made.grantReadWriteToMember("coder", MEMBER);
    adoptConstruct(made, { existing: ["Maker-coder", "Objects-coder"] });
  });
  const [maker, objects] = imports(json);
  expect(maker).toMatch(new RegExp(`^platform projects/platform/roles/[^/ ]+ ${MEMBER}$`));
  expect(objects).toMatch(new RegExp(`^platform projects/platform/roles/[^/ ]+ ${MEMBER} buckets coder-$`));
});

test("Google Cloud: IDs of children have the name that a given ID has, without its project", () => {
  const { json } = synthesize((stack) => {
    const bucket = new BackupBucket(stack, "bucket", { bucketName: "artifacts", location: "EU" });
    bucket.grantReadWriteToMember("coder", MEMBER);
    adoptConstruct(bucket, { everything: true, ids: { Resource: "platform/artifacts" } });
    const registry = new ArtifactRegistry(stack, "images", {
      repositoryId: "images",
      location: "europe-west1",
    });
    registry.grantPushToMember("coder", MEMBER);
    adoptConstruct(registry, {
      everything: true,
      ids: { Resource: "projects/platform/locations/europe-west1/repositories/images" },
    });
    const made = cloudSql(stack, { instanceName: "prod" });
    adoptConstruct(made, { ids: { Resource: "projects/platform/instances/prod" } });
    const user = new CloudSqlUser(stack, "user", {
      instance: made.resource.name,
      engine: made.engine,
      username: "reports",
      project: "platform",
      login: login(),
    });
    adoptConstruct(user, { everything: true });
  });
  expect(imports(json)).toEqual([
    "platform/artifacts",
    `b/artifacts roles/storage.objectUser ${MEMBER}`,
    "projects/platform/locations/europe-west1/repositories/images",
    `projects/platform/locations/europe-west1/repositories/images roles/artifactregistry.writer ${MEMBER}`,
    "projects/platform/instances/prod",
    "platform/prod/postgres",
  ]);
});

describe.each<[string, string | undefined, { readonly [id: string]: boolean }]>([
  [
    "with the provider's project",
    undefined,
    { prod: true, "platform/prod": true, "projects/platform/instances/prod": true, "platform/other": false },
  ],
  [
    "with a project",
    "platform",
    { prod: true, "platform/prod": true, "projects/other/instances/prod": false, other: false },
  ],
])("Cloud SQL, %s: each form of an ID is accepted, and no other name", (_, project, ids) => {
  test.each(Object.entries(ids))("%s: %s", (id, accepted) => {
    const problems = problemsOf((stack) => {
      adoptConstruct(cloudSql(stack, { instanceName: "prod", project }), { ids: { Resource: id } });
    });
    expect(problems).toEqual(accepted ? [] : [expect.stringContaining("ADOPT-IDS-NAME")]);
  });
});

test("Google Cloud: an ID without the title of the condition is refused", () => {
  const problems = problemsOf((stack) => {
    const made = new ApplicationBuckets(stack, "workspaces", {
      prefix: "coder-",
      location: "EU",
      project: "platform",
    });
    made.grantReadWriteToMember("coder", MEMBER);
    const role = "projects/platform/roles/objects";
    adoptConstruct(made, { ids: { Objects: role, "Objects-coder": `platform ${role} ${MEMBER}` } });
  });
  expect(problems).toEqual([
    expect.stringMatching(/ADOPT-IDS-NAME: ids\["Objects"\]/),
    expect.stringContaining(`${MEMBER} buckets coder- (got`),
  ]);
});

const SERVER = azureId("Microsoft.DBforPostgreSQL/flexibleServers", "prod").replace("shared", "platform");

test("Azure: IDs of children follow from that of the server, and its password is left alone", () => {
  const build = (adopted: boolean) => (stack: TerraformStack) => {
    const made: PostgresFlexibleServer = postgres(stack, {
      serverName: "prod",
      adminLogin: AzureAdminLogin.existing(login()),
    });
    if (adopted) adoptConstruct(made, { ids: { Resource: SERVER }, existing: ["Lock"] });
  };
  const { json, resource } = synthesize(build(true));
  expect(imports(json)).toEqual([
    SERVER,
    expect.stringContaining(`${SERVER}/providers/Microsoft.Authorization/locks/`),
  ]);
  const server = resource("azurerm_postgresql_flexible_server");
  expect(server.administrator_login).toBe("postgres");
  expect(Object.keys(server).filter((name) => name.includes("password_wo"))).toEqual([]);
  expect(problemsOf(build(false))).toEqual([expect.stringContaining("AZURE-POSTGRES-ADMIN-LOGIN-EXISTING")]);
});

test("Azure: a server of another name, or in another resource group, is refused", () => {
  const problems = problemsOf((stack) => {
    adoptConstruct(postgres(stack, { serverName: "prod" }), {
      ids: { Resource: SERVER.replace("prod", "other") },
    });
  });
  expect(problems).toEqual([
    expect.stringContaining(
      'ADOPT-IDS-NAME: ids["Resource"] must end in /resourceGroups/platform/providers/Microsoft.DBforPostgreSQL/flexibleServers/prod',
    ),
  ]);
});

test("Kubernetes: a namespace has the ID of its name", () => {
  const { json } = synthesize((stack) => {
    adoptConstruct(new KubernetesNamespace(stack, "namespace", { namespaceName: "coder" }), {
      everything: true,
    });
  });
  expect(imports(json)).toEqual(["coder"]);
});

test("a type that Terraform cannot import is refused", () => {
  const problems = problemsOf((stack) => {
    const made = cloudSql(stack, { instanceName: "prod" });
    adoptConstruct(made, {
      existing: ["Resource"],
      ids: { "Admin/Password/Version": "projects/p/secrets/s/versions/1" },
    });
  });
  expect(problems).toEqual([
    expect.stringContaining('ADOPT-IDS-TYPE: ids["Admin/Password/Version"] must be left out'),
  ]);
});

test.each<[string, (stack: TerraformStack) => void]>([
  ["Cloud SQL", (stack) => adoptConstruct(cloudSql(stack), { existing: ["Resource"] })],
  ["Azure", (stack) => adoptConstruct(postgres(stack), { ids: { Resource: SERVER } })],
])(
  "%s: a server that generates its name is refused, since the plan would replace what exists",
  (_, build) => {
    expect(problemsOf(build)).toEqual([
      expect.stringContaining(
        "ADOPT-EXISTING-NAME: existing must be a resource whose name the program gives",
      ),
    ]);
  },
);
