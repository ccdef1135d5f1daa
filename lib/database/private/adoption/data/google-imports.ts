// Import IDs of the google provider, by resource type: section "Import" of each page of
// https://github.com/hashicorp/terraform-provider-google/tree/v6.50.0/website/docs/r
// Read 2026-11-27: every row was compared with its page at v6.50.0, those of IAM members, sql_user, storage_bucket, service_account and
// monitoring_alert_policy with the importers in google/services too; no import was run against Google Cloud.
// The first form is the one that imports; the others are forms that the provider reads as well.

import type { ImportFormat } from "../import-format";

const named = (path: string, words: string, example: string): ImportFormat => ({
  forms: [`projects/{project}/${path}/{name}`, "{project}/{name}", "{name}"],
  words,
  example: `projects/platform/${path}/${example}`,
});
const regional = (path: string, words: string, example: string): ImportFormat => {
  const short = path.replace(/^(locations|regions)\/|(?<=\/)[a-zA-Z]+\//g, "");
  return { forms: [`projects/{project}/${path}`, `{project}/${short}`, short], words, example };
};
/** With a condition, the ID ends in its title: iamMemberImport of google/tpgiamresource/resource_iam_member.go. */
const member = (targets: readonly string[], words: string, example: string): ImportFormat => ({
  forms: [" {condition.title}", ""].flatMap((end) =>
    targets.map((target) => `${target} {role} {member}${end}`),
  ),
  words: `${words}, role, member and the title of the condition, if there is one, separated by blanks`,
  example: `${example} serviceAccount:app@platform.iam.gserviceaccount.com`,
});

export const GOOGLE_IMPORTS: { readonly [type: string]: ImportFormat } = {
  google_artifact_registry_repository: {
    ...regional(
      "locations/{location}/repositories/{repository_id}",
      "resource name of the repository",
      "projects/platform/locations/europe-west1/repositories/workspaces",
    ),
    sameAs: { name: "repository_id" },
  },
  google_artifact_registry_repository_iam_member: member(
    [
      "projects/{project}/locations/{location}/repositories/{repository}",
      "{project}/{location}/{repository}",
      "{location}/{repository}",
    ],
    "resource name of the repository",
    "projects/platform/locations/europe-west1/repositories/workspaces roles/artifactregistry.writer",
  ),
  google_cloud_scheduler_job: regional(
    "locations/{region}/jobs/{name}",
    "resource name of the job",
    "projects/platform/locations/europe-west1/jobs/backup",
  ),
  google_compute_address: regional(
    "regions/{region}/addresses/{name}",
    "resource name of the address",
    "projects/platform/regions/europe-west1/addresses/database",
  ),
  google_compute_forwarding_rule: regional(
    "regions/{region}/forwardingRules/{name}",
    "resource name of the forwarding rule",
    "projects/platform/regions/europe-west1/forwardingRules/database",
  ),
  google_compute_global_address: {
    ...named("global/addresses", "resource name of the address", "databases"),
    keeps: ["name", "description"],
  },
  google_compute_network: named("global/networks", "resource name of the network", "main"),
  google_dns_managed_zone: named("managedZones", "resource name of the zone", "databases"),
  google_dns_record_set: {
    forms: [
      "projects/{project}/managedZones/{managed_zone}/rrsets/{name}/{type}",
      "{project}/{managed_zone}/{name}/{type}",
      "{managed_zone}/{name}/{type}",
    ],
    words: "zone, name and type of the record",
    example: "projects/platform/managedZones/databases/rrsets/db.example.internal./A",
  },
  google_kms_crypto_key_iam_member: member(
    ["{crypto_key_id}"],
    "resource name of the key",
    "projects/platform/locations/europe-west1/keyRings/databases/cryptoKeys/sql roles/cloudkms.cryptoKeyEncrypterDecrypter",
  ),
  google_logging_metric: {
    forms: ["{project} {name}", "{name}"],
    words: "project and name of the metric",
    example: "platform backup-failed",
  },
  google_monitoring_alert_policy: {
    forms: [],
    words: "resource name of the policy",
    example: "projects/platform/alertPolicies/1234567890",
  },
  google_monitoring_dashboard: {
    forms: [],
    words: "resource name of the dashboard",
    example: "projects/platform/dashboards/0a1b2c3d",
  },
  google_project_iam_custom_role: {
    forms: ["projects/{project}/roles/{role_id}", "{project}/{role_id}", "{role_id}"],
    words: "resource name of the role",
    example: "projects/platform/roles/bucketMaker",
    sameAs: { name: "id" },
  },
  google_project_iam_member: member(["{project}"], "project", "platform roles/cloudsql.client"),
  google_secret_manager_secret: {
    forms: ["projects/{project}/secrets/{secret_id}", "{project}/{secret_id}", "{secret_id}"],
    words: "resource name of the secret",
    example: "projects/platform/secrets/postgres-coder",
  },
  google_service_account: {
    forms: ["projects/{project}/serviceAccounts/{account_id}@{project}.iam.gserviceaccount.com"],
    words: "resource name of the service account",
    example: "projects/platform/serviceAccounts/coder@platform.iam.gserviceaccount.com",
    sameAs: { name: "id" },
  },
  google_service_account_iam_member: member(
    ["{service_account_id}"],
    "resource name of the service account",
    "projects/platform/serviceAccounts/coder@platform.iam.gserviceaccount.com roles/iam.workloadIdentityUser",
  ),
  google_service_networking_connection: {
    forms: [],
    words: "network and service",
    example: "projects/platform/global/networks/main:servicenetworking.googleapis.com",
  },
  google_sql_database: {
    forms: [
      "projects/{project}/instances/{instance}/databases/{name}",
      "instances/{instance}/databases/{name}",
      "{project}/{instance}/{name}",
      "{instance}/{name}",
    ],
    words: "instance and name of the database",
    example: "projects/platform/instances/prod/databases/coder",
  },
  google_sql_database_instance: named("instances", "name of the instance", "prod"),
  google_sql_user: {
    forms: ["{project}/{instance}/{host}/{name}", "{project}/{instance}/{name}"],
    words: "project, instance, for MySQL the host, and name of the user",
    example: "platform/prod/coder",
    keepsValue: { value: "password_wo", version: "password_wo_version" },
  },
  google_storage_bucket: {
    forms: ["{name}", "{project}/{name}"],
    words: "name of the bucket",
    example: "platform-artifacts",
  },
  google_storage_bucket_iam_member: member(
    ["b/{bucket}"],
    "b/ and the bucket",
    "b/platform-artifacts roles/storage.objectUser",
  ),
};
