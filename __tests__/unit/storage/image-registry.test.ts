import { TerraformVariable } from "cdktf";
import { Cloud, SecretValue } from "../../../lib/database";
import {
  type IImageRegistry,
  ImageRegistry,
  type ImageRegistryAttributes,
  RegistryLogin,
} from "../../../lib/storage";
import { findProgram, must } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { problemsOf, synthesize } from "../../support/synth";
import { writtenStack } from "../../support/terraform/written-stack";
import { bareIdentity } from "./fixture";

const secret = SecretValue.fromEphemeral("${ephemeral.test_secret.registry.value}", { version: 3 });

describe("a registry that exists", () => {
  const registry = (props: ImageRegistryAttributes) => {
    let made: IImageRegistry | undefined;
    const { json } = synthesize((stack) => {
      made = ImageRegistry.fromRegistryAttributes(stack, "registry", props);
    });
    expect(json.resource).toBeUndefined();
    return made as IImageRegistry;
  };

  test.each<[ImageRegistryAttributes, string, string]>([
    [{ url: "registry.example.com" }, "registry.example.com", "registry.example.com"],
    [
      { url: "registry.example.com:5000/team/gitpod" },
      "registry.example.com:5000",
      "registry.example.com:5000/team/gitpod",
    ],
    [{ url: "${var.url}", server: "${var.server}" }, "${var.server}", "${var.url}"],
    [{ url: "${var.url}", server: "registry.example.com" }, "registry.example.com", "${var.url}"],
  ])("%j is found at %s", (props, server, url) => {
    expect(registry(props)).toMatchObject({ server, url, cloud: Cloud.SELF_MANAGED, dependables: [] });
  });

  test.each<[ImageRegistryAttributes, RegExp]>([
    [
      { url: "https://registry.example.com" },
      /REGISTRY-URL: url must be a host and a path in lower case.*"https:\/\/registry.example.com"/,
    ],
    [{ url: "registry.example.com/" }, /without a trailing slash/],
    [{ url: "registry.example.com/Gitpod" }, /a path in lower case/],
    [
      { url: "${var.url}" },
      /REGISTRY-SERVER: server must be set, since url is not known at synth \(got not set\)/,
    ],
    [
      { url: "a.example.com/x", server: "b.example.com" },
      /REGISTRY-SERVER: server must be the beginning of url, a.example.com\/x \(got "b.example.com"\)/,
    ],
    [
      { url: "a.example.com/x", server: "a.example" },
      /REGISTRY-SERVER: server must be the beginning of url.*"a.example"/,
    ],
  ])("refuses %j", (props, message) => {
    expect(
      problemsOf((stack) => void ImageRegistry.fromRegistryAttributes(stack, "registry", props)),
    ).toEqual([expect.stringMatching(message)]);
  });

  test("grants nothing, says so, and refuses an identity of another cloud", () => {
    const { warnings } = synthesize((stack) => {
      ImageRegistry.fromRegistryAttributes(stack, "registry", {
        url: "1.dkr.ecr.eu-west-1.amazonaws.com",
        cloud: Cloud.AWS,
      }).grantPush(bareIdentity(Cloud.AWS));
    });
    expect(warnings).toEqual([
      { path: "registry", message: expect.stringMatching(/nothing is granted; grant .*pull and push/) },
    ]);
    expect(
      problemsOf((stack) => {
        ImageRegistry.fromRegistryAttributes(stack, "registry", { url: "registry.example.com" }).grantPush(
          bareIdentity(Cloud.AWS),
        );
      }),
    ).toEqual([
      expect.stringMatching(
        /REGISTRY-GRANT-PUSH-IDENTITY-CLOUD: grantPush: identity.cloud must be self-managed \(got "aws"\)/,
      ),
    ]);
  });
});

describe("a login", () => {
  test("keeps its password to itself", () => {
    const login = RegistryLogin.of("pusher", secret);
    expect(JSON.stringify(login)).toBe('{"username":"pusher","password":"(secret, version 3)"}');
    expect(RegistryLogin.googleKey(secret).username).toBe("_json_key");
    expect(RegistryLogin.of("${var.a ? 1 : 2}", secret).username).toBe("${var.a ? 1 : 2}");
  });

  test.each(["", "a:b"])("refuses the name %j", (name) => {
    expect(() => RegistryLogin.of(name, secret)).toThrow(
      /^REGISTRY-LOGIN-USERNAME: username must have at least one character and no colon/,
    );
  });

  test("of a registry has the password's version and waits for both", () => {
    synthesize((stack) => {
      const variable = new TerraformVariable(stack, "v", {});
      const registry = ImageRegistry.fromRegistryAttributes(stack, "registry", {
        url: "r.example.com",
        dependsOn: [variable],
      });
      const { version, dependables } = RegistryLogin.of("pusher", secret).dockerConfigJson(registry);
      expect([version, dependables]).toEqual([3, [variable]]);
    });
  });
});

const terraform = () =>
  findProgram([process.env.TERRAFORM_BINARY_NAME ?? "terraform", "tofu"]) ??
  new Unavailable("there is neither terraform nor tofu on PATH");

describeWith("Docker's configuration as Terraform reads it", terraform, (program) => {
  test("has any password, and a server that only Terraform knows", () => {
    const password = 'p"a\\s:s %{x} $ ä';
    const folder = writtenStack((stack) => {
      const of = (id: string, value: string) =>
        new TerraformVariable(stack, id, { default: value }).stringValue;
      const registry = ImageRegistry.fromRegistryAttributes(stack, "registry", {
        url: `${of("server", "r.example.com:5000")}/gitpod`,
        server: "${var.server}",
      });
      const given = SecretValue.fromEphemeral(of("password", `${password}\n`), { version: 1 });
      const config = RegistryLogin.of(of("user", "pusher"), given).dockerConfigJson(registry);
      stack.addOverride("output", { result: { value: config.writeOnly() } });
    });
    const env = { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
    must(program, ["init", "-no-color"], { cwd: folder, env });
    must(program, ["apply", "-auto-approve", "-no-color"], { cwd: folder, env });
    const text = JSON.parse(must(program, ["output", "-json", "result"], { cwd: folder, env })) as string;
    expect(JSON.parse(text)).toEqual({
      auths: {
        "r.example.com:5000": {
          username: "pusher",
          password,
          auth: Buffer.from(`pusher:${password}`).toString("base64"),
        },
      },
    });
  });
});
