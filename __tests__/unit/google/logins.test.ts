/** Databases, users and passwords: what creates them, and in which order a password is written. */
import { TerraformVariable, Token } from "cdktf";
import { DatabaseLogin, DatabaseProvisioning, LoginAuthentication, SecretValue } from "../../../lib/database";
import {
  CloudSqlAdminLogin,
  CloudSqlIamKind,
  type CloudSqlServer,
  GeneratedPassword,
  GkeWorkloadIdentity,
  iamUsername,
} from "../../../lib/google";
import { problemsOf, synthesize } from "../../support/synth";
import { MYSQL, POSTGRES, server } from "./fixture";

const api = { adminLogin: CloudSqlAdminLogin.none() };
const identity = (db: CloudSqlServer) =>
  new GkeWorkloadIdentity(db.node.scope as never, "identity", {
    namespace: "coder",
    serviceAccountName: "coder",
    project: "platform",
    accountId: "coder-database",
  });

describe("a database without an administrator", () => {
  test("is created by the API with its owner, and neither is dropped", () => {
    let provisioning: DatabaseProvisioning | undefined;
    const { resource } = synthesize((stack) => {
      const database = server(stack, api).database("coder");
      provisioning = database.provisioning;
      expect(database.owner.username).toBe("coder");
      expect(Token.isUnresolved(database.owner.password?.version)).toBe(true);
      expect(database.dependables).toHaveLength(4);
    });
    expect(provisioning).toBe(DatabaseProvisioning.CLOUD_API);
    expect(resource("google_sql_database")).toEqual({
      instance: "${google_sql_database_instance.db_ECC37780.name}",
      name: "coder",
      deletion_policy: "ABANDON",
      depends_on: ["google_sql_database_instance.db_ECC37780"],
    });
    expect(resource("google_sql_user")).toMatchObject({
      name: "coder",
      password_wo: expect.stringMatching(/^\$\{ephemeral\.random_password\..*\.result\}$/),
      password_wo_version: expect.stringContaining('.create_time} 1"'),
      deletion_policy: "ABANDON",
    });
    // PostgreSQL refuses a host.
    expect(resource("google_sql_user").host).toBeUndefined();
  });

  test("of MySQL has four-byte UTF-8, and a user that can connect from any host", () => {
    const { resource } = synthesize((stack) => server(stack, { ...api, engine: MYSQL }).database("gitpod"));
    expect(resource("google_sql_database").charset).toBe("utf8mb4");
    expect(resource("google_sql_user").host).toBe("%");
  });

  test("writes the password to all places in one run, close together, with one version", () => {
    const { resource, ephemeral, json } = synthesize((stack) =>
      server(stack, { ...api, passwordVersion: 4 }).database("coder"),
    );
    expect(ephemeral("random_password")).toEqual({
      length: 32,
      special: false,
      min_lower: 1,
      min_upper: 1,
      min_numeric: 1,
    });
    const [user] = Object.keys(json.resource.google_sql_user);
    const [secret] = Object.keys(json.resource.google_secret_manager_secret);
    // The secret proves first that Secret Manager can be used; its content is written right after the user.
    expect(resource("google_sql_user").depends_on).toContain(`google_secret_manager_secret.${secret}`);
    expect(resource("google_secret_manager_secret_version")).toMatchObject({
      secret_data_wo: resource("google_sql_user").password_wo,
      secret_data_wo_version: 4,
      depends_on: [`google_sql_user.${user}`],
    });
    // A secret that is made anew has another time of creation, and the user gets its password.
    expect(resource("google_sql_user").password_wo_version).toBe(
      `\${sum([1, parseint(substr(sha256("\${google_secret_manager_secret.${secret}.create_time} 4"), 0, 12), 16)])}`,
    );
    expect(resource("google_secret_manager_secret")).toMatchObject({
      secret_id: "test-db-user-coder-password",
      replication: { user_managed: { replicas: [{ location: "europe-west1" }] } },
      deletion_protection: true,
    });
  });

  test("is the same for the same name, and owners with one name are one user", () => {
    const { resources } = synthesize((stack) => {
      const db = server(stack, api);
      expect(db.database("main", { ownerName: "gitlab" })).toBe(db.database("main"));
      db.database("ci", { ownerName: "gitlab" });
    });
    expect(resources("google_sql_user")).toHaveLength(1);
    expect(resources("google_sql_database")).toHaveLength(2);
  });

  test("warns from the second on that the owners can read each other's data", () => {
    const build = (names: string[]) =>
      synthesize((stack) => {
        const db = server(stack, api);
        for (const name of names) db.database(name);
      }).warnings.map((note) => note.message);
    expect(build(["a"])).toEqual([]);
    expect(build(["a", "b", "c"])).toEqual([
      expect.stringMatching(
        /^CLOUDSQL-ADMIN-LOGIN-MEMBERS: adminLogin: the Cloud SQL Admin API creates the owners of several databases, .*leave adminLogin out/,
      ),
    ]);
  });

  test("accepts an owner of the program, whose password Terraform checks", () => {
    const { resource, resources } = synthesize((stack) => {
      const variable = new TerraformVariable(stack, "password", { type: "string" });
      const owner = DatabaseLogin.withPassword("app", SecretValue.fromVariable(variable, 7));
      server(stack, api).database("coder", { owner });
    });
    expect(resource("google_sql_user")).toMatchObject({
      name: "app",
      password_wo: "${var.password}",
      password_wo_version: 7,
    });
    expect(resource("google_sql_user").lifecycle.precondition.length).toBeGreaterThan(1);
    expect(resources("google_secret_manager_secret")).toEqual([]);
  });
});

