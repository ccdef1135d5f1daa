// What every grant of a store or registry begins with: the identity has to be one of the same cloud, and is asked for once.

import { Construct, type IConstruct } from "constructs";
import type { Cloud, IWorkloadIdentity } from "../../database";
import { constructIdFor, type SynthChecks, shortHash } from "../../database/private";

/**
 * Remembers whom a store or registry granted what, so that asking twice changes nothing, and refuses identities that the cloud
 * does not know.
 *
 * @internal
 */
export class IdentityGrants {
  private readonly granted = new Set<IWorkloadIdentity>();
  private readonly checks: SynthChecks;
  private readonly method: string;
  private readonly cloud: Cloud;

  /**
   * @param checks where to report.
   * @param method the method's name for messages, such as `grantReadWrite`.
   * @param cloud the cloud that runs the store or registry.
   */
  public constructor(checks: SynthChecks, method: string, cloud: Cloud) {
    this.checks = checks;
    this.method = method;
    this.cloud = cloud;
  }

  /**
   * Whether an identity is still to be granted access; false also when it cannot be, which is reported.
   *
   * @param identity the identity.
   * @param handle what the cloud knows the identity by, such as the e-mail address of its account; undefined when it has none.
   * @param fitting the classes of identities that have one, for the message.
   */
  public begin(identity: IWorkloadIdentity, handle: unknown, fitting: string): boolean {
    if (this.granted.has(identity)) return false;
    this.granted.add(identity);
    if (identity.cloud !== this.cloud) {
      this.checks.fail(
        `${this.method}: identity.cloud`,
        identity.cloud,
        `the identity has to be one of the same cloud, ${this.cloud}`,
      );
      return false;
    }
    if (handle === undefined) {
      this.checks.fail(
        `${this.method}: identity`,
        identity.serviceAccountName,
        `nothing can be granted to it; use ${fitting}`,
      );
      return false;
    }
    return true;
  }
}

/**
 * A part of a construct id that stands for an identity.
 *
 * @param scope the store or registry.
 * @param identity the identity, which may be in another stack.
 *
 * @internal
 */
export function identityPart(scope: IConstruct, identity: IWorkloadIdentity): string {
  const { namespace, serviceAccountName } = identity;
  return shortHash(
    Construct.isConstruct(identity)
      ? identity.node.path
      : `${constructIdFor(scope, namespace)}/${constructIdFor(scope, serviceAccountName)}`,
  );
}
