/**
 * Google Cloud as a pod with Workload Identity Federation sees it, on loopback: fake-gcs-server under the name of Cloud Storage, a metadata
 * server, and the method of IAM that signs URLs. Programs reach it by their own names, so that no setting of a program is another one here.
 */
import {
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
} from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Server as NetServer, type Socket } from "node:net";
import { join } from "node:path";
import { makeCertificates } from "../../../tools/machine/certificates";
import { freePort, Server } from "../../../tools/machine/processes";

const STORAGE = "storage.googleapis.com";
const IAM = "iamcredentials.googleapis.com";
const TOKEN = "token-of-the-metadata-server";

/** Google Cloud with one bucket. */
export interface GoogleCloud {
  /** Variables that lead a program of the pod here. */
  readonly environment: NodeJS.ProcessEnv;
  /** Hosts that a program wanted to reach and that are not here. */
  readonly refused: readonly string[];
  /** Number of requests to a signed URL that were answered. */
  readonly signedReads: () => number;
  /** Names of the objects in the bucket. */
  readonly objects: () => Promise<string[]>;
  readonly stop: () => Promise<void>;
}

/**
 * @param gcs the program fake-gcs-server.
 * @param account e-mail address of the Google service account that the pod has.
 */
export async function startGoogleCloud(
  gcs: string,
  parent: string,
  options: { readonly bucket: string; readonly account: string },
): Promise<GoogleCloud> {
  const { bucket, account } = options;
  const folder = join(parent, "google");
  mkdirSync(folder);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const flags = ["-scheme", "http", "-host", "127.0.0.1", "-port", String(port), "-backend", "memory"];
  const names = ["-external-url", `https://${STORAGE}`, "-public-host", STORAGE];
  const storage = new Server("fake-gcs-server", gcs, [...flags, ...names], join(folder, "gcs.log"));
  await storage.waitUntil(async () => (await fetch(`${url}/storage/v1/b`)).ok, 60);
  const created = await fetch(`${url}/storage/v1/b?project=test`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: bucket }),
  });
  if (!created.ok) throw new Error(`the bucket cannot be made: ${await created.text()}`);

  const { ca, certificate, key } = makeCertificates(folder, [STORAGE, IAM]);
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  let signedReads = 0;

  const sign = async (message: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    if (path !== `/v1/projects/-/serviceAccounts/${account}:signBlob`) return refuse(response, 403);
    const payload = Buffer.from(JSON.parse(await body(message)).payload, "base64");
    const signedBlob = createSign("sha256").update(payload).sign(createPrivateKey(privateKey), "base64");
    answer(response, { keyId: "1", signedBlob });
  };
  const handle = (message: IncomingMessage, response: ServerResponse): void => {
    const asked = new URL(message.url ?? "", `https://${message.headers.host}`);
    const signed = asked.hostname === STORAGE && asked.searchParams.has("Signature");
    const allowed = signed
      ? signatureHolds(message, asked, account, publicKey)
      : message.headers.authorization === `Bearer ${TOKEN}`;
    if (!allowed) {
      refuse(response, 403);
      return;
    }
    if (asked.hostname === IAM) {
      sign(message, response, asked.pathname).catch(() => refuse(response, 400));
      return;
    }
    if (signed) signedReads++;
    // Its parameters are what makes a signed URL one; fake-gcs-server does not know them.
    const path = signed ? asked.pathname : message.url;
    const { method, headers } = message;
    const forwarded = request({ host: "127.0.0.1", port, path, method, headers }, (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    });
    message.pipe(forwarded.on("error", () => refuse(response, 502)));
  };
  const tls = createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, handle);

  const metadata = createServer((message, response): void => {
    response.setHeader("Metadata-Flavor", "Google");
    const [path = ""] = (message.url ?? "").split("?");
    if (message.headers["metadata-flavor"] !== "Google") {
      refuse(response, 403);
    } else if (path.endsWith("/service-accounts/default/token")) {
      answer(response, { access_token: TOKEN, expires_in: 3600, token_type: "Bearer" });
    } else if (path.endsWith("/service-accounts/default/email")) {
      response.end(account);
    } else if (path.endsWith("/project/project-id")) {
      response.end("platform");
    } else {
      refuse(response, 404);
    }
  });

  const refused: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer((_, response) => refuse(response, 502));
  await Promise.all([tls, metadata, proxy].map(listen));
  proxy.on("connect", (message: IncomingMessage, client: Socket) => {
    const [host] = (message.url ?? "").split(":");
    if (host !== STORAGE && host !== IAM) {
      refused.push(String(host));
      client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const there = connect(portOf(tls), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      there.pipe(client).pipe(there);
    });
    for (const socket of [client, there]) {
      sockets.add(socket);
      socket.on("error", () => {
        client.destroy();
        there.destroy();
      });
      socket.on("close", () => sockets.delete(socket));
    }
  });

  return {
    refused,
    signedReads: () => signedReads,
    environment: {
      HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`,
      NO_PROXY: "127.0.0.1,localhost",
      SSL_CERT_FILE: ca,
      GCE_METADATA_HOST: `127.0.0.1:${portOf(metadata)}`,
      // Neither a key nor a person's login may stand in for the identity.
      GOOGLE_APPLICATION_CREDENTIALS: undefined,
      CLOUDSDK_CONFIG: folder,
    },
    objects: async () => {
      const listed = await fetch(`${url}/storage/v1/b/${bucket}/o`);
      const { items = [] } = (await listed.json()) as { items?: { name: string }[] };
      return items.map(({ name }) => name);
    },
    stop: async () => {
      for (const server of [tls, metadata, proxy]) {
        server.closeAllConnections();
        server.close();
      }
      for (const socket of sockets) socket.destroy();
      await storage.stop();
    },
  };
}

/** Whether a URL was signed as the account and has not expired (V2 signing process of Cloud Storage). */
function signatureHolds(message: IncomingMessage, asked: URL, account: string, publicKey: string): boolean {
  const expires = asked.searchParams.get("Expires") ?? "";
  const text = [message.method, "", "", expires, asked.pathname].join("\n");
  return (
    asked.searchParams.get("GoogleAccessId") === account &&
    Number(expires) * 1000 > Date.now() &&
    createVerify("sha256")
      .update(text)
      .verify(createPublicKey(publicKey), asked.searchParams.get("Signature") ?? "", "base64")
  );
}

async function body(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function answer(response: ServerResponse, value: object): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.statusCode = status;
  response.end();
}

const listen = (server: NetServer) =>
  new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));

const portOf = (server: NetServer) => (server.address() as AddressInfo).port;
