/** What kind of principal an administrator is. */
export enum EntraPrincipalType {
  /** A person. */
  USER = "User",
  /** A group: the usual choice, since people change. */
  GROUP = "Group",
  /** An application or a managed identity. */
  SERVICE_PRINCIPAL = "ServicePrincipal",
}

/** A principal of Entra ID who administers a server. Applications log in by password all the same. */
export interface EntraAdministrator {
  /** The principal's object id; may be a token. */
  readonly objectId: string;
  /** The principal's display name, or a person's user principal name. */
  readonly principalName: string;
  /** What kind of principal it is. MySQL does not ask. @default EntraPrincipalType.GROUP */
  readonly principalType?: EntraPrincipalType;
  /** The tenant. @default - the provider's */
  readonly tenantId?: string;
  /**
   * MySQL only, and required there: the resource id of an identity by which the server looks people up; it needs the
   * directory permissions User.Read.All, GroupMember.Read.All and Application.Read.All. @default - none
   */
  readonly identityId?: string;
}
