import { Cloud, DeletionPolicy, type IWorkloadIdentity, TerraformData } from "../../../lib/database";
import type { IImageRegistry, IObjectStore } from "../../../lib/storage";
import { type Json, problemsOf, synthesize, waitedFor } from "../../support/synth";
import { bareIdentity, identityOf } from "./fixture";
import { type Implementation, REGISTRIES, STORES } from "./implementations";

const CLOUDS = [Cloud.AWS, Cloud.GOOGLE, Cloud.AZURE];

function contract<T extends IObjectStore | IImageRegistry>(
  { build, cloud, type, secure, grant }: Implementation<T>,
  allow: (to: T, identity: IWorkloadIdentity) => void,
): void {
  const [grantType, scope] = grant;

  test("is private, encrypted and versioned with nothing said, and gives nothing up", () => {
    const { resource, infos, warnings } = synthesize((stack) => void build(stack, "objects"));
    for (const [each, attributes] of Object.entries(secure)) {
      expect({ [each]: resource(each) }).toMatchObject({ [each]: attributes });
    }
    expect([infos, warnings]).toEqual([[], []]);
  });

  test("is kept with nothing said, and goes only when told, which is noted", () => {
    const kept = synthesize((stack) => void build(stack, "objects"));
    expect(kept.resource(type).lifecycle).toMatchObject({ prevent_destroy: true });
    const { resource, infos } = synthesize((stack) => {
      build(stack, "objects", { deletionPolicy: DeletionPolicy.DELETE });
    });
    expect(resource(type).lifecycle?.prevent_destroy ?? false).toBe(false);
    expect(infos.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^opt-out: ([A-Z0-9-]+: )?deletionPolicy: /),
    ]);
  });

  test("is waited for, and says who runs it", () => {
    synthesize((stack) => {
      const made = build(stack, "objects");
      expect(made.cloud).toBe(cloud);
      expect(made.dependables.length).toBeGreaterThan(0);
    });
  });

  test("grants nobody anything unasked", () => {
    const { resources } = synthesize((stack) => {
      build(stack, "objects");
      identityOf(cloud, stack);
    });
    expect(resources(grantType)).toEqual([]);
  });

  test("grants an identity one store and not the other, once, and says what to wait for", () => {
    const { resources } = synthesize((scope) => {
      const identity = identityOf(cloud, scope);
      const made = build(scope, "objects");
      build(scope, "others");
      const waited = () => new Set([...made.dependables, ...identity.dependables]).size;
      const before = waited();
      allow(made, identity);
      allow(made, identity);
      expect(waited()).toBe(before + 1);
    });
    const granted = resources(grantType);
    expect(granted).toHaveLength(1);
    expect(granted[0][scope]).toContain("objects");
    expect(JSON.stringify(granted)).not.toContain("others");
  });

  test("a consumer waits for every grant that is added after it was constructed", () => {
    const { json } = synthesize((scope) => {
      const identities = ["one", "two"].map((id) => identityOf(cloud, scope, id));
      const made = ["objects", "others"].map((id) => build(scope, id));
      const dependsOn = [...made, ...identities].flatMap((each) => each.dependables);
      new TerraformData(scope, "consumer", { dependsOn });
      for (const each of made) for (const identity of identities) allow(each, identity);
    });
    const grants = Object.keys(json.resource[grantType]).map((name) => `${grantType}.${name}`);
    expect(grants).toHaveLength(4);
    expect([...waitedFor(json, "terraform_data.consumer")]).toEqual(expect.arrayContaining(grants));
  });

  test("grants two identities the same, each by itself, and at the same address in any order", () => {
    const granted = (...ids: string[]): Json =>
      synthesize((stack) => {
        const made = build(stack, "objects");
        for (const id of ids) allow(made, identityOf(cloud, stack, id));
      }).json.resource[grantType];
    const both = granted("one", "two");
    expect(Object.keys(both)).toHaveLength(2);
    expect(granted("two", "one")).toEqual(both);
    expect(both).toMatchObject(granted("two"));
  });

  test.each(CLOUDS.filter((each) => each !== cloud))("refuses an identity of %s", (other) => {
    expect(problemsOf((stack) => allow(build(stack, "objects"), identityOf(other, stack)))).toEqual([
      expect.stringMatching(new RegExp(`identity.cloud must be ${cloud} \\(got "${other}"\\)`)),
    ]);
  });

  test("refuses an identity of its own cloud to which nothing can be granted, and grants nothing then", () => {
    expect(problemsOf((stack) => allow(build(stack, "objects"), bareIdentity(cloud)))).toEqual([
      expect.stringMatching(
        /identity must have a principal to which roles can be granted \(got "server"\); use /,
      ),
    ]);
  });

  test("refuses a last snapshot, which there is none of", () => {
    expect(
      problemsOf((stack) => void build(stack, "objects", { deletionPolicy: DeletionPolicy.SNAPSHOT })),
    ).toEqual([
      expect.stringMatching(/deletionPolicy .*(allowed are retain and delete|must be retain or delete)/),
    ]);
  });
}

