import { isResolved, terraformCall } from "../database/private";

/** A port as the text that a variable of a program takes. */
export function portText(port: number): string {
  return isResolved(port) ? `${port}` : terraformCall("tostring", port);
}
