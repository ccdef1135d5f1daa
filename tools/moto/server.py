"""The emulator of AWS, with what the clouds tier needs and moto 5.2.5 lacks.

    python server.py PORT

Listens on loopback only.
"""

import base64
import hashlib
import json
import sys
import uuid

from moto.backup import responses as backup
from moto.backup import urls
from moto.backup.exceptions import ResourceNotFoundException
from moto.backup.models import Plan
from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.eks import models as eks
from moto.rds import models as rds

# moto gives every instance the same resource id. The provider reads instances by it, so that with two instances
# it finds neither. AWS's ids are unique and stay the same; so are these.
rds.DBInstance.dbi_resource_id = property(
    lambda self: "db-"
    + hashlib.sha256(f"{self.region}/{self.db_instance_identifier}".encode()).hexdigest()[:26].upper(),
    lambda self, value: None,
)

# moto restores only from an instance that exists. RDS keeps the automated backups of a deleted one, if told so, and restores from them by
# its resource id.
RETAINED = {}
delete_instance = rds.RDSBackend.delete_db_instance
restore_instance = rds.RDSBackend.restore_db_instance_to_point_in_time


def delete_and_retain(self, *args, **kwargs):
    instance = delete_instance(self, *args, **kwargs)
    if kwargs.get("delete_automated_backups") is False:
        RETAINED[instance.dbi_resource_id] = instance
    return instance


def restore_from_retained(self, source_db_identifier, target_db_identifier, overrides):
    if source_db_identifier:
        return restore_instance(self, source_db_identifier, target_db_identifier, overrides)
    source = RETAINED.get(overrides.get("SourceDbiResourceId"))
    if source is None:
        raise rds.DBInstanceNotFoundError(overrides.get("SourceDbiResourceId"))
    self.describe_db_instances = lambda **_: [source]
    try:
        return restore_instance(self, source.db_instance_identifier, target_db_identifier, overrides)
    finally:
        del self.describe_db_instances


rds.RDSBackend.delete_db_instance = delete_and_retain
rds.RDSBackend.restore_db_instance_to_point_in_time = restore_from_retained

# moto's clusters have a certificate authority of random letters, and neither VPC nor security group of their own.
# Terraform decodes the one, and our stacks read the other two.
cluster_init = eks.Cluster.__init__


def create_cluster(self, *args, **kwargs):
    cluster_init(self, *args, **kwargs)
    authority = "-----BEGIN CERTIFICATE-----\nbW90bw==\n-----END CERTIFICATE-----\n"
    self.certificate_authority = {"data": base64.b64encode(authority.encode()).decode()}
    network = self.resources_vpc_config
    ec2 = ec2_backends[kwargs["account_id"]][kwargs["region_name"]]
    network["vpcId"] = ec2.get_subnet(network["subnetIds"][0]).vpc_id
    network["clusterSecurityGroupId"] = network["securityGroupIds"][0]


eks.Cluster.__init__ = create_cluster

# moto has backup vaults and plans, but not the selections that say what a plan backs up.
SELECTIONS = {}


def create_backup_selection(self):
    plan = self.path.rstrip("/").split("/")[-2]
    selection = str(uuid.uuid4())
    SELECTIONS[selection] = (plan, json.loads(self.body)["BackupSelection"])
    return ActionResult({"SelectionId": selection, "BackupPlanId": plan, "CreationDate": 1700000000})


def get_backup_selection(self):
    selection = self.path.rstrip("/").split("/")[-1]
    plan, content = SELECTIONS[selection]
    return ActionResult(
        {
            "SelectionId": selection,
            "BackupPlanId": plan,
            "BackupSelection": content,
            "CreationDate": 1700000000,
            "CreatorRequestId": selection,
        }
    )


def delete_backup_selection(self):
    SELECTIONS.pop(self.path.rstrip("/").split("/")[-1], None)
    return ActionResult({})


def update_backup_plan(self):
    identifier = self.path.rstrip("/").split("/")[-1]
    plan = self.backup_backend.get_backup_plan(backup_plan_id=identifier, version_id=None)
    # The new rules get the defaults of a new plan.
    plan.backup_plan = Plan(json.loads(self.body)["BackupPlan"], "", self.backup_backend).backup_plan
    return ActionResult({"BackupPlanId": identifier, "BackupPlanArn": plan.backup_plan_arn, "VersionId": plan.version_id})


# ... nor the access policies of vaults, nor recovery points: a vault is empty here.
VAULT_POLICIES = {}


def put_backup_vault_access_policy(self):
    VAULT_POLICIES[(self.region, self.path.split("/")[-2])] = json.loads(self.body)["Policy"]
    return ActionResult({})


def get_backup_vault_access_policy(self):
    vault = self.path.split("/")[-2]
    policy = VAULT_POLICIES.get((self.region, vault))
    if policy is None:
        raise ResourceNotFoundException(f"no policy of {vault}")
    arn = f"arn:aws:backup:{self.region}:{self.current_account}:backup-vault:{vault}"
    return ActionResult({"BackupVaultName": vault, "BackupVaultArn": arn, "Policy": policy})


def delete_backup_vault_access_policy(self):
    VAULT_POLICIES.pop((self.region, self.path.split("/")[-2]), None)
    return ActionResult({})


def list_recovery_points_by_backup_vault(self):
    return ActionResult({"RecoveryPoints": []})


for function in (
    create_backup_selection,
    get_backup_selection,
    delete_backup_selection,
    update_backup_plan,
    put_backup_vault_access_policy,
    get_backup_vault_access_policy,
    delete_backup_vault_access_policy,
    list_recovery_points_by_backup_vault,
):
    setattr(backup.BackupResponse, function.__name__, function)
for path in (
    "backup-vaults/(?P<name>[^/]+)/access-policy/?$",
    "backup-vaults/(?P<name>[^/]+)/recovery-points/?$",
):
    urls.url_paths["{0}/" + path] = urls.response.dispatch

if __name__ == "__main__":
    from moto.server import main

    main(["-H", "127.0.0.1", "-p", sys.argv[1]])
