// Passwords on Cloud SQL, which has no fixed alphabet (pages read 2026-11). The characters of the strictest cloud apply here too,
// so that a password can move.

import { PASSWORD_CHARACTERS, type PasswordRules } from "../../../database/private";

/** By engine family. */
export const PASSWORD_RULES: { readonly postgres: PasswordRules; readonly mysql: PasswordRules } = {
  postgres: { minLength: 8, maxLength: 128, pattern: PASSWORD_CHARACTERS },
  mysql: { minLength: 8, maxLength: 79, pattern: PASSWORD_CHARACTERS },
};
