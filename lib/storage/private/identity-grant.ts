import { Construct, type IConstruct } from "constructs";
import type { Cloud, IGrant, IWorkloadIdentity } from "../../database";
import { constructIdFor, namingPath, type SynthChecks, shortHash } from "../../database/private";

/** The grants of a store or registry: one per identity, and none for identities that its cloud does not know. @internal */
export class IdentityGrants {
  private readonly grants = new Map<IWorkloadIdentity, IGrant>();
  private readonly checks: SynthChecks;
  private readonly method: string;
  private readonly cloud: Cloud;

  /**
   * @param checks where to report.
   * @param method the method's name for messages, such as `grantReadWrite`.
   * @param cloud the cloud of the store or registry.
   */
  public constructor(checks: SynthChecks, method: string, cloud: Cloud) {
    this.checks = checks;
    this.method = method;
    this.cloud = cloud;
  }

  /**
   * The grant of an identity, created once. An identity that cannot be granted access is reported, and gets an empty grant.
   *
   * @param identity the identity.
   * @param principal the identity's principal in the cloud, such as the e-mail address of its account; undefined if it has none.
   * @param classes the classes of identities that have one, for the message.
   * @param create creates the grant.
   */
  public grant(
    identity: IWorkloadIdentity,
    principal: unknown,
    classes: string,
    create: () => IGrant,
  ): IGrant {
    const existing = this.grants.get(identity);
    if (existing) return existing;
    const grant = this.accepts(identity, principal, classes) ? create() : { dependables: [] };
    this.grants.set(identity, grant);
    return grant;
  }

  private accepts(identity: IWorkloadIdentity, principal: unknown, classes: string): boolean {
    if (identity.cloud !== this.cloud) {
      this.checks.fail(`${this.method}: identity.cloud`, identity.cloud, `must be ${this.cloud}`);
      return false;
    }
    if (principal === undefined) {
      this.checks.fail(
        `${this.method}: identity`,
        identity.serviceAccountName,
        `must have a principal to which roles can be granted; use ${classes}`,
      );
      return false;
    }
    return true;
  }
}

/**
 * Part of a construct id that identifies an identity.
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
      ? namingPath(identity)
      : `${constructIdFor(scope, namespace)}/${constructIdFor(scope, serviceAccountName)}`,
  );
}
