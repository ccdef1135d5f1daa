/** An emulator of AWS on loopback: moto, with the additions of `tools/moto/server.py`. */
import { join } from "node:path";
import { freePort, must, Server } from "../../../tools/machine/processes";
import { python } from "../../../tools/machine/python-environment";
import { repository } from "../../../tools/machine/repository";
import { Unavailable } from "../../../tools/machine/unavailable";

export interface Moto {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** What points AWS's own tools and SDKs to the emulator, with credentials that are good for nothing else. */
export function motoEnvironment(url: string): NodeJS.ProcessEnv {
  return {
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_DEFAULT_REGION: "eu-central-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: url,
    // Neither a person's configuration nor a proxy may lead these calls anywhere else.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_PROFILE: undefined,
    NO_PROXY: "127.0.0.1,localhost",
  };
}

/** What an account has before our stacks come to it. */
export interface LandingZone {
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly nodeSecurityGroup: string;
  readonly cluster: string;
  readonly oidcIssuer: string;
  readonly oidcProvider: string;
  readonly topic: string;
  /** IAM users without a policy. */
  readonly users: readonly string[];
}

/** Makes a network, an EKS cluster and what else our stacks expect, in an empty emulator. */
export function makeLandingZone(url: string, region: string): LandingZone {
  const script = join(repository, "tools", "moto", "landing_zone.py");
  const env = { ...process.env, ...motoEnvironment(url) };
  return JSON.parse(must(interpreterOfMoto(), [script, region], { env })) as LandingZone;
}

/** Calls an API of AWS that takes JSON, past Terraform: what it answers is what the cloud has. */
export async function callJson<T>(url: string, region: string, target: string, body: object): Promise<T> {
  const service = (target.split(".")[0] as string).toLowerCase();
  const response = await fetch(url, {
    method: "POST",
    headers: {
      ...signature(region, service),
      "x-amz-target": target,
      "content-type": "application/x-amz-json-1.1",
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${target}: ${response.status} ${await response.text()}`);
  }
  return (await response.json()) as T;
}

/** Calls RDS, which answers in XML. */
export async function callRds(
  url: string,
  region: string,
  action: string,
  parameters: Record<string, string> = {},
): Promise<string> {
  return callQuery(url, region, "rds", { Action: action, Version: "2014-10-31", ...parameters });
}

/** Calls EC2, which answers in XML. */
export async function callEc2(
  url: string,
  region: string,
  action: string,
  parameters: Record<string, string> = {},
): Promise<string> {
  return callQuery(url, region, "ec2", { Action: action, Version: "2016-11-15", ...parameters });
}

/** Asks AWS Backup, whose API has paths, such as `backup/plans/`. */
export async function getBackup<T>(url: string, region: string, path: string): Promise<T> {
  const response = await fetch(`${url}/${path}`, { headers: signature(region, "backup") });
  if (!response.ok) {
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
  return (await response.json()) as T;
}

/** Calls IAM, which answers in XML. */
export async function callIam(
  url: string,
  action: string,
  parameters: Record<string, string>,
): Promise<string> {
  return callQuery(url, "us-east-1", "iam", { Action: action, Version: "2010-05-08", ...parameters });
}

/** Asks S3 for a bucket or one of its settings, such as `name?versioning`; for all buckets by an empty path. */
export async function getS3(url: string, region: string, path: string): Promise<string> {
  const response = await fetch(`${url}/${path}`, { headers: signature(region, "s3") });
  if (!response.ok) {
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
  return response.text();
}

async function callQuery(
  url: string,
  region: string,
  service: string,
  parameters: Record<string, string>,
): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    headers: { ...signature(region, service), "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(parameters),
  });
  if (!response.ok) {
    throw new Error(`${parameters.Action}: ${response.status} ${await response.text()}`);
  }
  return response.text();
}

/** @returns the value of every secret in Secrets Manager. */
export async function secretValues(url: string, region: string): Promise<string[]> {
  const { SecretList } = await callJson<{ SecretList: { ARN: string }[] }>(
    url,
    region,
    "secretsmanager.ListSecrets",
    {},
  );
  const values = SecretList.map(({ ARN }) =>
    callJson<{ SecretString: string }>(url, region, "secretsmanager.GetSecretValue", { SecretId: ARN }),
  );
  return (await Promise.all(values)).map(({ SecretString }) => SecretString);
}

/** The emulator reads service and region of a signature, and checks nothing. */
function signature(region: string, service: string): Record<string, string> {
  const credential = `test/20260101/${region}/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=none` };
}

function interpreterOfMoto(): string {
  const interpreter = python("aws");
  if (interpreter instanceof Unavailable) {
    throw new Error(interpreter.reason);
  }
  return interpreter;
}

/** @param folder where its log is written */
export async function startMoto(folder: string): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = new Server(
    "moto",
    interpreterOfMoto(),
    [join(repository, "tools", "moto", "server.py"), String(port)],
    join(folder, "moto.log"),
    { env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true" } },
  );
  await server.waitUntil(async () => (await fetch(`${url}/moto-api/`)).ok, 60);
  return { url, stop: () => server.stop() };
}
