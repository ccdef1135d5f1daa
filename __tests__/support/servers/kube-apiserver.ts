/**
 * A real Kubernetes API server on loopback, with nothing behind it: it checks and keeps objects, and runs none.
 * It is built from its Go module (some minutes, then cached); etcd comes from the system.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "../../../tools/machine/certificates";
import { goProgram } from "../../../tools/machine/go-program";
import { findProgram, freePort, must, Server } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";

export interface KubeApiserverTools {
  readonly apiserver: string;
  readonly etcd: string;
}

/** What the server says it is; the same as in tools/go/kube-apiserver/go.mod. */
const VERSION = { gitVersion: "v1.34.4", gitMajor: "1", gitMinor: "34" };

export function kubeApiserverTools(): KubeApiserverTools | Unavailable {
  const etcd = findProgram(["etcd"]);
  if (etcd === undefined) {
    return new Unavailable("there is no etcd on PATH");
  }
  if (findProgram(["openssl"]) === undefined) {
    return new Unavailable("there is no openssl on PATH");
  }
  const flags = Object.entries(VERSION).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  );
  const apiserver = goProgram("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver", { flags });
  return apiserver instanceof Unavailable ? apiserver : { apiserver, etcd };
}

export interface Answer {
  readonly status: number;
  readonly body: { readonly message?: string; readonly kind?: string; readonly [key: string]: unknown };
}

const TOKEN = "token-of-this-test";

export class KubeApiserver {
  private constructor(
    private readonly servers: readonly Server[],
    private readonly folder: string,
    private readonly port: number,
    private readonly ca: Buffer,
  ) {}

  public static async start(tools: KubeApiserverTools): Promise<KubeApiserver> {
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-kubernetes-"));
    const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
    const etcdUrl = `http://127.0.0.1:${client}`;
    const peerUrl = `http://127.0.0.1:${peer}`;
    const etcd = new Server(
      "etcd",
      tools.etcd,
      [
        ...["--data-dir", join(folder, "etcd")],
        ...["--listen-client-urls", etcdUrl, "--advertise-client-urls", etcdUrl],
        ...["--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl],
        ...["--initial-cluster", `default=${peerUrl}`, "--unsafe-no-fsync"],
      ],
      join(folder, "etcd.log"),
    );
    const tokens = join(folder, "tokens.csv");
    writeFileSync(tokens, `${TOKEN},admin,admin,system:masters\n`);
    const key = join(folder, "service-accounts.key");
    must("openssl", ["genrsa", "-out", key, "2048"]);
    const { ca, certificate, key: tlsKey } = makeCertificates(folder);
    const apiserver = new Server(
      "kube-apiserver",
      tools.apiserver,
      [
        `--etcd-servers=${etcdUrl}`,
        ...["--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", `--secure-port=${port}`],
        ...[`--tls-cert-file=${certificate}`, `--tls-private-key-file=${tlsKey}`],
        `--cert-dir=${folder}`,
        "--service-account-issuer=https://kubernetes.default.svc",
        ...[`--service-account-key-file=${key}`, `--service-account-signing-key-file=${key}`],
        "--service-cluster-ip-range=10.96.0.0/16",
        ...[`--token-auth-file=${tokens}`, "--authorization-mode=RBAC", "--allow-privileged=true"],
        // No controller makes the default service account that this plugin waits for.
        "--disable-admission-plugins=ServiceAccount",
        // Endpoints on loopback are refused, and nobody looks for them.
        "--endpoint-reconciler-type=none",
        // etcd 3.4 lacks what this needs.
        "--feature-gates=WatchList=false",
      ],
      join(folder, "kube-apiserver.log"),
    );
    const cluster = new KubeApiserver([apiserver, etcd], folder, port, readFileSync(ca));
    await apiserver.waitUntil(async () => (await cluster.call("GET", "/readyz")).status === 200, 90);
    return cluster;
  }

  /**
   * Puts an object in place, whether there is one or not, or only says whether it would be taken. Fields that the API
   * does not know are an error.
   */
  public apply(path: string, object: object, dryRun: boolean): Promise<Answer> {
    const query = `fieldManager=test&force=true&fieldValidation=Strict${dryRun ? "&dryRun=All" : ""}`;
    return this.call("PATCH", `${path}?${query}`, object);
  }

  /** @returns a token of a service account, which lasts an hour. */
  public async tokenOf(namespace: string, serviceAccountName: string): Promise<string> {
    const { status, body } = await this.call(
      "POST",
      `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccountName}/token`,
      { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } },
      "application/json",
    );
    if (status !== 201) throw new Error(`no token of ${serviceAccountName}: ${status} ${body.message}`);
    return (body.status as { readonly token: string }).token;
  }

  /**
   * @param type of the body. @default - that of an object to put in place
   * @param token of the caller. @default - an administrator's
   */
  public call(
    method: "GET" | "PATCH" | "POST" | "DELETE",
    path: string,
    body?: object,
    type = "application/apply-patch+yaml",
    token = TOKEN,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": type };
      const call = request(
        { host: "127.0.0.1", port: this.port, method, path, ca: this.ca, headers, servername: "localhost" },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body: parse(text) }));
        },
      );
      call.on("error", reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /**
   * @param name of the file
   * @param token of the caller. @default - an administrator's
   * @returns the path of a file with which kubectl and Helm reach this server; it lasts as long as the server.
   */
  public kubeconfig(name = "kubeconfig", token = TOKEN): string {
    const path = join(this.folder, `${name}.json`);
    const cluster = {
      server: `https://127.0.0.1:${this.port}`,
      "certificate-authority-data": this.ca.toString("base64"),
      "tls-server-name": "localhost",
    };
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "test", cluster }],
      users: [{ name: "test", user: { token } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      "current-context": "test",
    };
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    return path;
  }

  public async stop(): Promise<void> {
    for (const server of this.servers) {
      await server.stop();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function parse(text: string): Answer["body"] {
  try {
    return JSON.parse(text) as Answer["body"];
  } catch {
    return { message: text };
  }
}
