// What surrounds an instance, be it a server or a replica: its key, parameters, logs and monitoring, and the arguments
// that follow from them.

import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { DbInstanceConfig } from "@cdktf/provider-aws/lib/db-instance";
import { type ITerraformDependable, Op, type Precondition } from "cdktf";
import type { Construct } from "constructs";
import {
  Cloud,
  type ConnectionCapacity,
  DEFAULT_MAINTENANCE_WINDOW,
  defaultConnectionCapacity,
  EngineFamily,
  type MachineClass,
  reservedConnections,
  type TlsTrust,
  weeklyRange,
} from "../../database";
import {
  checkUniqueName,
  isResolved,
  physicalName,
  type SynthChecks,
  terraformCall,
} from "../../database/private";
import { EncryptionKey } from "../secrets/encryption-key";
import { rdsInstanceClass } from "./instance-class";
import { RdsCertificateAuthority } from "./rds-certificate-authority";
import { insightsOn } from "./rds-insights";
import { checkRdsInstance } from "./rds-instance-checks";
import type { RdsInstanceShape } from "./rds-instance-shape";
import { RdsMonitoringRole } from "./rds-monitoring-role";
import { RdsParameterGroup } from "./rds-parameter-group";
import { rdsRegions, rdsRootsByRegion, rdsTrust } from "./rds-trust";

/**
 * The surroundings of one instance, as children of the construct that it belongs to.
 *
 * @internal
 */
export class RdsInstanceParts {
  public readonly identifier: string;
  public readonly region: string;
  public readonly machine: MachineClass;
  public readonly capacity?: ConnectionCapacity;
  public readonly keyArn: string;
  public readonly ownKey?: EncryptionKey;
  public readonly parameterGroup: RdsParameterGroup;
  public readonly monitoringRole?: RdsMonitoringRole;
  public readonly logGroups: CloudwatchLogGroup[];
  public readonly tls: TlsTrust;
  /** What Terraform checks before it makes the instance; constructs may add to it until synth. */
  public readonly preconditions: Precondition[] = [];
  private readonly scope: Construct;
  private readonly checks: SynthChecks;
  private readonly shape: RdsInstanceShape;

