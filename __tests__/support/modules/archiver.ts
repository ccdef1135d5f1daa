/** In place of `archiver`, which CDKTF loads for zipped assets. The library makes none, and it takes as long to load as CDKTF. */
export default function archiver(): never {
  throw new Error("assets are not zipped in tests: see __tests__/support/modules/archiver.ts");
}
