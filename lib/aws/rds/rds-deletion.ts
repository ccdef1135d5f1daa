import type { DbInstanceConfig } from "@cdktf/provider-aws/lib/db-instance";
import type { Construct } from "constructs";
import { DeletionPolicy, TerraformData } from "../../database";
import { type SynthChecks, terraformCall } from "../../database/private";

/** What decides about the data of a server that goes. @internal */
export interface RdsDeletionProps {
  /** What the user wants. */
  readonly policy: DeletionPolicy;
  /** The server's name. */
  readonly identifier: string;
  /** What replaces the server when it changes; a replaced server needs another name for its last snapshot. */
  readonly replacedBy: { readonly [name: string]: string };
  /** Whether the server encrypts with a key that goes with it. */
  readonly ownKey: boolean;
}

/** The arguments that a deletion policy decides. @internal */
export type RdsDeletion = Pick<
  DbInstanceConfig,
  "deletionProtection" | "skipFinalSnapshot" | "finalSnapshotIdentifier" | "deleteAutomatedBackups"
>;

/**
 * A deletion policy in RDS's words.
 *
 * @internal
 */
export function rdsDeletion(scope: Construct, checks: SynthChecks, props: RdsDeletionProps): RdsDeletion {
  if (props.policy === DeletionPolicy.DELETE) {
    checks.optOut("deletionPolicy: the server and all its backups are deleted when it leaves the program");
    return { deletionProtection: false, skipFinalSnapshot: true, deleteAutomatedBackups: true };
  }
  const snapshot = props.policy === DeletionPolicy.SNAPSHOT;
  if (snapshot) {
    checks.optOut("deletionPolicy: the server is deleted when it leaves the program; a snapshot remains");
    if (props.ownKey) {
      checks.fail(
        "deletionPolicy",
        props.policy,
        "the last snapshot can be read only as long as its key exists, and the server's own key goes with the server; " +
          "give encryptionKeyArn of a key that stays (see EncryptionKey)",
      );
    }
  }
  // The name has to be the same in each plan and another one for each server that ever has this name: RDS does not
  // overwrite a snapshot, and would then not delete the server. Terraform makes the id of `terraform_data` once, at
  // creation, and anew when the server is replaced.
  const unique = new TerraformData(scope, "FinalSnapshotId", { triggersReplace: { ...props.replacedBy } });
  return {
    deletionProtection: !snapshot,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: `${props.identifier}-final-${terraformCall("substr", unique.id, 0, 8)}`,
    deleteAutomatedBackups: false,
  };
}