  public constructor(scope: Construct, checks: SynthChecks, shape: RdsInstanceShape) {
    this.scope = scope;
    this.checks = checks;
    this.shape = shape;
    const { options, engine, network } = shape;
    const { tags, dependsOn } = options;
    const provider = options.provider ?? network.provider;
    this.identifier = options.identifier ?? physicalName(scope);
    this.region = options.region ?? network.region;
    this.machine = this.findMachine();
    checkRdsInstance(checks, shape, this.machine, this.identifier);
    checkUniqueName(checks, scope, {
      kind: "DB instance",
      property: "identifier",
      name: this.identifier,
      provider,
    });
    this.checkIdentifierLater();
    this.checkLater("port", options.port, 1150, 65_535);
    if (options.encryptionKeyArn === undefined) {
      this.ownKey = new EncryptionKey(scope, "Key", {
        description: `RDS ${scope.node.path}`,
        logGroups: `/aws/rds/instance/${this.identifier}/*`,
        region: this.region,
        retain: shape.retainKey,
        tags,
        provider,
        dependsOn,
      });
    }
    this.keyArn = options.encryptionKeyArn ?? (this.ownKey as EncryptionKey).arn;
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
        // Made before the instance, which would make them itself otherwise: without key, and for ever.
        new CloudwatchLogGroup(scope, `Log-${type}`, {
          name: `/aws/rds/instance/${this.identifier}/${type}`,
          retentionInDays: options.logRetentionDays ?? 365,
          kmsKeyId: this.keyArn,
          tags,
          provider,
          dependsOn,
        }),
    );
    this.capacity =
      options.maxConnections === undefined
        ? defaultConnectionCapacity(Cloud.AWS, engine, this.machine)
        : {
            maximum: options.maxConnections,
            reserved: reservedConnections(Cloud.AWS),
            basis: "maxConnections",
          };
    this.tls = this.trust();
  }

  /** The arguments of `aws_db_instance` that a server and a replica have in common. */
  public config(): DbInstanceConfig {
    const { options, engine, network } = this.shape;
    const insights = insightsOn(engine, this.machine, options.performanceInsights);
    const interval = options.monitoringIntervalSeconds ?? 60;
    return {
      identifier: this.identifier,
      instanceClass: this.machine.name,
      port: options.port ?? engine.defaultPort,
      storageEncrypted: true,
      kmsKeyId: this.keyArn,
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
      performanceInsightsKmsKeyId: insights ? this.keyArn : undefined,
      performanceInsightsRetentionPeriod: insights
        ? (options.performanceInsightsRetentionDays ?? 7)
        : undefined,
      monitoringInterval: interval,
      monitoringRoleArn: this.monitoringRole?.arn,
      enabledCloudwatchLogsExports: this.logTypes(),
      tags: options.tags,
      provider: options.provider ?? network.provider,
      dependsOn: this.dependsOn(),
    };
  }

  /**
   * Has Terraform check a whole number that is not known at synth, where RDS would refuse it half-way through an apply.
   *
   * @param property the property's name.
   * @param value the value; one that is known was checked at synth.
   * @param min the smallest number allowed.
   * @param max the largest number allowed.
   */
  public checkLater(property: string, value: number | undefined, min: number, max: number): void {
    if (value === undefined || isResolved(value)) return;
    const number = terraformCall("tonumber", value);
    this.preconditions.push({
      condition: Op.and(Op.gte(number, min), Op.lte(number, max)),
      errorMessage: `${property} has to be from ${min} to ${max}.`,
    });
  }

  private get authority(): RdsCertificateAuthority {
    return this.shape.options.certificateAuthority ?? RdsCertificateAuthority.RSA2048_G1;
  }

  private dependsOn(): ITerraformDependable[] {
    return [
      ...this.logGroups,
      ...(this.monitoringRole?.dependables ?? []),
      ...(this.shape.options.dependsOn ?? []),
    ];
  }

  private findMachine(): MachineClass {
    const { size, engine } = this.shape;
    const machine = rdsInstanceClass(size, engine);
    if (machine) {
      this.checks.matches(
        "size",
        machine.name,
        /^db\.[a-z0-9-]+\.[a-z0-9-]+$/,
        "allowed are RDS instance classes such as db.m7g.large",
      );
      return machine;
    }
    this.checks.fail(
      "size",
      size.label,
      "AWS has general(n) and memory(n) with 2, 4, 8, 16, 32, 48 or 64 vCPU, burstable(2) with 1, 2, 4 or 8 GiB, " +
        'burstable(4) and burstable(8), or MachineSize.of({ names: { aws: "db..." } })',
    );
    return { name: "db.m7g.large", burstable: false };
  }

  private logTypes(): string[] {
    const { engine, options } = this.shape;
    const types =
      engine.family === EngineFamily.POSTGRES ? ["postgresql", "upgrade"] : ["error", "slowquery"];
    return (options.iamAuthentication ?? true) ? [...types, "iam-db-auth-error"] : types;
  }

  private trust(): TlsTrust {
    const { options } = this.shape;
    const enforced = options.tlsEnforced ?? true;
    const certificates = () => options.caCertificatesPem ?? this.caCertificates();
    return {
      enforced,
      hostnameVerifiable: true,
      // Read when somebody asks: the certificates take time to load, and not every program connects somebody.
      get caCertificatesPem() {
        return certificates();
      },
    };
  }

  private caCertificates(): string | undefined {
    const { scope, region, authority } = this;
    const pem = rdsTrust(scope, region, authority);
    const advice = "give the region's certificates with caCertificatesPem (truststore.pki.rds.amazonaws.com)";
    if (pem === undefined) {
      this.checks.fail(
        "caCertificatesPem",
        undefined,
        `the library has no root of ${authority.identifier} for region ${region}; ${advice}; it has those of ${rdsRegions().join(", ")}`,
      );
    } else if (!isResolved(region)) {
      const regions = terraformCall("keys", `${rdsRootsByRegion(scope, authority)}`);
      const errorMessage = `The library has no root certificate of ${authority.identifier} for this region: ${advice}.`;
      if (!this.preconditions.some((p) => p.errorMessage === errorMessage)) {
        this.preconditions.push({ condition: terraformCall("contains", regions, region), errorMessage });
      }
    }
    return pem;
  }

  private checkIdentifierLater(): void {
    const { identifier } = this;
    if (isResolved(identifier)) return;
    this.preconditions.push({
      condition: Op.and(
        Op.lte(terraformCall("length", identifier), 63),
        terraformCall("can", terraformCall("regex", "^[a-z](-?[a-z0-9])*$", identifier)),
      ),
      errorMessage:
        "The identifier may have 1 to 63 lower-case letters, digits and single hyphens, with a letter first and no hyphen last.",
    });
  }
}
