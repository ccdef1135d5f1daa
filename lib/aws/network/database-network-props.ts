import type { ITerraformDependable, TerraformProvider } from "cdktf";

/** Properties of a `DatabaseNetwork`: either `vpcId` and `subnetIds`, or `cidrBlock` and `availabilityZones`. */
export interface DatabaseNetworkProps {
  /** An existing VPC; may be a token. @default - a VPC of its own */
  readonly vpcId?: string;
  /** Existing private subnets of that VPC in two zones or more; the list or its members may be tokens. @default - subnets of its own */
  readonly subnetIds?: string[];
  /** The address range of a VPC of its own, between /16 and /24. @default - none */
  readonly cidrBlock?: string;
  /** The zones of a VPC of its own, two or more, such as `eu-central-1a`. @default - none */
  readonly availabilityZones?: string[];
  /** The security groups that may connect; the list or its members may be tokens. @default - nobody, until `allowFrom` */
  readonly clients?: string[];
  /** Whether a VPC of its own records its traffic. @default true */
  readonly flowLog?: boolean;
  /** The KMS key for the flow log. CloudWatch Logs has to be allowed to use it. @default - a key of its own */
  readonly encryptionKeyArn?: string;
  /** The region; may be a token. @default - the provider's */
  readonly region?: string;
  /** Tags for all resources. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
