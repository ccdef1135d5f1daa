/**
 * A rotation of passwords: a Secret gets the new password after the job or the API call that sets it, and the pods restart after that.
 * When the job fails, the Secret keeps the old password, with which pods that restart still log in.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { coderAws, gitlabAws, gitpodAws } from "../../../stacks/inputs/aws";
import { coderAzure, gitlabAzure, gitpodAzure } from "../../../stacks/inputs/azure";
import { coderGoogle, gitlabGoogle, gitpodGoogle } from "../../../stacks/inputs/google";
import type { Json } from "../../support/synth";

const outdir = mkdtempSync(join(tmpdir(), "devplatforms-rotation-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

type Build = (app: App, others: Json) => TerraformStack;
const STACKS: [string, Build][] = [
  ["coder on AWS", coderAws],
  ["coder on Google Cloud", coderGoogle],
  ["coder on Azure", coderAzure],
  ["gitlab on AWS", gitlabAws],
  ["gitlab on Google Cloud", gitlabGoogle],
  ["gitlab on Azure", gitlabAzure],
  ["gitpod on AWS", gitpodAws],
  ["gitpod on Google Cloud", gitpodGoogle],
  ["gitpod on Azure", gitpodAzure],
];

/** Resources of a stack as text, by address. */
function blocks(build: Build, passwordVersion: number, more: Json = {}): Map<string, string> {
  const app = new App({ outdir, stackTraces: false });
  const { resource } = build(app, { passwordVersion, ...more }).toTerraform();
  return new Map(
    Object.entries<Json>(resource).flatMap(([type, named]) =>
      Object.entries<Json>(named).map(([name, { "//": _, ...block }]): [string, string] => [
        `${type}.${name}`,
        JSON.stringify(block),
      ]),
    ),
  );
}

function before(all: Map<string, string>, address: string, seen = new Set<string>()): Set<string> {
  for (const other of (all.get(address) ?? "").match(/\b[a-z0-9_]+\.[A-Za-z0-9_-]+/g) ?? []) {
    if (all.has(other) && !seen.has(other)) before(all, other, seen.add(other));
  }
  return seen;
}

const generated = (block: string) => new Set(block.match(/ephemeral\.[a-z0-9_]+\.[A-Za-z0-9_-]+/g) ?? []);

const ALTERNATING = STACKS.filter(([name]) => !name.endsWith("Google Cloud"));

test.each(ALTERNATING)(
  "%s: with users that alternate the first version is that of one user, and the user in use keeps its password",
  (_, build) => {
    expect(blocks(build, 1, { alternatingUsersSince: 1 })).toEqual(blocks(build, 1));
    const since = { alternatingUsersSince: 1 };
    const [second, third] = [blocks(build, 2, since), blocks(build, 3, since)];
    const changed = [...third.keys()]
      .filter((each) => /^(aws_secretsmanager_secret_version|azurerm_key_vault_secret)\./.test(each))
      .filter((each) => second.get(each) !== third.get(each));
    // Those of owners and administrators, and no clone's.
    expect(changed.length).toBeGreaterThan(1);
    expect(changed.filter((each) => each.includes("_clone"))).toEqual([]);
    expect([...third.keys()].filter((each) => each.includes("_clone")).length).toBeGreaterThan(1);
  },
);

test.each([
  ...STACKS.map(([name, build]): [string, Build, Json] => [name, build, {}]),
  ...ALTERNATING.map(([name, build]): [string, Build, Json] => [
    `${name}, users that alternate`,
    build,
    { alternatingUsersSince: 1 },
  ]),
])("%s", (_, build, more) => {
  const [first, second] = [2, 3].map((version) => blocks(build, version, more)) as [
    Map<string, string>,
    Map<string, string>,
  ];
  const written = [...second.keys()].filter((address) => first.get(address) !== second.get(address));
  // Secrets and jobs may take the version from the generated secret, which only Terraform knows.
  const changed = [...second.keys()].filter((address) =>
    [address, ...before(second, address)].some((each) => written.includes(each)),
  );
  const secrets = changed.filter((each) => each.startsWith("kubernetes_secret_v1."));
  // The set-up jobs, each with its Secret in the jobs' namespace, and users that a cloud's API creates.
  const setters = changed.filter(
    (each) =>
      each.startsWith("google_sql_user.") ||
      (each.startsWith("kubernetes_job_v1.") &&
        /-database-setup\b|DatabaseSetupJobs|ObjectsJobs/.test(second.get(each) as string)),
  );
  const passwordsOf = (setter: string) =>
    generated(setter.startsWith("google") ? (second.get(setter) as string) : secretOf(setter));
  const secretOf = (job: string) =>
    secrets
      .filter((each) => before(second, job).has(each))
      .map((each) => second.get(each))
      .join();
  const ofJobs = new Set(
    setters.flatMap((setter) => secrets.filter((each) => before(second, setter).has(each))),
  );
  const set = new Set(setters.flatMap((setter) => [...passwordsOf(setter)]));
  const ofPods = secrets.filter(
    (each) =>
      !ofJobs.has(each) && [...generated(second.get(each) as string)].some((password) => set.has(password)),
  );
  const installers = changed.filter((each) => /^(helm_release\.|kubernetes_job_v1\.gitpod_)/.test(each));

  expect(setters.length).toBeGreaterThan(0);
  expect(ofPods.length).toBeGreaterThan(0);
  expect(installers.length).toBeGreaterThan(0);
  expect(written.length).toBeGreaterThan(0);
  const late = before(second, installers.at(-1) as string);
  for (const secret of ofPods) {
    const passwords = generated(second.get(secret) as string);
    const setting = setters.filter((setter) => [...passwordsOf(setter)].some((each) => passwords.has(each)));
    expect([secret, setting]).not.toEqual([secret, []]);
    for (const setter of setting) expect([...before(second, secret)]).toContain(setter);
    // A dump reads its Secret when it starts: nothing restarts for it.
    if (!/\.protection_dumps-/.test(secret)) expect([...late]).toContain(secret);
  }
});
