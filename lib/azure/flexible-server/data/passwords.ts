// Passwords on Azure. Source, read 2026-11: Azure "create server" pages (three of four character classes).

import { PASSWORD_CHARACTERS, type PasswordRules } from "../../../database/private";

/** Both engines. */
export const PASSWORD_RULES: PasswordRules = {
  minLength: 8,
  maxLength: 128,
  pattern: PASSWORD_CHARACTERS,
  characterClasses: ["[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]"],
};
