import { differencesOf, pairsAt, rootOf } from "../../../lib/review/plan/differences";

const at = (change: object) =>
  differencesOf(rootOf({ ...change })).map(({ at, before, after, unknown, sensitive }) => ({
    at,
    before,
    after,
    ...(unknown ? { unknown } : {}),
    ...(sensitive ? { sensitive } : {}),
  }));

test("nested blocks differ by their paths", () => {
  expect(
    at({
      before: { settings: [{ tier: "a", backup_configuration: [{ enabled: true, location: "" }] }] },
      after: { settings: [{ tier: "b", backup_configuration: [{ enabled: false, location: null }] }] },
    }),
  ).toEqual([
    { at: "settings.backup_configuration.enabled", before: true, after: false },
    { at: "settings.tier", before: "a", after: "b" },
  ]);
});

test("repeated blocks are paired by name, whatever their order", () => {
  expect(
    at({
      before: {
        parameter: [
          { name: "a", value: "1" },
          { name: "b", value: "1" },
          { name: "c", value: "1" },
        ],
      },
      after: {
        parameter: [
          { name: "c", value: "2" },
          { name: "a", value: "1" },
          { name: "d", value: "1" },
        ],
      },
    }),
  ).toEqual([
    { at: "parameter[b]", before: { name: "b", value: "1" }, after: undefined },
    { at: "parameter[c].value", before: "1", after: "2" },
    { at: "parameter[d]", before: undefined, after: { name: "d", value: "1" } },
  ]);
});

test("repeated blocks without a name are paired by equality, then by position", () => {
  expect(
    at({
      before: { ingress: [{ port: 1 }, { port: 2 }] },
      after: { ingress: [{ port: 2 }, { port: 3 }, { port: 4 }] },
    }).map(({ before, after }) => [before, after]),
  ).toEqual([
    [1, 3],
    [undefined, { port: 4 }],
  ]);
});

describe("marks of sensitive values", () => {
  test("empty marks mark nothing", () => {
    expect(
      at({
        before: { tags: { a: "1" }, ids: ["a"] },
        after: { tags: { a: "2" }, ids: ["b"] },
        before_sensitive: { tags: {}, ids: [false] },
        after_sensitive: { tags: {}, ids: [] },
      }).filter(({ sensitive }) => sensitive),
    ).toEqual([]);
  });

  test.each([
    ["the whole resource", true],
    ["the block", { settings: true }],
    ["the element", { settings: [true] }],
    ["the attribute", { settings: [{ password: true }] }],
  ])("a mark on %s covers the attribute", (_, mark) => {
    const change = { before: { settings: [{ password: "a" }] }, after: { settings: [{ password: "b" }] } };
    expect(at({ ...change, before_sensitive: mark })).toMatchObject([{ sensitive: true }]);
    expect(at({ ...change, after_sensitive: mark })).toMatchObject([{ sensitive: true }]);
  });

  test("a mark on one element of a set covers the same attribute of all", () => {
    const found = at({
      before: {
        env: [
          { name: "a", value: "1" },
          { name: "b", value: "2" },
        ],
      },
      after: {
        env: [
          { name: "b", value: "3" },
          { name: "a", value: "4" },
        ],
      },
      before_sensitive: { env: [{}, { value: true }] },
    });
    expect(found.map(({ sensitive }) => sensitive)).toEqual([true, true]);
  });
});

test("values that are known after the apply are differences", () => {
  expect(
    at({
      before: { address: "a", settings: [{ tier: "a", version: 1 }] },
      after: { settings: [{ tier: "a" }] },
      after_unknown: { address: true, settings: [{ version: true }], tags: {} },
    }),
  ).toEqual([
    { at: "address", before: "a", after: undefined, unknown: true },
    { at: "settings.version", before: 1, after: undefined, unknown: true },
  ]);
});

test("a path chooses elements of repeated blocks", () => {
  const root = rootOf({
    before: {
      parameter: [
        { name: "a", value: "1" },
        { name: "rds.force_ssl", value: "1" },
      ],
    },
    after: { parameter: [{ name: "rds.force_ssl", value: "0" }] },
  });
  expect(pairsAt(root, "parameter[name=rds.force_ssl].value")).toMatchObject([
    { at: "parameter[rds.force_ssl].value", before: "1", after: "0" },
  ]);
  expect(pairsAt(root, "parameter.value")).toHaveLength(2);
  expect(pairsAt(root, "parameter[name=none].value")).toEqual([]);
});

test("names of JavaScript's objects are names like others", () => {
  expect(
    at({ before: { tags: {} }, after: JSON.parse('{"tags":{"constructor":"a","__proto__":"b"}}') }),
  ).toHaveLength(1);
  expect(
    at({
      before: { tags: { a: "1" } },
      after: JSON.parse('{"tags":{"a":"1","constructor":"a","__proto__":"b"}}'),
    }),
  ).toEqual([
    { at: "tags.__proto__", before: undefined, after: "b" },
    { at: "tags.constructor", before: undefined, after: "a" },
  ]);
});
