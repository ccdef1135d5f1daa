import { isKnown } from "../database/known";
import { terraformCall } from "../database/terraform-expression";

/** A port as the text that a variable of a program takes. */
export function portText(port: number): string {
  return isKnown(port) ? `${port}` : terraformCall("tostring", port);
}
