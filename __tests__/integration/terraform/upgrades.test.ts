/**
 * An upgrade of this library: the output of each released version is applied, and the present one is planned. What holds data stays, and each
 * change of a resource that is there is named in CHANGELOG.md.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { holdsData } from "../../../lib/review/rules/engine";
import { repository } from "../../../tools/machine/repository";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { announcements, unannounced } from "../../../tools/upgrades/announced";
import { baselines, comparable } from "../../../tools/upgrades/baselines";
import { describeWith } from "../../support/describe-with";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import {
  readsAnotherState,
  type StackJson,
  type SynthesizedStack,
  synthesizedExamples,
  synthesizedStacks,
} from "../../support/terraform/stacks";
import { variableValues } from "../../support/terraform/variable-values";

const present = new Map(
  [...synthesizedStacks(), ...synthesizedExamples()].map((stack) => [stack.name, stack]),
);
const changelog = readFileSync(join(repository, "CHANGELOG.md"), "utf8");
const upgrades = baselines().flatMap(({ version, stacks }) =>
  Object.entries(stacks).map(([name, before]) => [version, name, before as StackJson] as const),
);

describeWith("an upgrade", terraformWithMirror, (terraform) => {
  test.each(upgrades)("from %s leaves the data of %s where it is", async (version, name, before) => {
    const after = present.get(name) as SynthesizedStack;
    // A stack without a successor would be destroyed by its users.
    expect(after?.name).toBe(name);
    if (isDeepStrictEqual(before, comparable(after.json)) || readsAnotherState(after)) return;
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-upgrade-"));
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(before));
    const copy = new StackCopy(terraform, folder, { variables: variableValues(before) });
    try {
      copy.init();
      await copy.apply();
      copy.use(after.folder);
      copy.setVariables(variableValues(after.json));
      copy.init();
      const found = changes(await copy.planAsync());
      expect(unannounced(found, announcements(changelog, version), holdsData)).toEqual([]);
    } finally {
      copy.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
