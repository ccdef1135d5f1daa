/** Construct ids and constants of a program: each once. */
export class Names {
  private readonly taken = new Set<string>(["this", "hold", "app"]);

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
        .replace(/^-+|-+$/g, "") || "adopted";
    for (let count = 1; ; count++) {
      const id = count === 1 ? base : `${base}-${count}`;
      const name = id.replace(/-+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      const constant = /^[a-z]/.test(name) ? name : `the${name}`;
      if (RESERVED.has(constant) || this.taken.has(constant)) continue;
      this.taken.add(constant);
      return { id, constant };
    }
  }
}

const RESERVED = new Set(
  "break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static implements interface package private protected public await async".split(
    " ",
  ),
);
