/** Coder behind a proxy in its own pods: a sidecar among the init containers, and a database without TLS or password. */

import { parse } from "yaml";
import { CoderRelease } from "../../../lib/coder";
import { Cloud, DatabaseLogin, LoginAuthentication, type SecretValue } from "../../../lib/database";
import { CloudSqlSidecar } from "../../../lib/google/gke";
import { synthesize } from "../../support/synth";
import { identityIn, secret, serverIn } from "./fixtures";

const release = { accessUrl: "https://coder.example.com", chartVersion: "2.33.6" };

function made(values?: { readonly [key: string]: unknown }) {
  return synthesize((stack) => {
    const server = serverIn(stack, { acceptsCloudIdentity: true, location: { cloud: Cloud.GOOGLE } });
    const sidecar = new CloudSqlSidecar(stack, "sidecar", {
      server,
      connectionName: "platform:europe-west1:coder",
      automaticLogin: true,
    });
    const database = sidecar.server.database("coder", {
      owner: DatabaseLogin.withCloudIdentity("coder@platform.iam"),
    });
    expect(database.owner.authentication).toBe(LoginAuthentication.PROXY);
    new CoderRelease(stack, "coder", {
      ...release,
      database,
      sidecars: [sidecar],
      identity: identityIn(stack, { cloud: Cloud.GOOGLE }),
      values,
    });
  });
}

test("the proxy is a native sidecar that starts before Coder", () => {
  const [text] = made().resource("helm_release").values;
  const { coder } = parse(text);
  expect(coder.initContainers).toEqual([
    expect.objectContaining({
      name: "cloud-sql-proxy",
      restartPolicy: "Always",
      args: expect.arrayContaining([
        "--auto-iam-authn",
        "--address=127.0.0.1",
        "platform:europe-west1:coder",
      ]),
    }),
  ]);
  expect(coder.volumes).toBeUndefined();
});

test("Coder gets a URL to its pod, with a user name, without password and without awsiamrds", () => {
  const { resources, resource } = made();
  const secrets = resources("kubernetes_secret_v1").map((each) => JSON.stringify(each));
  expect(secrets.join()).toContain("postgres://coder%40platform.iam@127.0.0.1:5432/coder?sslmode=disable");
  expect(resource("helm_release").values.join()).not.toContain("CODER_PG_AUTH");
});

test("init containers of the user are kept", () => {
  const [text] = made({
    coder: { initContainers: [{ name: "mine", image: "example.com/mine:1" }] },
  }).resource("helm_release").values;
  expect(parse(text).coder.initContainers.map((each: { name: string }) => each.name)).toEqual([
    "cloud-sql-proxy",
    "mine",
  ]);
});

test("with a password the proxy does not log in, and the password is only in the secret", () => {
  const { resource } = synthesize((stack) => {
    const sidecar = new CloudSqlSidecar(stack, "sidecar", {
      server: serverIn(stack),
      connectionName: "platform:europe-west1:coder",
    });
    const password: SecretValue = secret("owner");
    const database = sidecar.server.database("coder", {
      owner: DatabaseLogin.withPassword("coder", password),
    });
    new CoderRelease(stack, "coder", { ...release, database, sidecars: [sidecar] });
  });
  expect(resource("helm_release").values.join()).not.toContain("--auto-iam-authn");
  expect(resource("kubernetes_secret_v1").data_wo.url).toMatch(/@127\.0\.0\.1:5432\/coder\?sslmode=disable/);
});
