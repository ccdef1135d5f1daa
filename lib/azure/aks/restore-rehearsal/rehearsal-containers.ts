// The containers of a rehearsal: images, programs and variables.

import { EngineFamily } from "../../../database";
import { CLIENT_IMAGES } from "../../../kubernetes/private";
import type { IFlexibleServer } from "../../flexible-server/flexible-server";
import {
  AZURE_CLI_IMAGE,
  NETWORK_API,
  RESOURCES_API,
  SERVER_API,
  type ServerApi,
} from "./data/rehearsal-facts";
import { type RehearsalContainer, SCRIPTS } from "./rehearsal-pods";
import type { RehearsalFacts } from "./rehearsal-rules";

/** Users of the images postgres and mysql, as which the container with curl runs too: they share the folder of their files. @internal */
export const USER_IDS: { readonly [family: string]: number } = {
  [EngineFamily.POSTGRES]: 70,
  [EngineFamily.MYSQL]: 999,
};

/** Public certificate authorities in the images of the clients. */
const CA_FILES = "/etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem";

/** @internal */
export interface RehearsalContainersOptions extends RehearsalFacts {
  readonly family: EngineFamily;
  readonly rehearsalName: string;
  /** Resource ID of the group of the copies. */
  readonly groupId: string;
  readonly server: IFlexibleServer;
  readonly clientImage?: string;
  readonly azureCliImage?: string;
  readonly secretName?: string;
  readonly checkCount: number;
  readonly deadlineSeconds: number;
  readonly watchSeconds: number;
}

/** @internal */
export function rehearsalContainers(options: RehearsalContainersOptions): {
  readonly rehearsal: RehearsalContainer[];
  readonly watch: RehearsalContainer[];
} {
  const { family, rehearsalName, server, placement, deadlineSeconds } = options;
  const api = SERVER_API[family] as ServerApi;
  const image = options.azureCliImage ?? AZURE_CLI_IMAGE;
  const shared = { REHEARSAL_NAME: rehearsalName, REHEARSAL_POLL_SECONDS: "20", REHEARSAL_PAUSE: "1" };
  const zone = placement.privateDnsZoneId ?? "";
  const arm = {
    ...shared,
    ARM_ENDPOINT: "https://management.azure.com",
    REHEARSAL_GROUP_ID: options.groupId,
    REHEARSAL_SOURCE_ID: server.serverId,
    RESOURCES_API,
  };
  const azure = {
    name: "azure",
    image,
    program: "azure.sh",
    memoryMiB: 256,
    environment: {
      ...arm,
      NETWORK_API,
      SERVER_PROVIDER: api.provider,
      SERVER_API: api.apiVersion,
      SERVER_POINT: api.pointProperty,
      SERVER_ZONE: api.zoneProperty,
      SERVER_SUBRESOURCE: api.subresource,
      REHEARSAL_LOCATION: server.location.region as string,
      COPY_SUBNET_ID: options.subnetId,
      COPY_ZONE_ID: zone,
      // Queries may take ten minutes each, during which nothing is asked.
      REHEARSAL_SILENCE_SECONDS: String(1800 + 1200 * options.checkCount),
    },
  };
  const sql = {
    name: "sql",
    image: options.clientImage ?? (CLIENT_IMAGES[family] as string),
    program: "sql.sh",
    memoryMiB: 256,
    secretName: options.secretName,
    environment: {
      ...shared,
      REHEARSAL_SOURCE: server.serverName,
      REHEARSAL_CHECKS: SCRIPTS,
      REHEARSAL_POINT_SECONDS: String(options.pointMinutes * 60),
      REHEARSAL_RESTORE_SECONDS: String(deadlineSeconds - 1800),
      REHEARSAL_LEFTOVER_SECONDS: String(deadlineSeconds + 3600),
      REHEARSAL_CA_FILES: CA_FILES,
      COPY_ZONE_ID: zone,
    },
  };
  const watch = {
    name: "watch",
    image,
    program: "watch.sh",
    memoryMiB: 128,
    environment: {
      ...arm,
      WATCH_SUBJECT: `restore rehearsal ${rehearsalName}`,
      WATCH_SECONDS: String(options.watchSeconds),
    },
  };
  return { rehearsal: [azure, sql], watch: [watch] };
}
