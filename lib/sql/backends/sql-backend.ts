// Where SQL runs is one decision, what runs another. A back end gets a program and sees to it that it runs once for every
// change of the program, its settings or its secrets; it knows nothing of databases.

import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { IDatabaseServer, SecretValue } from "../../database";
import type { ComponentObjects } from "../objects/component-objects";

/** A secret that a program reads while it runs. */
export interface SqlProgramSecret {
  /** The name under which the program asks for it: letters, digits and hyphens. */
  readonly key: string;
  /** The secret. */
  readonly value: SecretValue;
}

/** What a description asks for, for back ends that make objects without our program. */
export interface SqlDescription {
  /** The components. */
  readonly components: ComponentObjects[];
  /** Whether access is restricted where a database does not say. */
  readonly restrictAccess: boolean;
}

/** Something of the cluster that a program finds in its file system. Where it runs on a machine, the path has to be there. */
export interface SqlProgramMount {
  /** Where. */
  readonly path: string;
  /** The Kubernetes Secret whose keys become files. @default - none; then `configMapName` is given */
  readonly secretName?: string;
  /** The ConfigMap whose keys become files. @default - none; then `secretName` is given */
  readonly configMapName?: string;
}

/** A program for a POSIX shell, and what it needs. */
export interface SqlProgram {
  /** What it does, for the names of objects and for messages: lower-case letters, digits and hyphens. */
  readonly name: string;
  /** The server it speaks to. */
  readonly server: IDatabaseServer;
  /** The shell's text; the same for everybody, without names and secrets. */
  readonly script: string;
  /** Variables for it. Values may be tokens, and are written for Terraform already. */
  readonly environment: { readonly [name: string]: string };
  /** Secrets for it; it reads them from the folder SQL_SECRETS, or from variables SQL_SECRET_<key> when that is empty. */
  readonly secrets: SqlProgramSecret[];
  /**
   * What runs first, with the client of the server's engine, and has to succeed; the same variables and secrets. @default - nothing
   */
  readonly before?: string;
  /** The image it needs where it runs in a container. @default - one with the client of the server's engine */
  readonly image?: string;
  /** The memory it needs there, in MiB. @default 128 */
  readonly memoryMiB?: number;
  /** What it finds in its file system there. @default - nothing */
  readonly mounts?: SqlProgramMount[];
  /** Whether it finds what it needs to trust the server in its mounts, so that a back end hands it no authorities. @default false */
  readonly bringsAuthorities?: boolean;
  /** Whether it runs in each apply, and so takes back what somebody changed by hand. */
  readonly everyApply: boolean;
  /** The description that it brings about; not set for a migration. */
  readonly description?: SqlDescription;
  /** What has to exist first. */
  readonly dependsOn: ITerraformDependable[];
}

/** Where SQL runs: in the cluster (`SqlJobBackend` of lib/kubernetes), on this machine, or in a Terraform provider. */
export interface ISqlBackend {
  /**
   * Runs a program.
   *
   * @param scope the construct that what is needed becomes part of.
   * @param program the program.
   * @returns what has been done when the program has succeeded, to depend on.
   */
  run(scope: Construct, program: SqlProgram): ITerraformDependable[];
}
