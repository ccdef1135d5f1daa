/** Made-up values for the Terraform variables of our stacks, in the form that a cloud would give them. */
import { rootCertificates } from "node:tls";
import type { Attributes } from "./plan";
import type { StackJson } from "./stacks";

/** The region of AWS. */
export const REGION = "eu-central-1";

/** A secret that a user gives: it must be in no plan and no state. */
export const GIVEN_PASSWORD = "GivenByTheUserOfThisTest0123456789";

const AUTHORITY = rootCertificates[0] as string;
const GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/platform";
const NETWORK = `${GROUP}/providers/Microsoft.Network/virtualNetworks/platform`;

const VALUES: Attributes = {
  access_url: "https://coder.example.com",
  action_group_id: `${GROUP}/providers/Microsoft.Insights/actionGroups/operations`,
  alarm_topic_arn: `arn:aws:sns:${REGION}:123456789012:alarms`,
  certificate_email: "platform@example.com",
  cluster_ca_certificate: Buffer.from(AUTHORITY).toString("base64"),
  cluster_ca_certificates: AUTHORITY,
  cluster_fqdn: "platform-a1b2c3d4.hcp.westeurope.azmk8s.io",
  cluster_name: "platform",
  database_ca_certificates: AUTHORITY,
  copies_region: "eu-west-1",
  domain: "gitpod.example.com",
  images_access_key_id: "AKIAIMAGES",
  encryption_key: Buffer.from(GIVEN_PASSWORD.slice(0, 32)).toString("base64"),
  images_account_email: "gitpod-images@example.iam.gserviceaccount.com",
  images_account_key_file: JSON.stringify({ private_key: GIVEN_PASSWORD }),
  images_client_id: "00000000-0000-0000-0000-000000000002",
  images_client_secret: GIVEN_PASSWORD,
  images_principal_id: "00000000-0000-0000-0000-000000000003",
  images_secret_access_key: GIVEN_PASSWORD,
  images_user_name: "gitpod-images",
  installer_image: "registry.example.com/gitpod/installer:2022.11.3",
  location: "westeurope",
  network_id: "projects/example/global/networks/platform",
  node_security_group_ids: ["sg-0a1b2c3d4e5f60007"],
  notification_channels: ["projects/example/notificationChannels/1"],
  oidc_issuer_url: "https://westeurope.oic.prod-aks.azure.com/00000000-0000-0000-0000-000000000004/",
  oidc_provider_arn: `arn:aws:iam::123456789012:oidc-provider/oidc.eks.${REGION}.amazonaws.com/id/EXAMPLE`,
  pooler_ca_certificates: AUTHORITY,
  project: "example",
  rails_secrets: `production:\n  db_key_base: ${GIVEN_PASSWORD}\n`,
  redis_host: "redis.example.com",
  redis_password: GIVEN_PASSWORD,
  region: REGION,
  resource_group_name: "platform",
  subnet_id: `${NETWORK}/subnets/endpoints`,
  subnet_ids: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
  subscription_id: "00000000-0000-0000-0000-000000000001",
  velero_password: GIVEN_PASSWORD,
  virtual_network_id: NETWORK,
  workspaces_account_email: "gitpod-workspaces@example.iam.gserviceaccount.com",
  workspaces_account_key_file: JSON.stringify({ private_key: GIVEN_PASSWORD }),
  workspaces_access_key_id: "AKIAWORKSPACES",
  workspaces_secret_access_key: GIVEN_PASSWORD,
  workspaces_user_name: "gitpod-workspaces",
};

/** What is called the same on another cloud. */
const GOOGLE: Attributes = { region: "europe-west3" };

/**
 * @param own values of this test, which go before the made-up ones
 * @returns a value for each variable of the stack that has no default, and for no other
 */
export function variableValues(stack: StackJson, own: Attributes = {}): Attributes {
  const providers = Object.keys((stack.provider as object | undefined) ?? {});
  const known = { ...VALUES, ...(providers.includes("google") ? GOOGLE : {}), ...own };
  const values: Attributes = {};
  for (const [name, { default: fallback }] of Object.entries(stack.variable ?? {})) {
    if (name in own || fallback === undefined) {
      const value = known[name] ?? (name.endsWith("_password") ? GIVEN_PASSWORD : undefined);
      if (value === undefined) {
        throw new Error(`the stack asks for the variable ${name}: give it a value in variable-values.ts`);
      }
      values[name] = value;
    }
  }
  return values;
}
