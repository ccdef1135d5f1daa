/**
 * The tier's own tools with real Helm and a chart of a few lines that has the faults of real ones: it is pulled from a repository, and
 * each check finds its fault in what Helm renders. These tests need no chart of anybody else.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { valueDocuments } from "../../../lib/kubernetes/private";
import { freePort, must, Server } from "../../../tools/machine/processes";
import type { ChartRelease } from "../../support/charts/chart-release";
import { Repositories } from "../../support/charts/chart-source";
import { Helm, helmProgram } from "../../support/charts/helm";
import { duplicates, missing, repeatedNames, withoutIdentity } from "../../support/charts/object-checks";
import { renderedObjects } from "../../support/charts/rendered";
import { leaves, unread } from "../../support/charts/value-effects";
import { describeWith } from "../../support/describe-with";
import type { Json } from "../../support/synth";

const VALUES = {
  global: { account: { create: true } },
  account: { create: false, name: "app" },
  secret: "app-secret",
  schedule: "0 1 * * *",
};

/** As in charts of many parts: the global switch wins, the cron job forgets the labels, a variable is set twice. */
const TEMPLATE = `
{{- if or .Values.account.create .Values.global.account.create }}
apiVersion: v1
kind: ServiceAccount
metadata: { name: {{ .Values.account.name }} }
{{- end }}
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: {{ .Release.Name }}-backup }
spec:
  schedule: {{ .Values.schedule | quote }}
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          serviceAccountName: {{ .Values.account.name }}
          containers:
            - name: backup
              image: example.com/backup:1
              env:
                - name: PASSWORD
                  valueFrom: { secretKeyRef: { name: {{ .Values.secret }}, key: password } }
                - { name: PASSWORD, value: "" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: kinds }
data:
{{- range $key, $value := .Values.texts }}
  {{ $key | quote }}: {{ kindOf $value }} {{ $value }}
{{- end }}
`;

/** Serves a folder; Helm runs while this process waits for it. */
const SERVE = `
const { createServer } = require("node:http"), { readFileSync } = require("node:fs"), [, folder, port] = process.argv;
createServer((request, response) => {
  try { response.end(readFileSync(folder + request.url)); } catch { response.writeHead(404).end(); }
}).listen(Number(port), "127.0.0.1");
`;

describeWith("a chart of our own in a repository", helmProgram, (program) => {
  let folder: string;
  let server: Server;
  let url: string;
  let helm: Helm;
  let path: string;
  const release = (values: Json) =>
    ({ name: "app", namespace: "apps", values: [stringify(values)] }) as unknown as ChartRelease;
  const rendered = async (values: Json) =>
    renderedObjects(await helm.template(release(values), path), "apps");

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "devplatforms-chart-"));
    const chart = join(folder, "app");
    mkdirSync(join(chart, "templates"), { recursive: true });
    writeFileSync(join(chart, "Chart.yaml"), stringify({ apiVersion: "v2", name: "app", version: "1.0.0" }));
    writeFileSync(join(chart, "values.yaml"), stringify(VALUES));
    writeFileSync(join(chart, "templates", "all.yaml"), TEMPLATE);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const files = join(folder, "repository");
    must(program, ["package", chart, "-d", files]);
    must(program, ["repo", "index", files, "--url", url]);
    server = new Server(
      "repository",
      process.execPath,
      ["-e", SERVE, files, String(port)],
      join(folder, "log"),
    );
    await server.waitUntil(async () => (await fetch(`${url}/index.yaml`)).ok, 30);
    helm = new Helm(program);
    const cache = join(folder, "cache");
    mkdirSync(cache);
    const [pulled] = new Repositories(program, cache).files("app", url, "1.0.0");
    path = String(pulled?.path);
  });
  afterAll(async () => {
    helm?.remove();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("is pulled by its exact version; one that is not there is an error", () => {
    expect(existsSync(path)).toBe(true);
    const source = new Repositories(program, join(folder, "cache"));
    expect(source.files("app", url, "1.0.0")).toEqual([{ chart: "app", version: "1.0.0", path, from: url }]);
    expect(() => source.files("app", url, "1.0.1")).toThrow(/helm pull app-1\.0\.1\.tgz .*not found/s);
  });

  test("an account that chart and stack create", async () => {
    const stack = [{ kind: "ServiceAccount", namespace: "apps", name: "app" }];
    expect(duplicates(await rendered(VALUES), stack)).toEqual(["ServiceAccount apps/app"]);
    const cured = { ...VALUES, global: { account: { create: false } } };
    expect(duplicates(await rendered(cured), stack)).toEqual([]);
  });

  test("duplicate names, Secrets that do not exist, pods without their identity", async () => {
    const objects = await rendered(VALUES);
    expect(repeatedNames(objects)).toEqual(["CronJob/app-backup backup: variable PASSWORD"]);
    expect(missing(objects, [])).toEqual(["CronJob/app-backup: Secret app-secret, key password"]);
    const identity = { serviceAccountName: "app", annotations: ["role"], podLabels: { use: "true" } };
    expect(withoutIdentity(objects, [], () => identity)).toEqual([
      "CronJob/app-backup: account app without role",
      "CronJob/app-backup: no label use",
    ]);
  });

  test("texts of the library reach a chart as texts, and other values as what they are", async () => {
    const texts = { a: "yes", b: "12:30:00", c: "0o17", d: "2001-01-01", e: "1_000", f: "on", off: "n" };
    const others = { bool: true, float64: 5432 };
    const [document] = valueDocuments({ texts: { ...texts, ...others } });
    const given = { ...release({}), values: [document as string] };
    const [map] = renderedObjects(await helm.template(given, path), "apps").filter(
      ({ kind }) => kind === "ConfigMap",
    );
    expect(map?.object.data).toEqual({
      ...Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, `string ${text}`])),
      ...Object.fromEntries(Object.entries(others).map(([kind, value]) => [kind, `${kind} ${value}`])),
    });
  });

  test("values that change nothing: one that no template names, and one that another wins over", async () => {
    const values = { ...VALUES, podLabels: { use: "true" } };
    const render = (changed: Json) => helm.template(release(changed), path);
    expect(await unread(values, leaves(values), render)).toEqual(["account.create", "podLabels.use"]);
  });
});
