/**
 * Backups of the reference stacks over time: an upgrade adds them beside what exists, a restore is prepared in place, and
 * backups that are left out later are all that goes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { coderAws } from "../../../stacks/inputs/aws";
import { gitlabAzure } from "../../../stacks/inputs/azure";
import { gitpodGoogle } from "../../../stacks/inputs/google";
import type { StackRecoveryProps } from "../../../stacks/shared/recovery";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { type Change, changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { synthesizedStacks } from "../../support/terraform/stacks";
import { variableValues } from "../../support/terraform/variable-values";

interface Others {
  readonly recovery?: StackRecoveryProps;
  readonly serverRehearsal?: { readonly schedule?: string };
}
type Build = (app: App, others: Others) => TerraformStack;
const STACKS: [string, Build][] = [
  ["coder-aws", coderAws],
  ["gitpod-google", gitpodGoogle],
  ["gitlab-azure", gitlabAzure],
];
const OFF = {
  velero: { disabledBecause: "not yet" },
  logicalBackup: { disabledBecause: "not yet" },
};
/** GitLab's pooler leaves the dumps a connection. */
const ROOM = /\.(gitlab_|pgbouncer_)/;

describeWith("backups of a stack", terraformWithMirror, (terraform) => {
  describe.each(STACKS)("%s", (name, build) => {
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-backups-"));
    const written = (recovery?: StackRecoveryProps, others: Others = {}): string => {
      const app = new App({ outdir: mkdtempSync(join(folder, "synth-")), stackTraces: false });
      build(app, { recovery, ...others });
      app.synth();
      return join(app.outdir, "stacks", name);
    };
    let copy: StackCopy;
    const planned = (recovery?: StackRecoveryProps, others: Others = {}): Change[] => {
      copy.use(written(recovery, others));
      return changes(copy.plan());
    };
    const kinds = (found: readonly Change[]) => [...new Set(found.map(({ actions }) => actions.join()))];

    beforeAll(() => {
      const stack = synthesizedStacks().find((each) => each.name === name);
      if (stack === undefined) throw new Error(`stacks/main.ts has no stack ${name}`);
      copy = new StackCopy(terraform, stack.folder, { variables: variableValues(stack.json) });
      copy.init();
    });
    afterAll(() => {
      copy?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    test("an upgrade adds them, and the next plan is empty", async () => {
      copy.use(written(OFF));
      await copy.apply();
      const found = planned();
      expect(found.length).toBeGreaterThan(20);
      const others = found.filter(({ address }) => !/\.(protection_|network_Zone-blob_)/.test(address));
      expect(others.filter(({ address }) => !ROOM.test(address))).toEqual([]);
      expect(kinds(others).filter((kind) => kind !== "update")).toEqual([]);
      expect(kinds(found.filter((each) => !others.includes(each)))).toEqual(["create"]);
      await copy.apply();
      expect(changes(copy.plan())).toEqual([]);
    });

    test("a restore is prepared in the release of Velero alone", () => {
      const found = planned({ velero: { restoreOnly: true } });
      expect(found.map(({ address, actions }) => `${actions.join()} ${address.split(".")[0]}`)).toEqual([
        "update helm_release",
      ]);
    });

    test("a rehearsal of the servers' backups by the cloud is created beside what exists", () => {
      const found = planned(undefined, { serverRehearsal: {} });
      expect(found.length).toBeGreaterThan(5);
      expect(kinds(found)).toEqual(["create"]);
      expect(found.filter(({ address }) => !address.includes(".protection_server-rehearsal_"))).toEqual([]);
    });

    test("left out later, only backups go", () => {
      const found = planned(OFF);
      const others = found.filter(({ address }) => !/\.(protection_|network_Zone-blob_)/.test(address));
      expect(kinds(others).filter((kind) => kind !== "update")).toEqual([]);
      expect(kinds(found.filter((each) => !others.includes(each)))).toEqual(["delete"]);
    });
  });
});
