// Whose passwords the library generates for a server, and where they are: each in a secret of its own, a child of the server.

import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { DatabaseLogin, type DatabaseOptions, LoginAuthentication } from "../../database";
import { isResolved } from "../../database/private";
import { GeneratedSecret } from "../secrets/generated-secret";
import type { RdsServerProps } from "./rds-server-props";

/** The server, as far as logins go. @internal */
export interface RdsLoginHost extends Construct {
  readonly identifier: string;
  readonly provider?: TerraformProvider;
}

/** @internal */
export class RdsLogins {
  private readonly secrets = new Map<string, GeneratedSecret>();

  public constructor(
    private readonly server: RdsLoginHost,
    private readonly props: RdsServerProps,
    private readonly keyArn: string,
  ) {}

  /** The owner of a database that names none; the same name gives the same password. */
  public ownerOf(name: string, options: DatabaseOptions | undefined): DatabaseLogin {
    const username = options?.ownerName ?? name;
    if (options?.ownerAuthentication === LoginAuthentication.CLOUD_IDENTITY) {
      return DatabaseLogin.withCloudIdentity(username);
    }
    const known = this.secrets.get(username);
    if (known) return DatabaseLogin.withPassword(username, known.value);
    if (!isResolved(username)) {
      throw new Error(
        `[${this.server.node.path}] ownerName of database "${name}" has to be known at synth, since construct ids follow from it`,
      );
    }
    const secret = this.generate(`Login-${username}`, username);
    return DatabaseLogin.withPassword(username, secret.value);
  }

  /** A password for a user. */
  public generate(id: string, username: string): GeneratedSecret {
    const { server } = this;
    const { tags, dependsOn, passwordVersion } = this.props;
    const secret = new GeneratedSecret(server, id, {
      version: passwordVersion,
      namePrefix: `${server.identifier}/${isResolved(username) ? username : "login"}-`,
      description: `Password of ${isResolved(username) ? username : "a login"} on RDS ${server.node.path}`,
      encryptionKeyArn: this.keyArn,
      tags,
      provider: server.provider,
      dependsOn,
    });
    this.secrets.set(username, secret);
    return secret;
  }

  /** The secret of a user; none where the library generated none. */
  public secretOf(username: string): GeneratedSecret | undefined {
    return this.secrets.get(username);
  }
}
