/** Each of our own rules finds what is bad in a fixture, and only that. */

import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { fixture } from "../../support/fixtures";
import { plansOf } from "../../support/terraform/plans";
import { noStoredSecret } from "./rules/no-stored-secret";
import { openDatabasePort } from "./rules/open-database-port";
import { requiredVersion } from "./rules/required-version";
import type { Rule, RuleResult } from "./rules/rule";
import { secretReferences } from "./rules/secret-references";

describeWith("our own rules on fixtures", terraformWithMirror, (terraform) => {
  const check = async (rule: Rule, name: string): Promise<RuleResult> => {
    const stack = fixture("policy", name);
    const { settled } = plansOf(terraform, stack);
    return rule({ stack: stack.json, plan: settled });
  };
  const found = (result: RuleResult) =>
    result.findings.map(({ resource, message }) => `${resource}: ${message}`).sort();

  test("a database port that is open to everyone, on AWS", async () => {
    const result = await check(openDatabasePort, "bad-aws");
    expect(found(result)).toEqual([
      "aws_security_group.inline: ports 3306 to 3306 are open to 0.0.0.0/0",
      "aws_security_group_rule.range: ports 5000 to 6000 are open to ::/0",
      "aws_vpc_security_group_ingress_rule.everything: ports 0 to 65535 are open to 0.0.0.0/0",
    ]);
    expect(result.scanned).toBe(5);
  });

  test("a database port that is open to everyone, on Google and Azure", async () => {
    const result = await check(openDatabasePort, "bad-clouds");
    expect(found(result)).toEqual([
      "azurerm_network_security_rule.open: ports 3000 to 4000 are open to Internet",
      "azurerm_postgresql_flexible_server_firewall_rule.open: ports 0 to 65535 are open to 0.0.0.0/0",
      "google_compute_firewall.open: ports 5432 to 5432 are open to 0.0.0.0/0",
      "google_sql_database_instance.open: ports 0 to 65535 are open to 0.0.0.0/0",
    ]);
    expect(result.scanned).toBe(5);
  });

  test("a Secret or key that nobody makes", async () => {
    const result = await check(secretReferences, "bad-references");
    const absent = "which this stack does not make";
    expect(found(result)).toEqual([
      `helm_release.coder: names the Secret coder/absent-certs, ${absent}`,
      `helm_release.coder: names the Secret coder/absent-tls, ${absent}`,
      "helm_release.coder: names the key password of the Secret coder/database, which has: url",
      "helm_release.coder: names the key urll of the Secret coder/database, which has: url",
      `helm_release.elsewhere: names the Secret other/database, ${absent}`,
      "kubernetes_job_v1.setup: names a key of the Secret coder/told, whose keys the stack does not tell",
      `kubernetes_job_v1.setup: names the Secret coder/absent-env, ${absent}`,
      `kubernetes_job_v1.setup: names the Secret coder/absent-volume, ${absent}`,
      `kubernetes_job_v1.setup: names the Secret coder/kube-root-ca.crt, ${absent}`,
      "kubernetes_job_v1.setup: names the key ca.crt of the ConfigMap coder/ca, which has: ca.pem",
      "kubernetes_job_v1.setup: names the key ca.pem of the ConfigMap coder/kube-root-ca.crt, which has: ca.crt",
      "kubernetes_job_v1.setup: names the key crt of the Secret coder/database, which has: url",
      "kubernetes_job_v1.setup: names the key uri of the Secret coder/database, which has: url",
    ]);
    expect(result.scanned).toBe(16);
  });

  test("a secret in the state, unless it is write-only", async () => {
    const result = await check(noStoredSecret, "bad-secrets");
    expect(found(result)).toEqual([
      "aws_db_instance.stored: the secret password is in the state",
      "helm_release.stored: the secret set_sensitive.0.value is in the state",
      "kubernetes_secret_v1.stored: the secret data is in the state",
      "random_password.stored: the secret bcrypt_hash is in the state",
      "random_password.stored: the secret result is in the state",
    ]);
    expect(result.scanned).toBe(6);
  });

  test("a stack that lets an old Terraform in", async () => {
    expect(found(await check(requiredVersion, "bad-aws"))).toEqual([
      "terraform: terraform.required_version is >= 1.5; it has to ask for 1.11.0 or later",
    ]);
    expect(found(await check(requiredVersion, "bad-clouds"))).toEqual([]);
  });
});
