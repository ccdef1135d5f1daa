/** Where a database server runs. */
export enum Cloud {
  /** Amazon Web Services. */
  AWS = "aws",
  /** Google Cloud. */
  GOOGLE = "google",
  /** Microsoft Azure. */
  AZURE = "azure",
  /** A server that the user runs, or one whose cloud does not matter. */
  SELF_MANAGED = "self-managed",
}
