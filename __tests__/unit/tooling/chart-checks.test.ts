/** The checks of the charts tier can fail: each finds its fault in a chart of a few lines. */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Folder, FolderVersions } from "../../support/charts/chart-source";
import { generatedSecrets } from "../../support/charts/generated-secrets";
import { duplicates, missing, repeatedNames, withoutIdentity } from "../../support/charts/object-checks";
import { podsOf, renderedObjects } from "../../support/charts/rendered";
import { changedAt, leaves, unread } from "../../support/charts/value-effects";

const CHART = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: app, annotations: { role: r } }
---
apiVersion: v1
kind: Secret
metadata: { name: of-chart }
stringData: { key: x }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: other }
spec:
  template:
    metadata: { labels: { use: "true" } }
    spec:
      serviceAccountName: app
      containers: [{ name: web }]
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: backup }
spec:
  jobTemplate:
    spec:
      template:
        metadata: { labels: {} }
        spec:
          serviceAccountName: app
          imagePullSecrets: [{ name: pull }]
          initContainers:
            - name: init
              env:
                - { name: A, valueFrom: { secretKeyRef: { name: of-chart, key: key } } }
                - { name: B, valueFrom: { secretKeyRef: { name: of-chart, key: wrong } } }
          containers:
            - name: main
              env: [{ name: A, value: one }, { name: A, value: two }]
              envFrom: [{ secretRef: { name: optional, optional: true } }, { configMapRef: { name: settings } }]
              volumeMounts: [{ name: v, mountPath: /a }, { name: w, mountPath: /a }]
          volumes:
            - { name: v, secret: { secretName: of-stack } }
            - { name: v, projected: { sources: [{ secret: { name: of-stack, items: [{ key: b, path: b }] } }] } }
            - { name: w, persistentVolumeClaim: { claimName: disk } }
