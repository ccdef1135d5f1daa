import { Construct } from "constructs";
import { type Protection, RecoveryScenario } from "../../../lib/database";
import {
  type ApplicationRecovery,
  type DataItem,
  type IRecoverable,
  StoppedWorkloads,
} from "../../../lib/recovery";

/** Backups that cover the loss and the damage of a server. */
export const BACKUPS: Protection = {
  mechanism: "Backups",
  location: "eu-central-1",
  region: "eu-central-1",
  retentionDays: 14,
  lossMinutes: 5,
  keys: [{ name: "KMS key", location: "the vault", check: "true" }],
  procedures: [
    {
      scenarios: [RecoveryScenario.LOST_DATABASE, RecoveryScenario.BAD_MIGRATION],
      steps: [
        { title: "Restore the server", commands: ['restore --from "$SOURCE"'], undo: ["restore --undo"] },
      ],
    },
  ],
  source: "https://example.com/backups",
};

class Shop extends Construct implements IRecoverable {
  public readonly recovery: ApplicationRecovery;

  public constructor(scope: Construct, data: readonly DataItem[]) {
    super(scope, "shop");
    const { stop, start } = StoppedWorkloads.scaledToZero("shop");
    this.recovery = {
      application: "Shop",
      namespace: "shop",
      data,
      stop,
      rollback: [],
      release: [],
      start,
      checks: [],
    };
  }
}

/** An application with the given data. */
export function recoverable(scope: Construct, data: readonly DataItem[]): IRecoverable {
  return new Shop(scope, data);
}
