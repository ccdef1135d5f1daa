import { X509Certificate } from "node:crypto";
import { ref, TerraformOutput, Token } from "cdktf";
import { RdsCertificateAuthority, rdsRegions, rdsRootCertificate } from "../../../lib/aws";
import { synthesize } from "../../support/synth";
import { server } from "./fixture";

const { RSA2048_G1, RSA4096_G1, ECC384_G1 } = RdsCertificateAuthority;

test.each([
  [RSA2048_G1, "RSA2048 G1", "rsa"],
  [RSA4096_G1, "RSA4096 G1", "rsa"],
  [ECC384_G1, "ECC384 G1", "ec"],
])("each region has a root certificate of the CA $identifier", (authority, name, type) => {
  expect(rdsRegions()).toContain("eu-central-1");
  expect(rdsRegions().length).toBeGreaterThanOrEqual(27);
  for (const region of rdsRegions()) {
    const pem = rdsRootCertificate(region, authority) as string;
    const certificate = new X509Certificate(pem);
    expect(certificate.subject).toContain(`CN=Amazon RDS ${region} Root CA ${name}`);
    expect(certificate.ca && certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyType).toBe(type);
    expect(new Date(certificate.validTo).getUTCFullYear()).toBeGreaterThan(2060);
    // Go's and OpenSSL's readers want the line break at the end of a file of several.
    expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----\n[\s\S]+\n-----END CERTIFICATE-----\n$/);
  }
});

test("has no root certificate of beta, preview and unpublished regions", () => {
  for (const region of [
    "il-central-1",
    "us-gov-west-1",
    "cn-north-1",
    "Beta us-east-1",
    "Preview us-east-2",
  ]) {
    expect(rdsRootCertificate(region, RSA2048_G1)).toBeUndefined();
  }
});

describe("a region that is known to Terraform only", () => {
  const out = synthesize((stack) => {
    const one = server(stack, { region: Token.asString(ref("var.region")) });
    for (const id of ["a", "b"]) new TerraformOutput(stack, id, { value: one.tls.caCertificatesPem });
  });

  test("is looked up by Terraform in one map of the stack", () => {
    expect(Object.keys(out.json.locals)).toEqual(["RdsRoots-rds-ca-rsa2048-g1"]);
    const [map] = Object.values<object>(out.json.locals);
    expect(Object.keys(map as object)).toEqual(rdsRegions());
    expect(out.json.output.a.value).toBe("${lookup(local.RdsRoots-rds-ca-rsa2048-g1, var.region)}");
  });

  test("is checked by one precondition", () => {
    const { precondition } = out.resource("aws_db_instance").lifecycle;
    const about = precondition.filter((p: { error_message: string }) =>
      p.error_message.includes("root certificate"),
    );
    expect(about).toHaveLength(1);
  });

  test("reading the certificates does not change the stack", () => {
    const build = (read: boolean) =>
      synthesize((stack) => {
        const made = server(stack, { region: Token.asString(ref("var.region")) });
        if (read) expect(made.tls.caCertificatesPem).toBeDefined();
      }).json;
    expect(build(true)).toEqual(build(false));
  });

  test("needs no map if the certificates are given", () => {
    const caCertificatesPem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const given = synthesize((stack) => {
      server(stack, { region: Token.asString(ref("var.region")), caCertificatesPem });
    });
    expect(given.json.locals).toBeUndefined();
  });
});
