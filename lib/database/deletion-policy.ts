/** Policy for the data when the server is removed from the program or the stack is destroyed. */
export enum DeletionPolicy {
  /** Deletion is refused: the cloud's deletion protection is enabled, and Terraform refuses to replace it (`prevent_destroy`, which does not refuse the removal or renaming of its construct). */
  RETAIN = "retain",
  /** A final snapshot (or the cloud's nearest equivalent) is kept, then the server is deleted. */
  SNAPSHOT = "snapshot",
  /** The server and its automated backups are deleted. */
  DELETE = "delete",
}