describe("a database with an administrator", () => {
  test("is created in SQL, so that its owner has no rights beyond it", () => {
    let made: CloudSqlServer | undefined;
    const { resource, resources } = synthesize((stack) => {
      made = server(stack);
      const database = made.database("coder");
      expect(database.provisioning).toBe(DatabaseProvisioning.SQL_JOB);
      expect(database.owner.password).toBeDefined();
    });
    // The API creates the administrator, not `postgres`, and not the owner.
    expect(resource("google_sql_user").name).toBe("dbadmin");
    expect(resources("google_sql_database")).toEqual([]);
    expect(resources("google_secret_manager_secret").map((secret) => secret.secret_id)).toEqual([
      "test-db-admin-password",
      "test-db-login-coder",
    ]);
    expect(made?.adminLogin?.username).toBe("dbadmin");
    expect(resource("google_sql_database_instance").root_password).toBeUndefined();
  });

  test("can be a login of the program", () => {
    const { resource } = synthesize((stack) => {
      const variable = new TerraformVariable(stack, "password", { type: "string" });
      const login = DatabaseLogin.withPassword("chief", SecretValue.fromVariable(variable, 2));
      const db = server(stack, { adminLogin: CloudSqlAdminLogin.given(login) });
      expect(db.adminLogin).toBe(login);
    });
    expect(resource("google_sql_user")).toMatchObject({ name: "chief", password_wo_version: 2 });
  });
});

