// The resources around an instance, be it a server or a replica: KMS key, parameter group, log groups and monitoring role, and the
// arguments of the instance that follow from them.

import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { DbInstance, DbInstanceConfig } from "@cdktf/provider-aws/lib/db-instance";
import { type ITerraformDependable, Op, type Precondition } from "cdktf";
import type { Construct } from "constructs";
import {
  type ConnectionCapacity,
  type DatabaseEngine,
  DeletionPolicy,
  EngineFamily,
  type MachineClass,
  type MachineSize,
  TerraformData,
  type TlsTrust,
} from "../../database";
import {
  checkUniqueName,
  DEFAULT_MAINTENANCE_WINDOW,
  isResolved,
  namingPath,
  physicalName,
  type SynthChecks,
  terraformCall,
  weeklyRange,
} from "../../database/private";
import type { IDatabaseNetwork } from "../network/database-network";
import { checkTags } from "../private/tags";
import { EncryptionKey, type IEncryptionKey } from "../secrets/encryption-key";
import { rdsConnectionCapacity, rdsMachine } from "./instance-class";
import { RdsCertificateAuthority, type RdsTls, rdsTls } from "./rds-certificates";
import {
  checkRdsInstance,
  performanceInsightsEnabled,
  type RdsInstanceOptions,
  type RdsInstanceReference,
} from "./rds-instance";
import { RdsMonitoringRole } from "./rds-monitoring-role";
import { RdsParameterGroup } from "./rds-parameter-group";

/** Description of an instance. @internal */
export interface RdsInstanceDescription {
  readonly options: RdsInstanceOptions;
  readonly engine: DatabaseEngine;
  readonly size: MachineSize;
  readonly network: IDatabaseNetwork;
  /** True if a KMS key created with the instance outlives it. */
  readonly retainKey: boolean;
}

/**
 * The resources around one instance, as children of the construct that the instance belongs to.
 *
 * @internal
 */
export class RdsInstanceResources {
  public readonly identifier: string;
  public readonly region: string;
  public readonly machine: MachineClass;
  public readonly capacity?: ConnectionCapacity;
  public readonly key: IEncryptionKey;
  public readonly ownKey?: EncryptionKey;
  public readonly parameterGroup: RdsParameterGroup;
  public readonly monitoringRole?: RdsMonitoringRole;
  public readonly logGroups: CloudwatchLogGroup[];
  /** Preconditions of the instance; constructs may add to them until synth. */
  public readonly preconditions: Precondition[] = [];
  private readonly checks: SynthChecks;
  private readonly description: RdsInstanceDescription;
  private readonly certificates: RdsTls;

  public constructor(scope: Construct, checks: SynthChecks, description: RdsInstanceDescription) {
    this.checks = checks;
    this.description = description;
    const { options, engine, size, network } = description;
    const { tags, dependsOn } = options;
    const provider = options.provider ?? network.provider;
    this.identifier = options.identifier ?? physicalName(scope);
    this.region = options.region ?? network.region;
    this.machine = this.findMachine();
    checkTags(checks, scope, tags);
    checkRdsInstance(checks, options, engine, size, this.machine, this.identifier);
    checkUniqueName(checks, scope, {
      kind: "DB instance",
      property: "identifier",
      name: this.identifier,
      provider,
    });
    this.addIdentifierPrecondition();
    this.addRangePrecondition("port", options.port, 1150, 65_535);
    if (options.encryptionKey === undefined) {
      this.ownKey = new EncryptionKey(scope, "Key", {
        description: `RDS ${namingPath(scope)}`,
        logGroups: `/aws/rds/instance/${this.identifier}/*`,
        region: this.region,
        retain: description.retainKey,
        tags,
        provider,
        dependsOn,
      });
    }
    this.key = options.encryptionKey ?? (this.ownKey as EncryptionKey);
    this.parameterGroup = new RdsParameterGroup(scope, "Parameters", {
      engine,
      parameters: options.parameters,
      staticParameters: options.staticParameters,
      maxConnections: options.maxConnections,
      slowQueryMs: options.slowQueryMs,
      tlsEnforced: options.tlsEnforced,
      tags,
      provider,
      dependsOn,
    });
    if (options.monitoringIntervalSeconds !== 0) {
      this.monitoringRole = new RdsMonitoringRole(scope, "Monitoring", { tags, provider, dependsOn });
    }
    this.logGroups = this.logTypes().map(
      (type) =>
        // Created before the instance; otherwise RDS creates them, without KMS key and with logs that never expire.
        new CloudwatchLogGroup(scope, `Log-${type}`, {
          name: `/aws/rds/instance/${this.identifier}/${type}`,
          retentionInDays: options.cloudwatchLogsRetentionDays ?? 365,
          kmsKeyId: this.key.arn,
          tags,
          provider,
          dependsOn,
        }),
    );
    this.capacity = rdsConnectionCapacity(engine, this.machine, options.maxConnections);
    this.certificates = rdsTls(scope, checks, {
      region: this.region,
      authority: this.authority,
      enforced: options.tlsEnforced ?? true,
      caCertificatesPem: options.caCertificatesPem,
    });
  }

