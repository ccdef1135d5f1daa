// Import IDs: their formats by resource type, and the ID of a resource as far as the program says it.

import {
  DefaultTokenResolver,
  StringConcat,
  TerraformResource,
  type TerraformStack,
  Tokenization,
} from "cdktf";
import { AWS_IMPORTS } from "./data/aws-imports";
import { AZURE_IMPORTS } from "./data/azure-imports";
import { GOOGLE_IMPORTS } from "./data/google-imports";
import { KUBERNETES_IMPORTS } from "./data/kubernetes-imports";

/** Import ID of a resource type. */
export interface ImportFormat {
  /**
   * Forms of the ID with the arguments that it is made of in braces, such as `{role}/{policy_arn}`; the first whose arguments are all known is
   * taken, unless one before it has an argument that is set and not known. Empty: only the cloud knows it.
   */
  readonly forms: readonly string[];
  /** End of an ID whose beginning only the cloud knows, with arguments in braces, as in `forms`. */
  readonly end?: string;
  /** The ID in words, such as `ID of the security group`. */
  readonly words: string;
  readonly example: string;
  /** Attributes that the provider computes and that equal another one: the `id`, or an argument. */
  readonly sameAs?: { readonly [attribute: string]: string };
  /**
   * Arguments that stay as they are: texts whose change would replace the resource, and those that the vendor refuses to change. An ID may
   * differ from the program's in these.
   */
  readonly keeps?: readonly string[];
  /** Version of the engine that stays while the program names the major version only, and the argument that allows an upgrade of it. */
  readonly keepsMajor?: { readonly version: string; readonly unless: string };
  /** Write-only value and the argument with its version, which stay until the program increments the version. */
  readonly keepsValue?: { readonly value: string; readonly version: string };
}

/**
 * Types that Terraform cannot import, as their pages in the google provider 6.50.0 say (read 2026-11-27); those that are in no cloud; and those
 * of which an import would not hold: the google provider cannot read a password back from Secret Manager, so a stored version would differ from
 * the value that consumers get.
 */
const NOT_IMPORTED = new Set([
  "terraform_data",
  "random_id",
  "google_service_account_key",
  "google_sql_ssl_cert",
  "google_workflows_workflow",
  "google_secret_manager_secret_version",
]);

const FORMATS: { readonly [type: string]: ImportFormat | undefined } = {
  ...AWS_IMPORTS,
  ...GOOGLE_IMPORTS,
  ...AZURE_IMPORTS,
  ...KUBERNETES_IMPORTS,
};

/** The format of a type's import ID; undefined for a type that is in no table. */
export function importFormat(type: string): ImportFormat | undefined {
  return FORMATS[type];
}

/** True for a resource that Terraform can import. */
export function isImportable(type: string): boolean {
  return !NOT_IMPORTED.has(type);
}

