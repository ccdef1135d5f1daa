import { isResolved, terraformCall } from "../../database/private";

/** The members of a list with a sign between them; the list may be one that only Terraform knows. */
export function joinedText(sign: string, list: string[]): string {
  return isResolved(list) ? list.join(sign) : terraformCall("join", sign, list);
}
