// Terraform state of a stack without a backend.

import { LocalBackend, TerraformBackend, type TerraformStack } from "cdktf";
import { SynthChecks } from "../../lib/database/private";

/**
 * The backend that the program added to a stack, or local state with a warning.
 *
 * CDKTF's default is the absolute path of the folder in which the program ran: the same program in another checkout would find no
 * state and plan everything anew. This path is relative to the stack's folder and leads beside the output folder, which is where
 * CDKTF puts the file as well.
 *
 * @param stack the stack; it has local state afterwards if it had no backend.
 * @see https://developer.hashicorp.com/terraform/language/backend/local
 */
export function backendOrLocalState(stack: TerraformStack): TerraformBackend {
  const added = stack.node.findAll().find(TerraformBackend.isBackend);
  if (added !== undefined) return added;
  const file = `terraform.${stack.node.id}.tfstate`;
  new SynthChecks(stack, "STACK").warn(
    `backend: the state is a local file, ${file} beside the output folder, without locks and backups; add a backend, such as ` +
      "new S3Backend(stack, { ... })",
    "backend",
  );
  return new LocalBackend(stack, { path: `../../../${file}` });
}
