// A back end decides where a program runs, not what it does. It runs a program once for every change of the program, its
// settings or its secrets, and knows nothing of databases.

import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { IDatabaseServer, SecretValue } from "../../database";

/** Secret that a program reads at run time. */
export interface SqlProgramSecret {
  /** Key of the secret: letters, digits and hyphens. */
  readonly key: string;
  /** Secret value. */
  readonly value: SecretValue;
}

/** Secret or ConfigMap mounted into the container of a program. Without a container the path must exist on the machine. */
export interface SqlProgramMount {
  /** Absolute path of the folder. */
  readonly path: string;
  /** Secret whose keys become files. @default - none; `configMapName` is set */
  readonly secretName?: string;
  /** ConfigMap whose keys become files. @default - none; `secretName` is set */
  readonly configMapName?: string;
}

/** Program for a POSIX shell. */
export interface SqlProgram {
  /** Name of the task, for object names and messages: lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Database server that the program connects to. */
  readonly server: IDatabaseServer;
  /** Shell script; constant, without names and secrets. */
  readonly script: string;
  /** Environment variables, already escaped for Terraform; values may be tokens. */
  readonly environment: { readonly [name: string]: string };
  /** Secrets. The program reads them from files in the folder SQL_SECRETS or, when it is empty, from variables SQL_SECRET_<key>. */
  readonly secrets: SqlProgramSecret[];
  /**
   * Shell script that must succeed first, with the client of the server's engine and the same variables and secrets.
   * @default - none
   */
  readonly before?: string;
  /** Container image. @default - image with the client of the server's engine */
  readonly image?: string;
  /** Memory limit of the container in MiB. @default 128 */
  readonly memoryMiB?: number;
  /** Secrets and ConfigMaps mounted into the container. @default - none */
  readonly mounts?: SqlProgramMount[];
  /** True if the mounts contain the CA certificates of the server, so that the back end passes none. @default false */
  readonly mountsCaCertificates?: boolean;
  /** True if the program runs in every apply and corrects manual changes. */
  readonly everyApply: boolean;
  /** Resources that the program depends on. */
  readonly dependsOn: ITerraformDependable[];
}

/** Where SQL runs: as a Job in the cluster (`SqlJobBackend`) or on the machine that runs Terraform (`LocalSqlBackend`). */
export interface ISqlBackend {
  /**
   * Runs a program.
   *
   * @param scope parent of the back end's constructs.
   * @param program the program.
   * @returns the resources that exist when the program has succeeded.
   */
  run(scope: Construct, program: SqlProgram): ITerraformDependable[];
}
