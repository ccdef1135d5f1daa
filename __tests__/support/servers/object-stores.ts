/** Object stores on loopback: S3 by moto, the API of Cloud Storage by fake-gcs-server, and that of Azure Blob Storage by Azurite. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { goProgram } from "../../../tools/machine/go-program";
import { npmProgram } from "../../../tools/machine/npm-program";
import { freePort, must, run, Server } from "../../../tools/machine/processes";
import { python } from "../../../tools/machine/python-environment";
import { rclone } from "../../../tools/machine/rclone";
import { Unavailable } from "../../../tools/machine/unavailable";
import { motoEnvironment, startMoto } from "./moto";

export interface ObjectStoreTools {
  readonly rclone: string;
  readonly gcs: string;
  readonly azurite: string;
}

export function objectStoreTools(): ObjectStoreTools | Unavailable {
  const aws = python("aws");
  if (aws instanceof Unavailable) return aws;
  const tools = {
    rclone: rclone(),
    gcs: goProgram("fake-gcs-server", "github.com/fsouza/fake-gcs-server"),
    azurite: npmProgram("azurite", "3.37.0", "azurite-blob"),
  };
  const missing = Object.values(tools).find((tool) => tool instanceof Unavailable);
  return missing instanceof Unavailable ? missing : (tools as ObjectStoreTools);
}

/** Account and key that Azurite documents. */
export const AZURITE = {
  account: "devstoreaccount1",
  key: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
};

/** A running store with one bucket or container, `backups`. */
export interface RunningStore {
  /** Variables that lead rclone here, in place of those of the cloud. */
  readonly environment: Record<string, string | undefined>;
  readonly stop: () => Promise<void>;
}

export async function startS3(folder: string): Promise<RunningStore> {
  const { url, stop } = await startMoto(folder);
  const environment = { ...motoEnvironment(url), RCLONE_CONFIG_STORE_ENDPOINT: url };
  const created = await fetch(`${url}/backups`, {
    method: "PUT",
    headers: {
      authorization:
        "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=none",
    },
    body: "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>",
  });
  if (!created.ok) throw new Error(`the bucket cannot be made: ${await created.text()}`);
  return { environment, stop };
}

export async function startGcs(tools: ObjectStoreTools, folder: string): Promise<RunningStore> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const flags = ["-scheme", "http", "-host", "127.0.0.1", "-port", String(port), "-backend", "memory"];
  const server = new Server(
    "fake-gcs-server",
    tools.gcs,
    [...flags, "-external-url", url, "-public-host", `127.0.0.1:${port}`],
    join(folder, "gcs.log"),
  );
  await server.waitUntil(async () => (await fetch(`${url}/storage/v1/b`)).ok, 60);
  const created = await fetch(`${url}/storage/v1/b?project=test`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "backups" }),
  });
  if (!created.ok) throw new Error(`the bucket cannot be made: ${await created.text()}`);
  const environment = {
    RCLONE_CONFIG_STORE_ENDPOINT: `${url}/storage/v1/`,
    RCLONE_CONFIG_STORE_ANONYMOUS: "true",
  };
  return { environment, stop: () => server.stop() };
}

export async function startAzure(tools: ObjectStoreTools, folder: string): Promise<RunningStore> {
  const port = await freePort();
  const data = join(folder, "azurite");
  mkdirSync(data);
  const server = new Server(
    "azurite",
    tools.azurite,
    [
      "--blobHost",
      "127.0.0.1",
      "--blobPort",
      String(port),
      "--location",
      data,
      "--skipApiVersionCheck",
      "--disableTelemetry",
    ],
    join(folder, "azurite.log"),
  );
  const url = `http://127.0.0.1:${port}/${AZURITE.account}`;
  await server.waitUntil(async () => (await fetch(url)).status > 0, 60);
  const environment = { RCLONE_CONFIG_STORE_ENDPOINT: url };
  must(tools.rclone, ["mkdir", "store:backups"], {
    env: {
      PATH: process.env.PATH,
      RCLONE_CONFIG: "/dev/null",
      RCLONE_CONFIG_STORE_TYPE: "azureblob",
      RCLONE_CONFIG_STORE_ACCOUNT: AZURITE.account,
      RCLONE_CONFIG_STORE_KEY: AZURITE.key,
      ...environment,
    },
  });
  return { environment, stop: () => server.stop() };
}

/** Runs rclone against a store, to look at what a job has left and to damage it. */
export function inStore(
  tools: ObjectStoreTools,
  environment: NodeJS.ProcessEnv,
  args: string[],
  input?: string,
) {
  return run(tools.rclone, args, {
    input,
    env: { PATH: process.env.PATH, HOME: "/tmp", RCLONE_CONFIG: "/dev/null", ...environment },
  });
}
