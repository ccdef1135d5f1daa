import type { IDatabase } from "../../database";
import { RehearsalCheck } from "../../recovery";
import type { GitpodEncryptionKeys } from "../secrets/gitpod-encryption-keys";

/**
 * Checks of a restored database of Gitpod, for a `RestoreRehearsal`.
 *
 * @example
 * const checks = [GitpodRehearsal.tokensDecrypt(database, encryptionKeys), GitpodRehearsal.newestWorkspace(database, 48)];
 */
export class GitpodRehearsal {
  /**
   * Tokens of users decrypt with the kept keys: the newest hundred, each with its key by name and version, as Gitpod decrypts them. The
   * result is their number, or -1 if one does not decrypt. Needs MySQL 8.0.4 or later on the scratch server.
   *
   * @param database the database of Gitpod.
   * @param keys the encryption keys.
   * @param minimum the smallest number that passes; 0 for an installation without tokens. @default 1
   */
  public static tokensDecrypt(database: IDatabase, keys: GitpodEncryptionKeys, minimum = 1): RehearsalCheck {
    return RehearsalCheck.atLeast("tokens decrypt with the kept keys", database, TOKENS_DECRYPT, minimum, {
      secret: keys.json,
    });
  }

  /**
   * Age of the workspace that was changed last.
   *
   * @param database the database of Gitpod.
   * @param maxAgeHours the greatest age in hours.
   */
  public static newestWorkspace(database: IDatabase, maxAgeHours: number): RehearsalCheck {
    const sql = "SELECT UNIX_TIMESTAMP(MAX(_lastModified)) FROM d_b_workspace";
    return RehearsalCheck.newestRow(database, sql, maxAgeHours);
  }

  private constructor() {}
}

// gitpod-io/gitpod, components/gitpod-protocol/src/encryption (AES-256-CBC, base64, the key by name and version) and
// components/gitpod-db/src/typeorm/entity/db-token-entry.ts and transformer.ts (JSON of data, keyParams.iv and keyMetadata; what is encrypted
// is JSON), read 2026-11. A wrong key gives NULL or bytes that are no JSON, for which
// JSON_VALID is NULL if they are no UTF-8.
const TOKENS_DECRYPT = `
SET SESSION block_encryption_mode = 'aes-256-cbc';
SELECT IF(COALESCE(SUM(COALESCE(JSON_VALID(CONVERT(plain USING utf8mb4)), 0)), 0) < COUNT(*), -1, COUNT(*)) FROM (
  SELECT AES_DECRYPT(FROM_BASE64(t.token->>'$.data'), FROM_BASE64(k.material), FROM_BASE64(t.token->>'$.keyParams.iv')) AS plain
    FROM (SELECT token FROM d_b_token_entry ORDER BY _lastModified DESC LIMIT 100) AS t
    LEFT JOIN JSON_TABLE(CONVERT(@secret USING utf8mb4), '$[*]' COLUMNS (
      name VARCHAR(255) PATH '$.name', version INT PATH '$.version', material VARCHAR(255) PATH '$.material'
    )) AS k ON k.name = t.token->>'$.keyMetadata.name' COLLATE utf8mb4_bin AND k.version = t.token->>'$.keyMetadata.version'
) AS decrypted;
`;
