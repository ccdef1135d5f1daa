/**
 * The import rules are only worth something if they can fail: each is broken once in `fixtures/imports`, a folder
 * with the layout of this repository.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const repository = join(__dirname, "..", "..", "..");
const fixture = "__tests__/unit/tooling/fixtures/imports";

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

function violations(): Set<string> {
  const run = spawnSync(
    process.execPath,
    ["node_modules/.bin/depcruise", "--config", ".dependency-cruiser.cjs", "--output-type", "json", fixture],
    {
      cwd: repository,
      encoding: "utf8",
      env: { ...process.env, DEPCRUISE_ROOT: fixture },
      maxBuffer: 64 << 20,
    },
  );
  const { summary } = JSON.parse(run.stdout) as { summary: { violations: Violation[] } };
  return new Set(
    summary.violations.map((each) => `${each.from.slice(fixture.length + 1)}: ${each.rule.name}`),
  );
}

test("each import rule refuses the file that breaks it, and no other file", () => {
  expect([...violations()].sort()).toEqual([
    "examples/imports-a-stack.ts: examples-import-the-package",
    "lib/aws/imports-an-application.ts: aws-imports-the-contract",
    "lib/aws/imports-another-cloud.ts: aws-imports-the-contract",
    "lib/aws/imports-kubernetes.ts: only-a-cluster-entry-imports-kubernetes",
    "lib/aws/loads-a-cluster.ts: a-cluster-is-an-entry-of-its-own",
    "lib/aws/loads-another-provider.ts: aws-loads-its-own-provider",
    "lib/aws/root-import.ts: no-root-import-of-a-provider",
    "lib/azure/imports-the-command.ts: azure-imports-the-contract",
    "lib/azure/imports-the-command.ts: cli-is-imported-by-nothing",
    "lib/coder/imports-a-cloud.ts: coder-imports-no-cloud",
    "lib/coder/loads-a-cloud-provider.ts: applications-load-no-cloud-provider",
    "lib/database/imports-a-cloud.ts: database-imports-none-of-ours",
    "lib/database/loads-a-provider.ts: database-loads-no-provider",
    "lib/kubernetes/imports-a-dev-dependency.ts: lib-imports-no-dev-dependency",
    "lib/kubernetes/imports-a-stack.ts: lib-imports-lib-only",
    "lib/kubernetes/unresolved.ts: nothing-unresolved",
    "lib/novel/unknown-folder.ts: only-known-folders-in-lib",
    "lib/pooling/one.ts: no-circular-imports",
    "lib/recovery/imports-a-cloud.ts: recovery-imports-the-contract",
    "lib/review/imports-ours.ts: review-imports-none-of-ours",
    "lib/sql/imports-kubernetes.ts: sql-imports-the-contract",
    "lib/storage/imports-a-file.ts: other-rooms-by-their-index",
    "lib/testing/imports-ours.ts: testing-imports-the-review",
    "tools/imports-a-test.ts: tools-import-no-tests",
  ]);
});
