/** A certificate authority for one test, and a server certificate of it for loopback and other names. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { must } from "./processes";

export interface Certificates {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * @param folder gets the files.
 * @param names further names that the server has. @default - none
 * @returns the paths of the files, written into the folder.
 */
export function makeCertificates(folder: string, names: readonly string[] = []): Certificates {
  const path = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => must("openssl", args, { cwd: folder });
  const key = (name: string) => openssl("genrsa", "-out", path(name), "2048");
  key("ca.key");
  openssl(
    "req",
    "-x509",
    "-new",
    "-key",
    "ca.key",
    "-days",
    "2",
    "-subj",
    "/CN=test authority",
    "-out",
    "ca.crt",
  );
  key("server.key");
  openssl("req", "-new", "-key", "server.key", "-subj", "/CN=localhost", "-out", "server.csr");
  const alternative = ["DNS:localhost", "IP:127.0.0.1", ...names.map((name) => `DNS:${name}`)];
  writeFileSync(path("san.cnf"), `subjectAltName=${alternative.join(",")}\n`);
  const signing = [
    "-CA",
    "ca.crt",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-days",
    "2",
    "-extfile",
    "san.cnf",
  ];
  openssl("x509", "-req", "-in", "server.csr", ...signing, "-out", "server.crt");
  return { ca: path("ca.crt"), certificate: path("server.crt"), key: path("server.key") };
}