/** Address of a resource in Terraform. */
export function addressOf(resource: TerraformResource): string {
  return `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
}

/** The import IDs of a stack's resources, as far as the program says them. */
export class ImportIds {
  private readonly byAddress = new Map<string, TerraformResource>();
  private readonly configs = new Map<TerraformResource, unknown>();

  /**
   * @param stack the stack.
   * @param given the IDs that the program gives, by resource.
   */
  public constructor(
    private readonly stack: TerraformStack,
    private readonly given: ReadonlyMap<TerraformResource, string>,
  ) {
    for (const each of stack.node.findAll()) {
      if (TerraformResource.isTerraformResource(each)) this.byAddress.set(addressOf(each), each);
    }
  }

  /** The ID of a resource; undefined if the program does not say it. */
  public idOf(resource: TerraformResource, seen: readonly TerraformResource[] = []): string | undefined {
    return this.given.get(resource) ?? this.derived(resource, seen);
  }

  /** The ID that follows from the arguments, whatever the program gives. */
  public derived(resource: TerraformResource, seen: readonly TerraformResource[] = []): string | undefined {
    if (seen.includes(resource)) return undefined;
    for (const form of importFormat(resource.terraformResourceType)?.forms ?? []) {
      const path = [...seen, resource];
      const id = this.filled(form, resource, path);
      if (id !== undefined) return id;
      // A form without the argument would be the ID of another object, such as one of the provider's project.
      const unknown = argumentsOf(form).filter(
        (name) => this.filled(`{${name}}`, resource, path) === undefined,
      );
      if (unknown.some((name) => this.isSet(resource, name))) return undefined;
    }
    return undefined;
  }

  /**
   * True for an ID of a form that the provider reads, with the arguments that the program sets. It may name the provider's project, or leave
   * out the project; without another argument it would be the ID of another object.
   */
  public fits(id: string, resource: TerraformResource): boolean {
    const { forms = [] } = importFormat(resource.terraformResourceType) ?? {};
    const needed = argumentsOf(forms.join()).filter(
      (name) => name !== "project" && this.isSet(resource, name),
    );
    return forms.some((form) => {
      const names = argumentsOf(form);
      if (!needed.every((name) => names.includes(name))) return false;
      const parts = names.map((name) => {
        const value = this.filled(`{${name}}`, resource);
        if (value !== undefined && !value.includes("${")) return escaped(value);
        return this.isSet(resource, name) ? ".+" : "[^/]+";
      });
      return pattern(form, parts).test(id);
    });
  }

  /** An argument of a resource, as the program sets it; undefined if it does not. */
  public argument(resource: TerraformResource, name: string): unknown {
    return at(this.config(resource), [name]);
  }

  /** True if a name in the ID is generated: it is another one than that of what exists, and not known before the apply. */
  public isGenerated(resource: TerraformResource): boolean {
    const { forms = [], end = "", keeps = [] } = importFormat(resource.terraformResourceType) ?? {};
    return argumentsOf(`${forms.join()}${end}`).some((name) => {
      const value = at(this.config(resource), name.split("."));
      return !keeps.includes(name) && typeof value === "string" && value.includes("${random_");
    });
  }

  /** The end that the ID of a resource has; undefined if the program does not say it. */
  public endOf(resource: TerraformResource): string | undefined {
    const { end } = importFormat(resource.terraformResourceType) ?? {};
    return end === undefined ? undefined : this.filled(end, resource);
  }

  /** A form with the arguments of a resource; undefined if one is not known. */
  public filled(
    form: string,
    resource: TerraformResource,
    seen: readonly TerraformResource[] = [resource],
  ): string | undefined {
    let known = true;
    const id = form.replace(/\{([^}]+)\}/g, (_, name: string) => {
      const value = this.text(at(this.config(resource), name.split(".")), seen);
      known &&= value !== undefined;
      return value ?? "";
    });
    return known ? id : undefined;
  }

  /** A text of the program, with references to resources of the stack replaced by what is known of them. */
  private text(value: unknown, seen: readonly TerraformResource[]): string | undefined {
    if (typeof value === "number") return String(value);
    if (typeof value !== "string" || value === "") return undefined;
    let known = true;
    const text = value.replace(REFERENCE, (reference, address: string, attribute: string) => {
      const found = this.referred(address, attribute, seen);
      known &&= found !== undefined;
      return found ?? reference;
    });
    return known && !text.replace(KNOWN_AT_PLAN, "").includes("${") ? text : undefined;
  }

  private referred(
    address: string,
    attribute: string,
    seen: readonly TerraformResource[],
  ): string | undefined {
    const resource = this.byAddress.get(address);
    if (resource === undefined || seen.includes(resource)) return undefined;
    // What was imported under a given ID has the names of that ID, not those of the program.
    const given = this.given.get(resource);
    const { forms = [], sameAs } = importFormat(resource.terraformResourceType) ?? {};
    const name = sameAs?.[attribute] ?? attribute;
    const named = given === undefined ? undefined : namesIn(given, forms).get(name);
    if (named !== undefined) return named;
    const argument = this.text(at(this.config(resource), [name]), [...seen, resource]);
    if (argument !== undefined) return argument;
    return name === "id" ? this.idOf(resource, seen) : undefined;
  }

  /** True for an argument that the program sets; the project of a resource that takes the provider's is not set. */
  private isSet(resource: TerraformResource, name: string): boolean {
    const value = at(this.config(resource), name.split("."));
    if (value === undefined || value === null || value === "") return false;
    const [reference, address, attribute] =
      typeof value === "string" ? ([...value.matchAll(REFERENCE)][0] ?? []) : [];
    const other = address === undefined ? undefined : this.byAddress.get(address);
    return !(other && reference === value && attribute === name) || this.isSet(other, name);
  }

  private config(resource: TerraformResource): unknown {
    const known = this.configs.get(resource);
    if (known !== undefined) return known;
    const rendered = Tokenization.resolve(resource.toTerraform(), {
      scope: this.stack,
      resolver: new DefaultTokenResolver(new StringConcat()),
      preparing: false,
    }) as {
      readonly resource?: { readonly [type: string]: { readonly [id: string]: unknown } };
    };
    const config = rendered.resource?.[resource.terraformResourceType]?.[resource.friendlyUniqueId] ?? {};
    this.configs.set(resource, config);
    return config;
  }
}

/** The arguments in the braces of a form. */
function argumentsOf(form: string): string[] {
  return [...form.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name as string);
}

/** The arguments that an ID has, by the first of the forms that it has. */
function namesIn(id: string, forms: readonly string[]): Map<string, string> {
  for (const form of forms) {
    const names = argumentsOf(form);
    // An ID of one argument may hold slashes. Where there are several forms, they tell them apart, and a variable may have any of them.
    const alone = form === `{${names[0]}}`;
    const part = !alone ? "([^/]+)" : forms.length === 1 ? "(.+)" : "([^/$]+)";
    const values = pattern(
      form,
      names.map(() => part),
    )
      .exec(id)
      ?.slice(1);
    if (values) return new Map(names.map((name, i) => [name, values[i] as string]));
  }
  return new Map();
}

/** A form as a regular expression, with one for each of its arguments. */
function pattern(form: string, parts: readonly string[]): RegExp {
  const texts = form.split(/\{[^}]+\}/).map(escaped);
  return new RegExp(`^${texts.map((text, i) => `${text}${parts[i] ?? ""}`).join("")}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Terraform evaluates the ID of an `import` block in the plan. */
const KNOWN_AT_PLAN = /\$\{(data|var|local)\.[A-Za-z0-9_.-]+\}/g;
const REFERENCE = /\$\{([a-z][a-z0-9_]*\.[A-Za-z0-9_-]+)\.([a-z_]+)\}/g;

/** The value at a path of names; blocks may be lists of one. */
function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((outer, name) => {
    const inner = Array.isArray(outer) ? outer[0] : outer;
    return typeof inner === "object" && inner !== null
      ? (inner as { [key: string]: unknown })[name]
      : undefined;
  }, value);
}
