// Clouds are compared by identity, so each name has one instance: also when the package is loaded twice (CommonJS and ESM).
const REGISTRY = Symbol.for("cdktf-devplatforms.Cloud");

/**
 * Cloud on which a resource runs.
 *
 * @example
 * const cloud = Cloud.of("hetzner");
 */
export class Cloud {
  /** Amazon Web Services. */
  public static readonly AWS = Cloud.of("aws");
  /** Google Cloud. */
  public static readonly GOOGLE = Cloud.of("google");
  /** Microsoft Azure. */
  public static readonly AZURE = Cloud.of("azure");
  /** Self-managed, or a cloud that does not matter. */
  public static readonly SELF_MANAGED = Cloud.of("self-managed");

  /**
   * The cloud of a name; the same name returns the same object, so that clouds compare with `===`.
   *
   * @param name the name, in lower case.
   */
  public static of(name: string): Cloud {
    const globals = globalThis as { [REGISTRY]?: Map<string, Cloud> };
    globals[REGISTRY] ??= new Map<string, Cloud>();
    const cloud = globals[REGISTRY].get(name) ?? new Cloud(name);
    globals[REGISTRY].set(name, cloud);
    return cloud;
  }

  /** Name of the cloud, such as `aws`. */
  public readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** The name. */
  public toString(): string {
    return this.name;
  }

  /** The name. */
  public toJSON(): string {
    return this.name;
  }
}
