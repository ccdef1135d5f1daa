// Soft delete, Object Versioning and locations of Cloud Storage as protections.

import { type Protection, RecoveryScenario } from "../../database";
import { isResolved } from "../../database/private";

const SOFT_DELETE = "https://cloud.google.com/storage/docs/use-soft-deleted-objects";

/** A bucket, for its runbook. @internal */
export interface ProtectedBucket {
  /** Name of the bucket; a variable of the shell for one of several buckets. */
  readonly bucketName: string;
  /** Prefix of the names of several buckets. @default - one bucket */
  readonly prefix?: string;
  /** Region, dual-region or multi-region; may be a token. */
  readonly location: string;
  /** Days of soft delete; may be a token. */
  readonly softDeleteDays: number;
  readonly versioned: boolean;
  /** Days of noncurrent versions. */
  readonly noncurrentDays: number;
}

/** @internal */
export function bucketProtections(bucket: ProtectedBucket): Protection[] {
  return [softDelete(bucket), ...(bucket.versioned ? [versions(bucket)] : []), ...geoRedundancy(bucket)];
}

const PREFIX = { name: "PREFIX", description: "Prefix of the deleted objects", example: "workspaces/" };
const DELETED_AFTER = {
  name: "DELETED_AFTER",
  description: "Time before the deletion, in UTC",
  example: "2026-11-27T08:00:00Z",
};

function softDelete(bucket: ProtectedBucket): Protection {
  const { bucketName, location, softDeleteDays, prefix } = bucket;
  const name = prefix === undefined ? bucketName : `${prefix}...`;
  const which =
    prefix === undefined
      ? []
      : [
          {
            name: "BUCKET",
            description: `Bucket, whose name begins with ${prefix}`,
            example: `${prefix}example`,
          },
        ];
  return {
    mechanism: "Cloud Storage soft delete",
    location: `${location}, the bucket ${name}`,
    region: location,
    retentionDays: softDeleteDays,
    lossMinutes: 0,
    procedures: [
      {
        scenarios: [RecoveryScenario.DELETED_OBJECTS],
        steps: [
          {
            title: `Restore the soft-deleted objects of ${name}`,
            inputs: [...which, PREFIX, DELETED_AFTER],
            commands: [
              `gcloud storage ls "gs://${bucketName}/$PREFIX**" --soft-deleted | wc -l`,
              `gcloud storage restore "gs://${bucketName}/$PREFIX**" --deleted-after-time="$DELETED_AFTER" --async`,
            ],
            permissions: [
              "storage.objects.list",
              "storage.objects.restore",
              "storage.objects.create",
              "storage.buckets.restore",
            ],
            notes: [
              "The second command prints the name of an operation: `gcloud storage operations describe NAME`. Objects that exist again are left alone without `--allow-overwrite`.",
            ],
            verify: [`gcloud storage ls "gs://${bucketName}/$PREFIX**" | wc -l`],
            source: SOFT_DELETE,
          },
        ],
      },
    ],
    source: "https://cloud.google.com/storage/docs/soft-delete",
  };
}

function versions({ bucketName, location, noncurrentDays }: ProtectedBucket): Protection {
  return {
    mechanism: "Cloud Storage Object Versioning",
    location: `${location}, the bucket ${bucketName}`,
    region: location,
    retentionDays: noncurrentDays,
    lossMinutes: 0,
    procedures: [
      {
        scenarios: [RecoveryScenario.DELETED_OBJECTS],
        steps: [
          {
            title: `Copy the earlier versions in ${bucketName} back`,
            inputs: [
              PREFIX,
              {
                name: "OBJECT",
                description: "Name of an object, from the first command",
                example: "workspaces/a.tar",
              },
              {
                name: "GENERATION",
                description: "Generation of its earlier version",
                example: "1763780400000000",
              },
            ],
            commands: [
              `gcloud storage ls --all-versions --long "gs://${bucketName}/$PREFIX**"`,
              `gcloud storage cp "gs://${bucketName}/$OBJECT#$GENERATION" "gs://${bucketName}/$OBJECT"`,
            ],
            permissions: ["storage.objects.list", "storage.objects.get", "storage.objects.create"],
            verify: [`gcloud storage ls --long "gs://${bucketName}/$PREFIX**"`],
            source: "https://cloud.google.com/storage/docs/using-versioned-objects#restore",
          },
        ],
      },
    ],
    source: "https://cloud.google.com/storage/docs/object-versioning",
  };
}

/** A dual-region or multi-region outlives the loss of a region. RPO by default replication: the vendor aims at 12 hours at most. */
function geoRedundancy({ bucketName, prefix, location }: ProtectedBucket): Protection[] {
  const name = prefix === undefined ? bucketName : `${prefix}...`;
  if (!isResolved(location) || location.includes("-")) return [];
  return [
    {
      mechanism: /\d$/.test(location) ? "Cloud Storage dual-region" : "Cloud Storage multi-region",
      location: `the regions of ${location}, the bucket ${name}`,
      region: location,
      // The target of the default replication [rec]; turbo replication is not set by the library.
      lossMinutes: 12 * 60,
      procedures: [
        {
          scenarios: [RecoveryScenario.LOST_REGION],
          steps: [
            {
              title: `Use ${name} from the other region: its name stays`,
              notes: [
                "Cloud Storage fails over by itself; the stack of the other region takes the bucket by `GcsBucket.fromBucketAttributes`.",
              ],
              verify: [`gcloud storage ls "gs://${prefix === undefined ? bucketName : `${prefix}*`}"`],
            },
          ],
        },
      ],
      source: "https://cloud.google.com/storage/docs/availability-durability",
    },
  ];
}