  /** The trust that clients put in the instance. */
  public get tls(): TlsTrust {
    return this.certificates.trust;
  }

  /** True if Performance Insights is enabled. */
  public get performanceInsights(): boolean {
    const { engine, options } = this.description;
    return performanceInsightsEnabled(engine, this.machine, options.performanceInsights);
  }

  /** The arguments of `aws_db_instance` that a server and a replica have in common. */
  public config(): DbInstanceConfig {
    const { options, engine, network } = this.description;
    const insights = this.performanceInsights;
    return {
      identifier: this.identifier,
      instanceClass: this.machine.name,
      port: options.port ?? engine.defaultPort,
      storageEncrypted: true,
      kmsKeyId: this.key.arn,
      storageType: "gp3",
      dbSubnetGroupName: network.subnetGroupName,
      vpcSecurityGroupIds: [network.securityGroupId],
      publiclyAccessible: options.publiclyAccessible ?? false,
      parameterGroupName: this.parameterGroup.groupName,
      caCertIdentifier: this.authority.identifier,
      iamDatabaseAuthenticationEnabled: options.iamAuthentication ?? true,
      autoMinorVersionUpgrade: options.autoMinorVersionUpgrade ?? true,
      applyImmediately: options.applyImmediately ?? false,
      maintenanceWindow: weeklyRange(options.maintenanceWindow ?? DEFAULT_MAINTENANCE_WINDOW),
      copyTagsToSnapshot: true,
      performanceInsightsEnabled: insights,
      performanceInsightsKmsKeyId: insights ? this.key.arn : undefined,
      performanceInsightsRetentionPeriod: insights
        ? (options.performanceInsightsRetentionDays ?? 7)
        : undefined,
      monitoringInterval: options.monitoringIntervalSeconds ?? 60,
      monitoringRoleArn: this.monitoringRole?.arn,
      enabledCloudwatchLogsExports: this.logTypes(),
      tags: options.tags,
      provider: options.provider ?? network.provider,
      dependsOn: this.dependsOn(),
    };
  }

  /**
   * Has Terraform check a whole number that is not known at synth; RDS would refuse it in the middle of an apply.
   *
   * @param property the prop's name.
   * @param value the value; one that is known was checked at synth.
   * @param min the smallest number allowed.
   * @param max the largest number allowed.
   */
  public addRangePrecondition(property: string, value: number | undefined, min: number, max: number): void {
    if (value === undefined || isResolved(value)) return;
    const number = terraformCall("tonumber", value);
    this.preconditions.push({
      condition: Op.and(Op.gte(number, min), Op.lte(number, max)),
      errorMessage: `${property} must be from ${min} to ${max}.`,
    });
  }

