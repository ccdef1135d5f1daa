// Passwords on RDS. Source, read 2026-11: RDS API reference CreateDBInstance (MasterUserPassword).

import { PASSWORD_CHARACTERS, type PasswordRules } from "../../../database/private";

/** By engine family. */
export const PASSWORD_RULES: { readonly postgres: PasswordRules; readonly mysql: PasswordRules } = {
  postgres: { minLength: 8, maxLength: 128, pattern: PASSWORD_CHARACTERS },
  mysql: { minLength: 8, maxLength: 41, pattern: PASSWORD_CHARACTERS },
};
