import { SslMode, strictestSslMode } from "../../../lib/database";

test.each([
  [{ enforced: true, hostnameVerifiable: true }, SslMode.VERIFY_FULL],
  [{ enforced: false, hostnameVerifiable: true }, SslMode.VERIFY_FULL],
  // The certificate names another host than the one connected to: the authority can still be checked.
  [{ enforced: true, hostnameVerifiable: false }, SslMode.VERIFY_CA],
])("%p allows %s", (trust, mode) => {
  expect(strictestSslMode(trust)).toBe(mode);
});
