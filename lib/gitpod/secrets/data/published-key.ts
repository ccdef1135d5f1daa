// The key in Gitpod's own documentation and installer ("If unsure, use this key"; its value begins with 4uGh1q8y): gitpod-io/gitpod
// at 2022.11.3, `install/installer/docs/overview.md`, `install/kots/manifests/kots-config.yaml` (hidden item `db_encryption_keys`) and
// `pkg/components/database/incluster/secret.go`; read 2026-11. With it and a dump of the database, every user's tokens can be read.

/** SHA-256 of the published key as base64 text, in hexadecimal digits. */
export const PUBLISHED_KEY_SHA256 = "0f0bcec716fbbf1bf6cd9e9d2519529727d553133ecba63b2bb2b96cb1e4a0f6";