describe("a Google identity", () => {
  test.each([
    [POSTGRES, "coder@platform.iam.gserviceaccount.com", "coder@platform.iam"],
    [POSTGRES, "jane@example.com", "jane@example.com"],
    [MYSQL, "coder@platform.iam.gserviceaccount.com", "coder"],
    [MYSQL, "jane@example.com", "jane"],
  ])("%#: %s has the user name that the engine needs", (engine, email, username) => {
    expect(iamUsername(engine, email)).toBe(username);
  });

  test("of a workload is a PostgreSQL user without the suffix of its address", () => {
    const { resources } = synthesize((stack) => {
      const db = server(stack);
      const workload = identity(db);
      const { login: owner, dependables } = db.grantConnect(workload);
      expect(dependables).toHaveLength(1);
      expect(owner.authentication).toBe(LoginAuthentication.CLOUD_IDENTITY);
      expect(db.grantConnect(workload).login).toBe(owner);
      expect(db.database("coder", { owner }).provisioning).toBe(DatabaseProvisioning.SQL_JOB);
    });
    expect(
      resources("google_sql_user").map(({ name, type, password_wo }) => [name, type, password_wo]),
    ).toEqual([
      ["dbadmin", undefined, expect.anything()],
      [
        '${trimsuffix(google_service_account.identity_0C5EE28D.email, ".gserviceaccount.com")}',
        "CLOUD_IAM_SERVICE_ACCOUNT",
        undefined,
      ],
    ]);
  });

  test("of MySQL has the whole address in the API, which truncates it", () => {
    const { resources } = synthesize((stack) => {
      const db = server(stack, { engine: MYSQL });
      const login = db.addIamUser("coder@platform.iam.gserviceaccount.com");
      expect(login.username).toBe("coder");
    });
    expect(resources("google_sql_user").map(({ name, type }) => [name, type])).toEqual([
      ["dbadmin", undefined],
      ["coder@platform.iam.gserviceaccount.com", "CLOUD_IAM_SERVICE_ACCOUNT"],
    ]);
  });

  test("of a person", () => {
    const { resource } = synthesize(
      (stack) => void server(stack, api).addIamUser("jane@example.com", CloudSqlIamKind.USER),
    );
    expect(resource("google_sql_user")).toMatchObject({ name: "jane@example.com", type: "CLOUD_IAM_USER" });
  });

  test("of a person must not be a service account", () => {
    expect(problemsOf((stack) => void server(stack).addIamUser("jane@example.com"))).toEqual([
      expect.stringMatching(/CLOUDSQL-EMAIL: email must end in .gserviceaccount.com .*"jane@example.com"/),
    ]);
  });

  test("cannot own a database without an administrator that grants it privileges", () => {
    expect(
      problemsOf((stack) => {
        const db = server(stack, api);
        db.database("coder", { owner: db.addIamUser("coder@platform.iam.gserviceaccount.com") });
      }),
    ).toEqual([
      expect.stringMatching(
        /^\[db\] CLOUDSQL-ADMIN-LOGIN: adminLogin must be set .*coder@platform.iam has no privileges/,
      ),
    ]);
  });

  test("is refused by a server without IAM database authentication", () => {
    expect(
      problemsOf(
        (stack) => void server(stack, { iamAuthentication: false }).addIamUser("a@b.iam.gserviceaccount.com"),
      ),
    ).toEqual([expect.stringMatching(/^\[db\] CLOUDSQL-IAM-AUTHENTICATION: iamAuthentication must be true/)]);
  });

  test("has a user name already, so a database cannot choose one", () => {
    expect(
      problemsOf((stack) =>
        server(stack).database("coder", { ownerAuthentication: LoginAuthentication.CLOUD_IDENTITY }),
      ),
    ).toEqual([
      expect.stringMatching(
        /^\[db\] CLOUDSQL-OWNER-AUTHENTICATION: ownerAuthentication must be left out, .*"cloud-identity"/,
      ),
    ]);
  });

  test("not known at synth needs a suffix for the construct id", () => {
    expect(() =>
      synthesize((stack) => {
        const variable = new TerraformVariable(stack, "email", { type: "string" });
        server(stack).addIamUser(variable.stringValue);
      }),
    ).toThrow(/\[test\/db\] CLOUDSQL-ID-SUFFIX: idSuffix must be set/);
  });
});

describe("refused", () => {
  test("a database that every server has", () => {
    expect(problemsOf((stack) => server(stack).database("template1"))).toEqual([
      expect.stringMatching(
        /databaseName must not be a database that the server reserves \(got "template1"\)/,
      ),
    ]);
  });

  test("an owner who is the administrator", () => {
    expect(problemsOf((stack) => server(stack).database("coder", { ownerName: "dbadmin" }))).toEqual([
      expect.stringMatching(/owner must not be the administrator's login .*dbadmin/),
    ]);
  });

  test("an owner with a name that Cloud SQL keeps for itself", () => {
    expect(
      problemsOf((stack) => server(stack).database("coder", { ownerName: "cloudsqlsuperuser" })),
    ).toEqual([
      expect.stringMatching(/owner must not be one of the reserved names .*got "cloudsqlsuperuser"/),
    ]);
  });

  test("a password in a text", () => {
    synthesize((stack) => {
      const { password } = server(stack).database("coder").owner;
      expect(() => `${password}`).toThrow(/a secret must not be part of a text/);
    });
  });
});

test("no administrator is an opt-out", () => {
  const { infos } = synthesize((stack) => void server(stack, api));
  expect(infos.map((note) => note.message)).toEqual([
    expect.stringMatching(
      /^opt-out: CLOUDSQL-ADMIN-LOGIN: adminLogin: the Cloud SQL Admin API creates databases/,
    ),
  ]);
});

describe("labels", () => {
  const tags = { Team: "platform" };
  const LABEL = expect.stringMatching(/tags\["Team"\] must have a key of 1 to 63 lower-case letters/);

  test("of a generated password are checked where it is used alone", () => {
    expect(problemsOf((stack) => void new GeneratedPassword(stack, "password", { tags }))).toEqual([LABEL]);
  });

  test("that a server hands on to its passwords are reported once", () => {
    expect(problemsOf((stack) => void server(stack, { tags }).database("coder"))).toEqual([LABEL]);
  });
});
