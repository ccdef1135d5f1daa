// Functions of all jobs that read or write an object store. POSIX shell for dash, bash and busybox; no `${`, which Terraform would read
// as a template.
//
// rclone is configured by variables only (rclone.org/docs "Environment Variables"): the program writes RCLONE_CONFIG_STORE_* into the
// pod, and a key, where there is one, is read from a file. `env_auth` makes rclone use the SDKs' default credentials: IRSA and EKS Pod
// Identity (aws-sdk-go-v2), Workload Identity Federation for GKE (Application Default Credentials), and Microsoft Entra Workload ID
// (azidentity, with the variables that the webhook of AKS sets). Read in rclone 1.74.4, backend/{s3,googlecloudstorage,azureblob}, 2026-11.

import { JOB_FUNCTIONS } from "../../../kubernetes/private";

/**
 * Variables: STORE_ROOT, folder in the store as `store:bucket/path`; STORE_KEY_VARIABLE, variable of rclone that takes the secret
 * `store-key`, empty for an identity; STORE_ENCRYPTED, `true` for client-side encryption with the secret `encryption-key`;
 * JOB_SECRETS, folder with the secrets, one file each.
 */
export const STORE_FUNCTIONS = String.raw`${JOB_FUNCTIONS}
# Sets store and data, the folders of plain and of encrypted objects.
open_store() {
  command -v rclone >/dev/null || fail 'rclone is not installed'
  # No file: rclone says so in each call otherwise.
  RCLONE_CONFIG=/dev/null RCLONE_STATS=0 RCLONE_LOG_LEVEL=ERROR
  export RCLONE_CONFIG RCLONE_STATS RCLONE_LOG_LEVEL
  if [ -n "$STORE_KEY_VARIABLE" ]; then
    key=$(secret store-key) || fail 'the secret store-key is missing'
    export "$STORE_KEY_VARIABLE=$key"
  fi
  store=$STORE_ROOT
  data=$STORE_ROOT
  if [ "$STORE_ENCRYPTED" = true ]; then
    [ -s "$JOB_SECRETS/encryption-key" ] || fail 'the secret encryption-key is missing or empty'
    key=$(secret encryption-key)
    [ "$(printf '%s' "$key" | wc -c)" -ge 20 ] || fail 'the encryption key is shorter than 20 characters'
    RCLONE_CONFIG_CRYPT_PASSWORD=$(printf '%s' "$key" | rclone obscure -)
    [ -n "$RCLONE_CONFIG_CRYPT_PASSWORD" ] || fail 'rclone did not take the encryption key'
    RCLONE_CONFIG_CRYPT_TYPE=crypt RCLONE_CONFIG_CRYPT_REMOTE=$STORE_ROOT
    # Names stay readable: they hold the time and the database only.
    RCLONE_CONFIG_CRYPT_FILENAME_ENCRYPTION=off RCLONE_CONFIG_CRYPT_DIRECTORY_NAME_ENCRYPTION=false RCLONE_CONFIG_CRYPT_SUFFIX=none
    export RCLONE_CONFIG_CRYPT_PASSWORD RCLONE_CONFIG_CRYPT_TYPE RCLONE_CONFIG_CRYPT_REMOTE \
      RCLONE_CONFIG_CRYPT_FILENAME_ENCRYPTION RCLONE_CONFIG_CRYPT_DIRECTORY_NAME_ENCRYPTION RCLONE_CONFIG_CRYPT_SUFFIX
    data=crypt:
  fi
  key=
}
# in_data PATH: its name for rclone; crypt: is a root.
in_data() { case $data in crypt:) printf 'crypt:%s' "$1" ;; *) printf '%s/%s' "$data" "$1" ;; esac; }
# Names of backups that count, the oldest first: those with a manifest.
backups() {
  rclone lsf --files-only --recursive --max-depth 2 --include '/*/manifest.json' "$store" >"$scratch/sets" || return 1
  sed -n 's|^\([0-9]\{8\}T[0-9]\{6\}Z\)/manifest\.json$|\1|p' "$scratch/sets" | sort
}
`;
