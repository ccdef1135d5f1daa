import { isKnown } from "../database/known";
import { terraformCall } from "../database/terraform-expression";

/** The members of a list with a sign between them; the list may be one that only Terraform knows. */
export function joinedText(sign: string, list: string[]): string {
  return isKnown(list) ? list.join(sign) : terraformCall("join", sign, list);
}
