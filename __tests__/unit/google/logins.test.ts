/** Who logs in, what makes them, and in which order a password reaches the places that keep it. */
import { TerraformVariable } from "cdktf";
import { DatabaseLogin, DatabaseProvisioning, LoginAuthentication, SecretValue } from "../../../lib/database";
import {
  CloudSqlAdminLogin,
  CloudSqlIamKind,
  type CloudSqlServer,
  GkeWorkloadIdentity,
  iamUsername,
} from "../../../lib/google";
import { problemsOf, synthesize } from "../../support/synth";
import { MYSQL, POSTGRES, server } from "./fixture";

const admin = { adminLogin: CloudSqlAdminLogin.generated() };
const identity = (db: CloudSqlServer) =>
  new GkeWorkloadIdentity(db.node.scope as never, "identity", {
    namespace: "coder",
    serviceAccountName: "coder",
    project: "platform",
    accountId: "coder-database",
  });

describe("a database without an administrator", () => {
  test("is made by the API with its owner, and neither is dropped", () => {
    let provisioning: DatabaseProvisioning | undefined;
    const { resource } = synthesize((stack) => {
      const database = server(stack).database("coder");
      provisioning = database.provisioning;
      expect(database.owner.username).toBe("coder");
      expect(database.owner.password?.version).toBe(1);
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
      password_wo_version: 1,
      deletion_policy: "ABANDON",
    });
    // PostgreSQL refuses a host.
    expect(resource("google_sql_user").host).toBeUndefined();
  });

  test("of MySQL has four-byte UTF-8, and a user who may come from anywhere in the network", () => {
    const { resource } = synthesize((stack) => server(stack, { engine: MYSQL }).database("gitpod"));
    expect(resource("google_sql_database").charset).toBe("utf8mb4");
    expect(resource("google_sql_user").host).toBe("%");
  });

  test("writes the password to all places in one run, close together, with one number", () => {
    const { resource, ephemeral, json } = synthesize((stack) =>
      server(stack, { passwordVersion: 4 }).database("coder"),
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
    // The secret shows before that Secret Manager may be used; its content comes right after the user.
    expect(resource("google_sql_user").depends_on).toContain(`google_secret_manager_secret.${secret}`);
    expect(resource("google_secret_manager_secret_version")).toMatchObject({
      secret_data_wo: resource("google_sql_user").password_wo,
      secret_data_wo_version: 4,
      depends_on: [`google_sql_user.${user}`],
    });
    expect(resource("google_sql_user").password_wo_version).toBe(4);
    expect(resource("google_secret_manager_secret")).toMatchObject({
      secret_id: "test-db-user-coder-password",
      replication: { user_managed: { replicas: [{ location: "europe-west1" }] } },
      deletion_protection: true,
    });
  });

  test("asked for twice is the same, and owners with one name are one user", () => {
    const { resources } = synthesize((stack) => {
      const db = server(stack);
      expect(db.database("main", { ownerName: "gitlab" })).toBe(db.database("main"));
      db.database("ci", { ownerName: "gitlab" });
    });
    expect(resources("google_sql_user")).toHaveLength(1);
    expect(resources("google_sql_database")).toHaveLength(2);
  });

  test("warns from the second on that such owners can get at each other's data", () => {
    const build = (names: string[]) =>
      synthesize((stack) => {
        const db = server(stack);
        for (const name of names) db.database(name);
      }).warnings.map((note) => note.message);
    expect(build(["a"])).toEqual([]);
    expect(build(["a", "b", "c"])).toEqual([
      expect.stringMatching(
        /^several databases have owners made by Cloud SQL's API, .*give the server an adminLogin/,
      ),
    ]);
  });

  test("takes an owner of the program's, whose password Terraform checks", () => {
    const { resource, resources } = synthesize((stack) => {
      const variable = new TerraformVariable(stack, "password", { type: "string" });
      const owner = DatabaseLogin.withPassword("app", SecretValue.fromVariable(variable, 7));
      server(stack).database("coder", { owner });
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
  test("is left to SQL, so that its owner has no rights beyond it", () => {
    let made: CloudSqlServer | undefined;
    const { resource, resources } = synthesize((stack) => {
      made = server(stack, admin);
      const database = made.database("coder");
      expect(database.provisioning).toBe(DatabaseProvisioning.SQL_JOB);
      expect(database.owner.password).toBeDefined();
    });
    // The administrator is a user of the API's, not `postgres`, and the owner is none of its users.
    expect(resource("google_sql_user").name).toBe("dbadmin");
    expect(resources("google_sql_database")).toEqual([]);
    expect(resources("google_secret_manager_secret").map((secret) => secret.secret_id)).toEqual([
      "test-db-admin-password",
      "test-db-login-coder",
    ]);
    expect(made?.adminLogin?.username).toBe("dbadmin");
    expect(resource("google_sql_database_instance").root_password).toBeUndefined();
  });

  test("may be one of the program's", () => {
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
  ])("%#: %s is written as the engine wants", (engine, email, username) => {
    expect(iamUsername(engine, email)).toBe(username);
  });

  test("of a workload becomes a user of PostgreSQL without the end of its address", () => {
    const { resources } = synthesize((stack) => {
      const db = server(stack, admin);
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

  test("of MySQL gives the API the whole address, which cuts it itself", () => {
    const { resources } = synthesize((stack) => {
      const db = server(stack, { ...admin, engine: MYSQL });
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
      (stack) => void server(stack).addIamUser("jane@example.com", CloudSqlIamKind.USER),
    );
    expect(resource("google_sql_user")).toMatchObject({ name: "jane@example.com", type: "CLOUD_IAM_USER" });
  });

  test("of a person is no service account", () => {
    expect(problemsOf((stack) => void server(stack).addIamUser("jane@example.com"))).toEqual([
      expect.stringMatching(/email is "jane@example.com": the address of a service account ends in/),
    ]);
  });

  test("owns nothing without an administrator who grants it something", () => {
    expect(
      problemsOf((stack) => {
        const db = server(stack);
        db.database("coder", { owner: db.addIamUser("coder@platform.iam.gserviceaccount.com") });
      }),
    ).toEqual([
      expect.stringMatching(
        /^\[db\] adminLogin is not set: coder@platform.iam logs in by a Google identity and has no rights/,
      ),
    ]);
  });

  test("is refused by a server that was told to take none", () => {
    expect(
      problemsOf(
        (stack) => void server(stack, { iamAuthentication: false }).addIamUser("a@b.iam.gserviceaccount.com"),
      ),
    ).toEqual([
      expect.stringMatching(/^\[db\] iamAuthentication is false: somebody logs in by a Google identity/),
    ]);
  });

  test("has a name of its own, so a database cannot invent one", () => {
    expect(
      problemsOf((stack) =>
        server(stack, admin).database("coder", { ownerAuthentication: LoginAuthentication.CLOUD_IDENTITY }),
      ),
    ).toEqual([
      expect.stringMatching(
        /^\[db\] ownerAuthentication is "cloud-identity": a Google identity has a name of its own/,
      ),
    ]);
  });

  test("known only later needs a name for the construct", () => {
    expect(() =>
      synthesize((stack) => {
        const variable = new TerraformVariable(stack, "email", { type: "string" });
        server(stack).addIamUser(variable.stringValue);
      }),
    ).toThrow(/\[test\/db\] the address is not known at synth; say by constructIdFor/);
  });
});

describe("refused", () => {
  test("a database that every server has", () => {
    expect(problemsOf((stack) => server(stack).database("template1"))).toEqual([
      expect.stringMatching(/databaseName is "template1": the server keeps this database for itself/),
    ]);
  });

  test("an owner who is the administrator", () => {
    expect(problemsOf((stack) => server(stack, admin).database("coder", { ownerName: "dbadmin" }))).toEqual([
      expect.stringMatching(/owner is "dbadmin": an application never uses the administrator's login/),
    ]);
  });

  test("an owner with a name that Cloud SQL keeps for itself", () => {
    expect(
      problemsOf((stack) => server(stack).database("coder", { ownerName: "cloudsqlsuperuser" })),
    ).toEqual([expect.stringMatching(/owner is "cloudsqlsuperuser": the name is reserved/)]);
  });

  test("a password in a text", () => {
    synthesize((stack) => {
      const { password } = server(stack).database("coder").owner;
      expect(() => `${password}`).toThrow(/a secret can't be part of a text/);
    });
  });
});
