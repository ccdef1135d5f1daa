/**
 * Names and values that others wrote into a plan are never rendered: no terminal escape, no Markdown, no HTML. Markdown is read by a parser
 * with HTML, links without brackets and tables; the HTML of a review is read by a browser in the tier of the site.
 */
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import {
  type PlanReview,
  renderHtml,
  renderJson,
  renderMarkdown,
  renderText,
  reviewPlan,
} from "../../../lib/review";
import { HOSTILE_PARTS, hostilePlan, MARKER } from "../../support/review/hostile-plan";

const anyName = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_PARTS) },
      fc.string({ unit: "binary", maxLength: 6 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

const reviewOf = (name: string): PlanReview => {
  const { plan, options } = hostilePlan(name);
  return reviewPlan(plan, options);
};

const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

test("the names are in every format, so that these tests look at something", () => {
  for (const render of [renderText, renderMarkdown, renderHtml, renderJson]) {
    expect(render(reviewOf("")).split(MARKER).length).toBeGreaterThan(15);
  }
});

test("no control character and no change of direction is in any format", () => {
  fc.assert(
    fc.property(anyName, (name) => {
      for (const render of [renderText, renderMarkdown, renderHtml, renderJson]) {
        const text = render(reviewOf(name));
        expect(CONTROL.exec(text)?.[0]).toBeUndefined();
        expect(text).not.toMatch(/\p{Surrogate}/u);
      }
    }),
  );
});

test("a name adds no line to the text", () => {
  const lines = (name: string) => renderText(reviewOf(name)).split("\n").length;
  const plain = lines("");
  fc.assert(fc.property(anyName, (name) => expect(lines(name)).toBe(plain)));
});

test("Markdown: a name is the content of a code span and nothing else", () => {
  const parser = new MarkdownIt({ html: true, linkify: true });
  const tokensOf = (markdown: string) =>
    parser.parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
  const shape = (name: string) => {
    const tokens = tokensOf(renderMarkdown(reviewOf(name), 10_000_000));
    for (const { type, content } of tokens) {
      if (type === "inline" || type === "code_inline") continue;
      expect([type, content]).toEqual([type, expect.not.stringContaining(MARKER)]);
    }
    return tokens.map(({ type, tag, attrs }) => [type, tag, ...(attrs ?? []).flat()].join(" "));
  };
  const plain = shape("");
  expect(plain).toContain("code_inline code");
  fc.assert(
    fc.property(anyName, (name) => expect(shape(name)).toEqual(plain)),
    { numRuns: 40 },
  );
});

test("HTML: a name adds no element and no attribute", () => {
  const tags = (name: string) => renderHtml(reviewOf(name)).match(/<[^>]*>/g);
  const withoutNumbers = (list: readonly string[] | null) =>
    list?.map((tag) => tag.replace(/"[\d. MCL,-]*"/g, '""'));
  const plain = withoutNumbers(tags(""));
  fc.assert(fc.property(anyName, (name) => expect(withoutNumbers(tags(name))).toEqual(plain)));
});
