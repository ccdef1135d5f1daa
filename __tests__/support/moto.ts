/** An emulator of AWS on loopback: moto, with the additions of `tools/moto/server.py`. */
import { join } from "node:path";
import { Unavailable } from "./availability";
import { freePort, Server } from "./processes";
import { python } from "./python";
import { repository } from "./repository";

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

/** @param folder where its log is written */
export async function startMoto(folder: string): Promise<Moto> {
  const interpreter = python("aws");
  if (interpreter instanceof Unavailable) {
    throw new Error(interpreter.reason);
  }
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = new Server(
    "moto",
    interpreter,
    [join(repository, "tools", "moto", "server.py"), String(port)],
    join(folder, "moto.log"),
    { env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true" } },
  );
  await server.waitUntil(async () => (await fetch(`${url}/moto-api/`)).ok, 60);
  return { url, stop: () => server.stop() };
}
