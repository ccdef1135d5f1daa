// Values that no message and no snapshot shows: literal texts in arguments that hold secrets. Terraform's schemas mark them as sensitive; a
// synthesized stack has no schemas, so the names decide. Expressions are shown: they name a secret and do not hold it.

/** Shown instead of a secret. */
const HIDDEN = "(secret)";

const NAMES =
  /(^|_)(password|passwd|passphrase|token|private_key|private_key_pem|client_secret|secret_key|secret_string|secret_data|secret_binary|access_key|connection_string|credentials)(_wo)?$/i;

/** Arguments with other names, by Terraform type. */
const BY_TYPE: { readonly [type: string]: RegExp | undefined } = {
  aws_ssm_parameter: /^(value|insecure_value)(_wo)?$/,
  azurerm_key_vault_secret: /^value(_wo)?$/,
  helm_release: /^(set_sensitive|set_wo)(\b|$)/,
  kubernetes_secret: /^(binary_)?data(_wo)?(\b|$)/,
  kubernetes_secret_v1: /^(binary_)?data(_wo)?(\b|$)/,
};

/**
 * True for an argument that holds a secret.
 *
 * @param path path of the argument, such as `settings.password` or `data.url`
 * @param type Terraform type. @default - the name alone decides
 */
export function isSecret(path: string, type = ""): boolean {
  const names = path.replace(/\[[^\]]*\]/g, "").split(".");
  return NAMES.test(names.at(-1) ?? "") || BY_TYPE[type]?.test(path) === true;
}

/** A value for a message: the literal texts in it are hidden. */
export function hidden(value: unknown): unknown {
  if (typeof value === "string") return value === "" || value.includes("${") ? value : HIDDEN;
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hidden(each)]));
}
