// The installer's configuration holds names of secrets, never what is in them.

/** How the installer's configuration refers to a secret (`ObjectRef`). */
export interface GitpodSecretReference {
  /** The only kind that the installer knows. */
  readonly kind: "secret";
  /** The secret's name, in Gitpod's namespace; may be a token. */
  readonly name: string;
}

/** A reference to a secret. */
export function secretReference(name: string): GitpodSecretReference {
  return { kind: "secret", name };
}