describe.each(STORES)("$label", (implementation) => {
  contract(implementation, (store, identity) => store.grantReadWrite(identity));

  test("grants the right to sign URLs of two stores once, and says what to wait for", () => {
    const { cloud, build, signing } = implementation;
    const grantsOf = (sign: boolean): Json =>
      synthesize((scope) => {
        const identity = identityOf(cloud, scope);
        const stores = ["objects", "others"].map((id) => build(scope, id));
        new TerraformData(scope, "consumer", {
          dependsOn: [...stores, identity].flatMap((each) => each.dependables),
        });
        for (const store of sign ? [...stores, ...stores] : []) store.grantSignUrls(identity);
      }).json;
    const [before, after] = [grantsOf(false), grantsOf(true)];
    const added = Object.entries(after.resource as Json).flatMap(([type, all]) =>
      Object.keys(all as Json)
        .filter((name) => !before.resource[type]?.[name])
        .map((name) => ({ address: `${type}.${name}`, ...(all as Json)[name] })),
    );
    expect(added).toEqual(signing.map((each) => expect.objectContaining(each)));
    const waited = waitedFor(after, "terraform_data.consumer");
    for (const { address } of added.slice(0, 1)) expect(waited).toContain(address);
  });

  test.each(CLOUDS.filter((each) => each !== implementation.cloud))(
    "signs no URLs for an identity of %s",
    (other) => {
      const { cloud, build, signing } = implementation;
      if (signing.length === 0) return;
      expect(problemsOf((stack) => build(stack, "objects").grantSignUrls(identityOf(other, stack)))).toEqual([
        expect.stringMatching(new RegExp(`grantSignUrls: identity.cloud must be ${cloud} `)),
      ]);
    },
  );

  test("says where clients find it", () => {
    synthesize((stack) => {
      const store = implementation.build(stack, "objects");
      for (const answer of [store.bucketName, store.region, store.endpoint]) expect(answer).toBeTruthy();
      expect(store.endpoint).not.toMatch(/^https?:|\/$/);
      expect(store.accountName !== undefined).toBe(implementation.cloud === Cloud.AZURE);
      expect(store.projectId !== undefined).toBe(implementation.cloud === Cloud.GOOGLE);
    });
  });

  test("ten of them stand side by side, none in the way of another", () => {
    const { resources } = synthesize((stack) => {
      for (let i = 0; i < 10; i++) implementation.build(stack, `store-${i}`);
    });
    expect(resources(implementation.type)).toHaveLength(10);
  });
});

describe.each(REGISTRIES)("$label", (implementation) => {
  contract(implementation, (registry, identity) => registry.grantPush(identity));

  test("says where clients log in, and what names of images begin with", () => {
    const { json } = synthesize((stack) => {
      const { server, url } = implementation.build(stack, "objects");
      stack.addOverride("output", { server: { value: server }, url: { value: url } });
    });
    const { server, url } = json.output;
    expect(url.value.startsWith(server.value)).toBe(true);
    expect(url.value).not.toMatch(/^https?:|\/$/);
  });
});