`;
const objects = renderedObjects(CHART, "app");

test("pods are found in cron jobs too, and objects without a namespace are in the release's", () => {
  expect(objects.map(({ kind, namespace }) => `${kind} ${namespace}`)).toEqual([
    "ServiceAccount app",
    "Secret app",
    "Deployment other",
    "CronJob app",
  ]);
  expect(podsOf(objects).map(({ owner }) => owner)).toEqual(["Deployment/web", "CronJob/backup"]);
});

test("output that is not YAML is an error", () => {
  expect(() => renderedObjects("kind: [", "app")).toThrow("not YAML");
});

test("an object of the chart that the stack creates too", () => {
  const stack = [
    { kind: "ServiceAccount", namespace: "app", name: "app" },
    { kind: "ServiceAccount", namespace: "other", name: "app" },
    { kind: "Secret", namespace: "app", name: "of-stack" },
  ];
  expect(duplicates(objects, stack)).toEqual(["ServiceAccount app/app"]);
  expect(duplicates(objects, stack.slice(1))).toEqual([]);
});

test("an object that the chart creates twice", () => {
  expect(duplicates([...objects, ...objects.slice(0, 1)], [])).toEqual(["ServiceAccount app/app"]);
});

test("names that a pod has twice", () => {
  expect(repeatedNames(objects)).toEqual([
    "CronJob/backup: volume v",
    "CronJob/backup main: variable A",
    "CronJob/backup main: mount /a",
  ]);
});

test("names in a pod that do not exist: secrets, keys, config maps, claims and accounts of its own namespace", () => {
  const others = [{ kind: "Secret", namespace: "app", name: "of-stack", keys: ["a"] }];
  expect(missing(objects, others)).toEqual([
    "Deployment/web: ServiceAccount app",
    "CronJob/backup: Secret of-stack, key b",
    "CronJob/backup: PersistentVolumeClaim disk",
    "CronJob/backup: Secret of-chart, key wrong",
    "CronJob/backup: ConfigMap settings",
    "CronJob/backup: Secret pull",
  ]);
});

describe("a pod that needs an identity", () => {
  const needs = { serviceAccountName: "app", annotations: ["role"], podLabels: { use: "true" } };

  test("the label is missing on a cron job, and the account in another namespace", () => {
    expect(withoutIdentity(objects, [], () => needs)).toEqual([
      "Deployment/web: account app without role",
      "CronJob/backup: no label use",
    ]);
  });

  test("another account", () => {
    const other = { ...needs, serviceAccountName: "identity" };
    expect(
      withoutIdentity(objects, [], ({ owner }) => (owner === "Deployment/web" ? other : undefined)),
    ).toEqual(["Deployment/web: account app instead of identity"]);
  });

  test("the account of the stack counts", () => {
    const accounts = [{ namespace: "other", name: "app", annotations: ["role"] }];
    expect(
      withoutIdentity(objects, accounts, ({ owner }) => (owner === "Deployment/web" ? needs : undefined)),
    ).toEqual([]);
  });
});

test("secrets that a job makes without a script in a config map: by kubectl, and by a program", () => {
  const script = [
    "name=app-tls",
    "kubectl create secret tls $name \\",
    "  --cert=/a.pem --key=/b.pem || true",
    "kubectl create secret generic ${name}-ca --from-file=ca=/ca.pem || true",
    "kubectl create secret generic ${name}-chain --from-file=/tmp/chain.crt || true",
  ].join("\n");
  const containers = [
    { name: "kubectl", command: ["/bin/bash", "-exc", script] },
    { name: "certgen", command: ["envoy-gateway", "certgen"] },
  ];
  const job = (kind: string) =>
    renderedObjects(
      JSON.stringify({ kind, metadata: { name: "hook" }, spec: { template: { spec: { containers } } } }),
      "app",
    );
  const made = generatedSecrets(job("Job"));
  expect(Object.fromEntries(made.map(({ name, keys }) => [name, keys ?? "files"]))).toMatchObject({
    "app-tls": ["tls.crt", "tls.key"],
    "app-tls-ca": ["ca"],
    "app-tls-chain": "files",
    "envoy-gateway": ["ca.crt", "tls.crt", "tls.key"],
    "envoy-oidc-hmac": ["hmac-secret"],
  });
  // A workload that runs on starts too late for the others.
  expect(generatedSecrets(job("Deployment"))).toEqual([]);
});

describe("values", () => {
  const values = { image: { tag: "1", pull: true }, list: [{ name: "a" }], unused: { deep: 1 }, empty: {} };
  const render = async (given: typeof values) => {
    if (given.list[0]?.name !== "a") throw new Error("the chart refuses this name");
    return `${given.image.tag} ${given.image.pull}`;
  };

  test("each leaf is changed alone", () => {
    expect(leaves(values)).toEqual([
      ["image", "tag"],
      ["image", "pull"],
      ["list", 0, "name"],
      ["unused", "deep"],
    ]);
    expect(changedAt(values, ["image", "pull"]).image).toEqual({ tag: "1", pull: false });
    expect(changedAt(values, ["unused", "deep"]).unused).toEqual({ deep: 2 });
    expect(changedAt(values, ["list", 0, "name"]).list).toEqual([{ name: "ax" }]);
    expect(values.image.pull).toBe(true);
  });

  test("one that nothing reads is found; one that the chart refuses to change is read", async () => {
    expect(await unread(values, leaves(values), render)).toEqual(["unused.deep"]);
  });

  test("values that the chart refuses as they are", async () => {
    await expect(unread({ ...values, list: [] }, [], render)).rejects.toThrow("refuses");
  });
});

test("secrets that a script generates, with their keys where they are told", () => {
  const script = [
    "function generate_secret_if_needed(){",
    '  generate_secret_if_needed "plain" --from-literal="secret"=$(gen) --from-literal=other=1',
    "  generate_secret_if_needed files --from-file=a.key=certs/a --from-file=b.crt=certs/b",
    "  generate_secret_if_needed folder --from-file host_keys",
  ].join("\n");
  const map = renderedObjects(
    JSON.stringify({ kind: "ConfigMap", metadata: { name: "scripts" }, data: { script } }),
    "app",
  );
  expect(generatedSecrets(map).map(({ name, keys }) => [name, keys])).toEqual([
    ["plain", ["secret", "other"]],
    ["files", ["a.key", "b.crt"]],
    ["folder", undefined],
  ]);
});

const VERSIONS = ["10.1.0", "9.9.0", "1.2.3", "2.0.0"];

describe("charts of a folder", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "devplatforms-charts-"));
    for (const name of [
      ...VERSIONS.map((version) => `app-${version}.tgz`),
      "app-provisioner-2.0.0.tgz",
      "notes.txt",
    ]) {
      writeFileSync(join(folder, name), "");
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const files = (version: string, line: string, versions?: FolderVersions) =>
    new Folder("helm", folder, versions).files("app", "", version, line).map((file) => file.version);

  test("the version that the stacks install is tested, and it alone", () => {
    expect(files("2.0.0", "2.")).toEqual(["2.0.0"]);
    expect(files("2.0.0", "", FolderVersions.NEAREST)).toEqual(["2.0.0"]);
    const source = new Folder("helm", folder);
    expect(source.files("app", "", "2.0.0", "2.").every(({ path }) => existsSync(path))).toBe(true);
  });

  test("without it the tier does not pass: other versions are tested if a setting says so", () => {
    expect(() => files("2.1.0", "2.")).toThrow(
      "DEVPLATFORMS_CHARTS has no app-2.1.0.tgz: put the archive there that Helm packs or pulls, or set DEVPLATFORMS_CHARTS_VERSIONS to nearest (2.0.0) or all",
    );
    expect(files("2.1.0", "2.", FolderVersions.NEAREST)).toEqual(["2.0.0"]);
    expect(files("10.0.0", "", FolderVersions.NEAREST)).toEqual(["9.9.0"]);
    // Where all are later, the oldest.
    expect(files("1.0.0", "1.", FolderVersions.NEAREST)).toEqual(["1.2.3"]);
  });

  test("each version of the line, oldest first, and no chart of a longer name", () => {
    expect(files("2.0.0", "", FolderVersions.ALL)).toEqual(["1.2.3", "2.0.0", "9.9.0", "10.1.0"]);
    expect(files("2.0.0", "1.", FolderVersions.ALL)).toEqual(["1.2.3"]);
  });

  test.each(Object.values(FolderVersions))(
    "a chart that is not there is an error, not a skip: %s",
    (versions) => {
      expect(() => files("3.0.0", "3.", versions)).toThrow("has no app-3.0.0.tgz: put the archive there");
    },
  );
});
