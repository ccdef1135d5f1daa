/** What happens to the data when the server leaves the program or the stack is destroyed. */
export enum DeletionPolicy {
  /** Refuse: the cloud's deletion protection is on and Terraform will not destroy the server. */
  RETAIN = "retain",
  /** Keep a last snapshot (or the cloud's nearest equivalent), then delete. */
  SNAPSHOT = "snapshot",
  /** Delete the server and its automated backups. */
  DELETE = "delete",
}