  /** Has Terraform check that the library has a root certificate for a region that is not known at synth. */
  public addCertificatePrecondition(): void {
    const { precondition } = this.certificates;
    if (precondition) this.preconditions.push(precondition);
  }

  private get authority(): RdsCertificateAuthority {
    return this.description.options.certificateAuthority ?? RdsCertificateAuthority.RSA2048_G1;
  }

  private dependsOn(): ITerraformDependable[] {
    return [
      ...this.logGroups,
      ...(this.monitoringRole?.dependables ?? []),
      ...(this.description.options.dependsOn ?? []),
    ];
  }

  private findMachine(): MachineClass {
    const { size, engine } = this.description;
    return rdsMachine(this.checks, size, engine) ?? { name: "db.m7g.large", burstable: false };
  }

  private logTypes(): string[] {
    const { engine, options } = this.description;
    const types =
      engine.family === EngineFamily.POSTGRES ? ["postgresql", "upgrade"] : ["error", "slowquery"];
    return (options.iamAuthentication ?? true) ? [...types, "iam-db-auth-error"] : types;
  }

  private addIdentifierPrecondition(): void {
    const { identifier } = this;
    if (isResolved(identifier)) return;
    this.preconditions.push({
      condition: Op.and(
        Op.lte(terraformCall("length", identifier), 63),
        terraformCall("can", terraformCall("regex", "^[a-z](-?[a-z0-9])*$", identifier)),
      ),
      errorMessage:
        "identifier must be 1 to 63 lower-case letters, digits and single hyphens, with a letter first and no hyphen last.",
    });
  }
}

/** @internal */
export function rdsInstanceReference({ identifier, arn, resourceId }: DbInstance): RdsInstanceReference {
  return { identifier, arn, resourceId };
}

/** @internal */
export interface RdsDeletionProps {
  readonly policy: DeletionPolicy;
  /** DB instance identifier. */
  readonly identifier: string;
  /** Values whose change replaces the instance; the final snapshot of a new instance needs another name. */
  readonly replacedBy: { readonly [name: string]: string };
  /** True if the instance is encrypted with a key that is deleted with it. */
  readonly ownKey: boolean;
}

/** The arguments of the instance that follow from a deletion policy. @internal */
export type RdsDeletion = Pick<
  DbInstanceConfig,
  "deletionProtection" | "skipFinalSnapshot" | "finalSnapshotIdentifier" | "deleteAutomatedBackups"
>;

/** @internal */
export function rdsDeletion(scope: Construct, checks: SynthChecks, props: RdsDeletionProps): RdsDeletion {
  if (props.policy === DeletionPolicy.DELETE) {
    checks.optOut(
      "deletionPolicy: the instance and all its backups are deleted when it is removed from the program",
    );
    return { deletionProtection: false, skipFinalSnapshot: true, deleteAutomatedBackups: true };
  }
  const snapshot = props.policy === DeletionPolicy.SNAPSHOT;
  if (snapshot) {
    checks.optOut(
      "deletionPolicy: the instance is deleted when it is removed from the program; a final snapshot remains",
    );
    if (props.ownKey) {
      checks.fail(
        "deletionPolicy",
        props.policy,
        `must be retain or delete while the KMS key is deleted with the instance, since the final snapshot cannot be restored without it; give encryptionKey, a key that stays (see EncryptionKey)`,
      );
    }
  }
  // The name has to be the same in each plan, and different for each instance that ever has this identifier: RDS does not overwrite
  // a snapshot, and then does not delete the instance. Terraform generates the id of `terraform_data` once, at creation, and again
  // when the instance is replaced.
  const unique = new TerraformData(scope, "FinalSnapshotId", { triggersReplace: { ...props.replacedBy } });
  return {
    deletionProtection: !snapshot,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: `${props.identifier}-final-${terraformCall("substr", unique.id, 0, 8)}`,
    deleteAutomatedBackups: false,
  };
}
