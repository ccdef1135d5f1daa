"""What an account has before our stacks come to it: a network, an EKS cluster, an identity
provider, a topic.

    python landing_zone.py REGION

Prints the ids as JSON. AWS is where the environment says, so an emulator in the tests.
"""

import json
import sys

import boto3

region = sys.argv[1]
ec2 = boto3.client("ec2", region_name=region)
iam = boto3.client("iam", region_name=region)
eks = boto3.client("eks", region_name=region)

vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": True})
ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
subnets = [
    ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"{region}{zone}")["Subnet"][
        "SubnetId"
    ]
    for index, zone in enumerate("abc")
]
nodes = ec2.create_security_group(VpcId=vpc, GroupName="nodes", Description="nodes")["GroupId"]

trust = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
role = iam.create_role(RoleName="cluster", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
cluster = eks.create_cluster(
    name="platform",
    roleArn=role,
    resourcesVpcConfig={"subnetIds": subnets, "securityGroupIds": [nodes]},
)["cluster"]
issuer = cluster["identity"]["oidc"]["issuer"]
provider = iam.create_open_id_connect_provider(
    Url=issuer, ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
)["OpenIDConnectProviderArn"]

# Applications that know no roles bring their users and keys along.
users = ["gitpod-workspaces", "gitpod-images"]
for user in users:
    iam.create_user(UserName=user)

topic = boto3.client("sns", region_name=region).create_topic(Name="alarms")["TopicArn"]

json.dump(
    {
        "vpc": vpc,
        "subnets": subnets,
        "nodeSecurityGroup": nodes,
        "cluster": cluster["name"],
        "oidcIssuer": issuer,
        "oidcProvider": provider,
        "topic": topic,
        "users": users,
    },
    sys.stdout,
)
