// A workflow that Cloud Scheduler starts: its service accounts, their roles, and the job.

import { CloudSchedulerJob } from "@cdktf/provider-google/lib/cloud-scheduler-job";
import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import {
  ProjectIamMember,
  type ProjectIamMemberCondition,
} from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import {
  StorageBucketIamMember,
  type StorageBucketIamMemberCondition,
} from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import type { WorkflowsWorkflow } from "@cdktf/provider-google/lib/workflows-workflow";
import type { ITerraformDependable, TerraformProvider, TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";
import { namingPath, physicalName, shortHash } from "../../database/private";

interface InProject {
  readonly project: string;
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** Creates a service account of its workflow or job. @internal */
export function workflowAccount(
  scope: Construct,
  id: string,
  account: InProject & { readonly suffix: string },
): ServiceAccount {
  const { suffix, ...common } = account;
  return new ServiceAccount(scope, id, {
    ...common,
    // At most 30 characters.
    accountId: `${physicalName(scope, 23)}-${suffix}`,
    displayName: `${namingPath(scope)} (${suffix})`.slice(-100),
  });
}

/** Permissions of a service account, on a project. @internal */
export interface WorkflowPermissions extends InProject {
  readonly permissions: string[];
  readonly condition?: ProjectIamMemberCondition;
  readonly lifecycle?: TerraformResourceLifecycle;
}

/** Grants a service account a custom role of exactly these permissions. @internal */
export function grantPermissions(
  scope: Construct,
  id: string,
  account: ServiceAccount,
  { project, provider, permissions, condition, lifecycle }: WorkflowPermissions,
): ProjectIamMember {
  return new ProjectIamMember(scope, id, {
    project,
    role: exactRole(scope, id, { project, provider, permissions }).name,
    member: account.member,
    condition,
    lifecycle,
    provider,
  });
}

/** A custom role of exactly these permissions. */
function exactRole(
  scope: Construct,
  id: string,
  { project, provider, permissions }: InProject & { readonly permissions: string[] },
): ProjectIamCustomRole {
  return new ProjectIamCustomRole(scope, `${id}Role`, {
    // The id of a deleted role is reserved for weeks, so two programs must not share one by accident.
    roleId: `sql${id}_${shortHash(namingPath(scope))}`,
    title: `${id} (${namingPath(scope)})`.slice(0, 100),
    permissions,
    project,
    provider,
  });
}

/**
 * Condition: one instance and its backup runs. Names: cloud.google.com/iam/docs/conditions-resource-attributes. Not run against Google
 * Cloud.
 *
 * @internal
 */
export function onInstanceAndBackups(project: string, instance: string): ProjectIamMemberCondition {
  return {
    title: "one Cloud SQL instance",
    expression:
      `resource.name == "projects/${project}/instances/${instance}" || ` +
      `resource.name.startsWith("projects/${project}/instances/${instance}/backupRuns/")`,
  };
}

/** A job, for its workflow. @internal */
export interface StartJob extends InProject {
  readonly name: string;
  readonly region: string;
  readonly workflow: WorkflowsWorkflow;
  readonly account: ServiceAccount;
  readonly description: string;
  readonly schedule: string;
  readonly timeZone?: string;
  /** Argument of the execution. @default - none: `null` */
  readonly argument?: object;
}

/** Creates a job that starts a workflow. @internal */
export function startJob(scope: Construct, id: string, job: StartJob): CloudSchedulerJob {
  const { workflow, account, argument, timeZone, ...rest } = job;
  return new CloudSchedulerJob(scope, id, {
    ...rest,
    timeZone: timeZone ?? "Etc/UTC",
    // Attempts to start the workflow, which returns at once; a failed execution is not repeated.
    retryConfig: { retryCount: 3 },
    httpTarget: {
      httpMethod: "POST",
      uri: `https://workflowexecutions.googleapis.com/v1/${workflow.id}/executions`,
      ...(argument && {
        headers: { "Content-Type": "application/json" },
        body: Buffer.from(JSON.stringify({ argument: JSON.stringify(argument) })).toString("base64"),
      }),
      oauthToken: {
        serviceAccountEmail: account.email,
        scope: "https://www.googleapis.com/auth/cloud-platform",
      },
    },
  });
}

/** Permissions of a service account, on the objects of a bucket. @internal */
export interface BucketPermissions extends InProject {
  readonly bucketName: string;
  readonly permissions: string[];
  readonly condition?: StorageBucketIamMemberCondition;
}

/**
 * Grants a service account a custom role of exactly these permissions on a bucket; `project` is that of the bucket. A condition needs
 * uniform bucket-level access, which the buckets of this room have.
 *
 * @internal
 */
export function grantOnBucket(
  scope: Construct,
  id: string,
  account: ServiceAccount,
  { project, provider, bucketName, permissions, condition }: BucketPermissions,
): StorageBucketIamMember {
  return new StorageBucketIamMember(scope, id, {
    bucket: bucketName,
    role: exactRole(scope, id, { project, provider, permissions }).name,
    member: account.member,
    condition,
    provider,
  });
}
