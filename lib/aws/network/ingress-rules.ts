// Ingress rules of a network's security group: one for each client and port.

import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { type ITerraformDependable, TerraformIterator, type TerraformProvider, Token } from "cdktf";
import type { Construct } from "constructs";
import {
  constructIdFor,
  GrowingDependables,
  isResolved,
  type SynthChecks,
  terraformCall,
} from "../../database/private";
import { isIpv4Range } from "./database-network-checks";
import { checkSecurityGroup, type ISecurityGroup, SecurityGroupList } from "./security-group";

interface Client {
  readonly id: string;
  readonly description: string;
  readonly securityGroupId?: string;
  readonly securityGroupIds?: string[];
  readonly cidrBlock?: string;
}

/** @internal */
export interface IngressRulesProps {
  readonly securityGroupId: string;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** The clients of a network and the ports of its servers, in whatever order they are added. @internal */
export class IngressRules {
  private readonly clients: Client[] = [];
  private readonly ports: number[] = [];
  private readonly rules = new GrowingDependables();

  public constructor(
    private readonly scope: Construct,
    private readonly checks: SynthChecks,
    private readonly props: IngressRulesProps,
  ) {}

  public get dependables(): ITerraformDependable[] {
    return this.rules.all;
  }

  /** Allows the clients of the network's props. */
  public addClients(clients: ISecurityGroup[] = []): void {
    for (const client of clients) {
      if (client instanceof SecurityGroupList) {
        // A list that only Terraform knows: one rule for each member, by its id and not by its position.
        const { securityGroupIds } = client;
        this.add({ id: "Clients", description: "clients", securityGroupIds });
        continue;
      }
      checkSecurityGroup(this.checks, "clients", client);
      const { securityGroupId } = client;
      this.add({ id: constructIdFor(this.scope, securityGroupId), description: "clients", securityGroupId });
    }
  }

  public addSecurityGroup(id: string, client: ISecurityGroup, description?: string): void {
    checkSecurityGroup(this.checks, `allowFrom("${id}")`, client);
    const group =
      client instanceof SecurityGroupList
        ? { securityGroupIds: client.securityGroupIds }
        : { securityGroupId: client.securityGroupId };
    this.add({ id, description: description ?? id, ...group });
  }

  public addCidrBlock(id: string, cidrBlock: string, reason: string): void {
    const where = `allowCidr("${id}")`;
    this.checks.check(
      where,
      cidrBlock,
      () => isIpv4Range(cidrBlock, 8, 32),
      "must be an IPv4 CIDR block from /8 to /32",
    );
    const range = isResolved(cidrBlock) ? cidrBlock : "a CIDR block";
    this.checks.optOut(`${where}: ${range} may connect: ${reason}`, "allowCidr");
    this.add({ id, description: id, cidrBlock });
  }

  public addPort(port: number): void {
    if (this.ports.includes(port)) return;
    this.ports.push(port);
    for (const client of this.clients) this.addRule(client, port);
  }

  private add(client: Client): void {
    if (this.clients.some((other) => other.id === client.id)) {
      this.checks.fail("clients", client.id, "must be unique; each client may be given once");
      return;
    }
    this.clients.push(client);
    for (const port of this.ports) this.addRule(client, port);
  }

  private addRule(client: Client, port: number): void {
    const { securityGroupId, tags, provider, dependsOn } = this.props;
    const id = `From-${client.id}-${constructIdFor(this.scope, port)}`;
    const iterator =
      client.securityGroupIds &&
      TerraformIterator.fromList(Token.asList(terraformCall("tolist", client.securityGroupIds)));
    const rule = new VpcSecurityGroupIngressRule(this.scope, id, {
      forEach: iterator,
      securityGroupId,
      referencedSecurityGroupId: iterator ? iterator.value : client.securityGroupId,
      cidrIpv4: client.cidrBlock,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      // AWS allows these characters only.
      description: `Database connections from ${client.description}`.replace(
        /[^A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]/g,
        " ",
      ),
      tags,
      provider,
      dependsOn,
    });
    this.rules.add(rule);
  }
}
