/**
 * A restored server takes the place of the old one: pairs of plans, the first one applied, and the commands of the runbook in between. The
 * application's secret and release follow the new address, and nothing that holds data or passwords is replaced.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { coderAws } from "../../../stacks/inputs/aws";
import { coderAzure } from "../../../stacks/inputs/azure";
import { coderGoogle } from "../../../stacks/inputs/google";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { synthesizedStacks } from "../../support/terraform/stacks";
import { variableValues } from "../../support/terraform/variable-values";

interface Case {
  readonly name: string;
  readonly build: (app: App, props: Record<string, unknown>) => TerraformStack;
  readonly props: Record<string, unknown>;
  /** Type of the server. */
  readonly type: string;
}

const CASES: readonly Case[] = [
  {
    name: "coder-aws",
    build: coderAws,
    props: {
      restoredServers: [
        {
          server: "postgres",
          sourceIdentifier: "coder-aws-postgres-old",
          restoreTime: "2026-11-27T08:00:00Z",
        },
      ],
    },
    type: "aws_db_instance",
  },
  {
    name: "coder-google",
    build: coderGoogle,
    props: {
      restoredServers: [{ server: "postgres", instanceName: "restored-20261127" }],
      passwordVersion: 2,
    },
    type: "google_sql_database_instance",
  },
  {
    name: "coder-azure",
    build: coderAzure,
    props: { restoredServers: [{ server: "postgres", serverName: "restored-20261127" }] },
    type: "azurerm_postgresql_flexible_server",
  },
];

/** Resources that keep data, passwords and keys: none of them may be made anew. The suffix of a generated server name may go. */
const KEPT =
  /^(random_password\.|aws_(kms_key|secretsmanager_secret)\.|google_secret_manager_secret\.|azurerm_key_vault|kubernetes_(namespace|secret)_v1|helm_release)/;

describeWith("a restored server", terraformWithMirror, (terraform) => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-restored-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(CASES)(
    "$name: Coder follows it, and nothing else is replaced",
    async ({ name, build, props, type }) => {
      const stack = synthesizedStacks().find((each) => each.name === name);
      if (stack === undefined) throw new Error(`stacks/main.ts has no stack ${name}`);
      const copy = new StackCopy(terraform, stack.folder, { variables: variableValues(stack.json) });
      try {
        copy.init();
        await copy.apply();
        const outdir = mkdtempSync(join(folder, "synth-"));
        const app = new App({ outdir, stackTraces: false });
        build(app, props);
        app.synth();

        // The runbook's own commands: a pattern, or the address of the server.
        const runbook = readFileSync(join(stack.folder, "RESTORE.md"), "utf8");
        const pattern = /terraform state list \| grep -E '([^']+)'/.exec(runbook)?.[1];
        const address = /terraform state rm '([^']+)'/.exec(runbook)?.[1];
        const forgotten = copy.forget(new RegExp(pattern ?? `^${address}$`));
        expect(forgotten.filter((each) => each.startsWith(`${type}.`))).toHaveLength(1);

        copy.use(join(outdir, "stacks", name));
        const found = changes(copy.plan());
        expect(
          found.filter((each) => each.address.startsWith(`${type}.`)).map(({ actions }) => actions),
        ).toEqual([["create"]]);
        const remade = found.filter(({ actions }) => actions.includes("delete"));
        expect(remade.filter((each) => KEPT.test(each.address)).map((each) => each.address)).toEqual([]);
        const updated = found
          .filter(({ actions }) => `${actions}` === "update")
          .map((each) => each.address.split(".")[0]);
        expect(updated).toEqual(expect.arrayContaining(["helm_release", "kubernetes_secret_v1"]));
      } finally {
        copy.remove();
      }
    },
  );
});
