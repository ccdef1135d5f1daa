/** Construct ids and constants of a program: each once. */
export class Names {
  private readonly taken = new Set<string>(TAKEN);

  /**
   * An id in lower case with hyphens, and its constant.
   *
   * @param wish name of what is adopted.
   */
  public of(wish: string): { readonly id: string; readonly constant: string } {
    const base =
      wish
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "")
        // Terraform's names begin with a letter.
        .replace(/^(?=\d)/, "the-") || "adopted";
    for (let count = 1; ; count++) {
      const id = count === 1 ? base : `${base}-${count}`;
      const constant = id.replace(/-+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      const all = [constant, ...DERIVED.map((suffix) => `${constant}${suffix}`)];
      if (RESERVED.has(constant) || OF_A_PROVIDER.test(constant) || all.some((each) => this.taken.has(each)))
        continue;
      for (const each of all) this.taken.add(each);
      return { id, constant };
    }
  }
}

/** Names that the program has before its first construct: parameters of the constructor, functions, and the providers. */
const TAKEN = ["scope", "id", "hold", "app", "aws", "google", "azurerm"];

/** Providers of other regions of AWS, such as `awsEuWest1`. */
const OF_A_PROVIDER = /^aws([A-Z][a-z]+){2,}\d$/;

/** Constants that are made from that of a construct: its password, the subnets of a network. */
const DERIVED = ["Password", "Subnets"];

const RESERVED = new Set(
  "break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static implements interface package private protected public await async arguments eval undefined".split(
    " ",
  ),
);
