import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type IGrant, type IWorkloadIdentity, type Protection } from "../../database";
import { isResolved, requireProps, SynthChecks } from "../../database/private";
import type { IImageRegistry, ImageRegistryAttributes } from "../image-registry";
import { IdentityGrants } from "./identity-grant";

const HOST = "[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\\d{1,5})?";

/** An existing image registry (`ImageRegistry.fromRegistryAttributes`); creates and grants nothing. */
export class ImportedImageRegistry extends Construct implements IImageRegistry {
  public readonly cloud: Cloud;
  public readonly server: string;
  public readonly url: string;
  public readonly protections?: readonly Protection[];
  public readonly dependables: ITerraformDependable[];
  private readonly checks: SynthChecks;
  private readonly grants: IdentityGrants;

  public constructor(scope: Construct, id: string, props: ImageRegistryAttributes) {
    super(scope, id);
    requireProps(this.node.path, "REGISTRY", props, { url: true });
    const { url, server } = props;
    this.checks = new SynthChecks(this, "REGISTRY");
    this.cloud = props.cloud ?? Cloud.SELF_MANAGED;
    this.url = url;
    this.protections = props.protections;
    this.server = server ?? (isResolved(url) ? (url.split("/")[0] ?? url) : url);
    this.dependables = props.dependsOn ?? [];
    this.grants = new IdentityGrants(this.checks, "grantPush", this.cloud);
    this.checks.matches(
      "url",
      url,
      new RegExp(`^${HOST}(/[a-z0-9._-]+)*$`),
      "must be a host and a path in lower case, without scheme and without a trailing slash",
    );
    this.checks.matches(
      "server",
      server,
      new RegExp(`^${HOST}$`),
      "must be a host, with a port if it is not 443, without scheme and path",
    );
    if (server === undefined && !isResolved(url)) {
      this.checks.fail("server", server, "must be set, since url is not known at synth");
    }
    if (
      server !== undefined &&
      isResolved([url, server]) &&
      url !== server &&
      !url.startsWith(`${server}/`)
    ) {
      this.checks.fail("server", server, `must be the beginning of url, ${url}`);
    }
  }

  /**
   * Grants nothing, since the registry exists already, and warns instead.
   *
   * @param identity the identity; an identity of another cloud is an error at synth.
   */
  public grantPush(identity: IWorkloadIdentity): IGrant {
    return this.grants.grant(identity, true, "", () => {
      this.checks.warn(
        `grantPush: the registry exists already, so nothing is granted; grant the service account ${identity.namespace}/${identity.serviceAccountName} permission to pull and push its images`,
        "grantPush",
      );
      return { dependables: [] };
    });
  }
}
