import { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import {
  Cloud,
  DatabaseEngine,
  DatabaseServer,
  type DatabaseServerAttributes,
  DatabaseService,
  MysqlVersion,
  PostgresVersion,
} from "../../../lib/database";
import {
  checkEngineSupport,
  engineRelease,
  SynthChecks,
  supportedMajors,
  TODAY_CONTEXT,
} from "../../../lib/database/private";
import { engineSupportOf } from "../../support/cloud-facts";
import { problemsOf, synthesize } from "../../support/synth";

const postgres = (version: string) => DatabaseEngine.postgres(PostgresVersion.of(version));
const mysql = (version: string) => DatabaseEngine.mysql(MysqlVersion.of(version));

interface Asked {
  readonly engine: DatabaseEngine;
  readonly cloud: Cloud;
  readonly on: string;
  readonly accept?: string;
}

const building =
  ({ engine, cloud, accept }: Asked) =>
  (scope: Construct) =>
    checkEngineSupport(scope, new SynthChecks(scope, ""), engine, engineSupportOf(cloud), accept);
const context = ({ on }: Asked) => ({ context: { [TODAY_CONTEXT]: on } });
const problems = (asked: Asked) => problemsOf(building(asked), context(asked));
const notes = (asked: Asked) => {
  const { warnings, infos } = synthesize(building(asked), context(asked));
  return { warnings: warnings.map((n) => n.message), infos: infos.map((n) => n.message) };
};
const CLOUDS = [Cloud.AWS, Cloud.GOOGLE, Cloud.AZURE, Cloud.SELF_MANAGED];
const quiet = { warnings: [], infos: [] };

describe("around the end of standard support (PostgreSQL 16 on AWS: 2029-02-28)", () => {
  const asked = (on: string) => ({ engine: postgres("16"), cloud: Cloud.AWS, on });

  test("181 days before: nothing", () => {
    expect(notes(asked("2028-08-31"))).toEqual(quiet);
  });

  test("180 days before: a warning with the date", () => {
    expect(notes(asked("2028-09-01"))).toEqual({
      warnings: ["engine: standard support of PostgreSQL 16 on RDS ends on 2029-02-28; plan the upgrade"],
      infos: [],
    });
  });

  test("until the last day: the same warning, so that snapshots and reviews do not change with the day", () => {
    expect(notes(asked("2029-02-28"))).toEqual(notes(asked("2028-09-01")));
  });

  test("the day after: an error that names both ways out", () => {
    expect(problems(asked("2029-03-01"))).toEqual([
      'engine must be in standard support: on RDS it ended on 2029-02-28 (got "PostgreSQL 16"); choose a later major version, ' +
        'or accept the charges for extended support (until 2032-02-29) with acceptExtendedSupport: "16"',
    ]);
  });

  test("the machine's clock at noon of the last day: still a warning", () => {
    jest.useFakeTimers().setSystemTime(new Date("2029-02-28T12:00:00Z"));
    try {
      const { warnings } = synthesize(building(asked("")), { context: { [TODAY_CONTEXT]: undefined } });
      expect(warnings[0]?.message).toMatch("ends on 2029-02-28");
    } finally {
      jest.useRealTimers();
    }
  });
});

describe("past standard support", () => {
  test("accepted by name: an opt-out for the review", () => {
    const asked = { engine: mysql("5.7"), cloud: Cloud.AWS, on: "2026-11-22", accept: "5.7" };
    expect(notes(asked)).toEqual({
      warnings: [],
      infos: [
        "opt-out: acceptExtendedSupport: MySQL 5.7 is past standard support, which on RDS ended on 2024-02-29; " +
          "extended support is charged until 2029-06-30",
      ],
    });
  });

  test("accepted on the last day of extended support, an error the day after, accepted or not", () => {
    const asked = { engine: mysql("8.0"), cloud: Cloud.GOOGLE, accept: "8.0" };
    expect(problems({ ...asked, on: "2029-07-01" })).toEqual([]);
    const over = [
      'engine must be a supported version: support on Cloud SQL ended on 2029-07-01 (got "MySQL 8.0"); choose a later major version',
    ];
    expect(problems({ ...asked, on: "2029-07-02" })).toEqual(over);
    expect(problems({ ...asked, on: "2029-07-02", accept: undefined })).toEqual(over);
  });

  test("where no extended support is sold, going on has to be said by name", () => {
    const azure = { engine: postgres("13"), cloud: Cloud.AZURE, on: "2026-11-22" };
    expect(problems(azure)).toEqual([
      'engine must be in standard support: on Azure it ended on 2026-07-31 (got "PostgreSQL 13"); choose a later major version, ' +
        'or continue without support with acceptExtendedSupport: "13"',
    ]);
    expect(notes({ ...azure, accept: "13" }).infos).toEqual([
      "opt-out: acceptExtendedSupport: PostgreSQL 13 is past standard support, which on Azure ended on 2026-07-31; there is no extended support",
    ]);
    const own = { engine: postgres("13"), cloud: Cloud.SELF_MANAGED, on: "2026-11-22" };
    expect(problems(own)[0]).toMatch("must be in standard support: in the community it ended on 2025-11-13");
    expect(problems({ ...own, accept: "13" })).toEqual([]);
  });

  test("a full version is judged by its major, which is what has to be named", () => {
    const asked = { engine: mysql("8.0.42"), cloud: Cloud.AWS, on: "2026-11-22" };
    expect(problems(asked)[0]).toMatch('acceptExtendedSupport: "8.0"');
    expect(problems({ ...asked, accept: "8.0" })).toEqual([]);
    expect(problems({ ...asked, accept: "8.0.42" })).toEqual([
      'acceptExtendedSupport must be the engine\'s major version, "8.0" (got "8.0.42"); leave it out if the version is in standard support',
      expect.stringMatching("standard support: on RDS it ended"),
    ]);
  });
});

describe("acceptExtendedSupport in standard support", () => {
  const asked = { engine: postgres("17"), cloud: Cloud.AWS, on: "2026-11-22" };

  test("the right name is no mistake and no opt-out yet", () => {
    expect(notes({ ...asked, accept: "17" })).toEqual(quiet);
  });

  test("another version's name is one that was forgotten at an upgrade", () => {
    expect(problems({ ...asked, accept: "13" })).toEqual([
      'acceptExtendedSupport must be the engine\'s major version, "17" (got "13"); leave it out if the version is in standard support',
    ]);
  });
});

describe("versions the library does not know", () => {
  const at = { cloud: Cloud.AWS, on: "2026-11-22" };

  test.each([
    [postgres("12.22"), "PostgreSQL 12.22"],
    [postgres("99"), "PostgreSQL 99"],
    [postgres(""), "PostgreSQL "],
    [mysql("8"), "MySQL 8"],
    [mysql("9.1"), "MySQL 9.1"],
  ])("%p", (engine, label) => {
    const majors = supportedMajors(engine, engineSupportOf(Cloud.AWS)).join(", ");
    expect(problems({ ...at, engine })).toEqual([
      `engine must have one of the major versions ${majors} (got "${label}")`,
    ]);
  });

  test.each(["17.", "17.x", "17.5 ", "17.5-beta", "17;"])("%p is not a version", (version) => {
    expect(problems({ ...at, engine: postgres(version) })).not.toEqual([]);
  });

  test.each(["17", "17.5", "13.23-rds.20260701"])("%p is a version", (version) => {
    expect(problems({ ...at, engine: postgres(version), accept: version.split(".")[0] })).toEqual([]);
  });

  test("one that only Terraform knows is refused, since family and limits follow from it", () => {
    expect(
      problemsOf((stack) => {
        const version = new TerraformVariable(stack, "version", { type: "string" }).stringValue;
        checkEngineSupport(stack, new SynthChecks(stack, ""), postgres(version), engineSupportOf(Cloud.AWS));
      }),
    ).toEqual(["engine must have a version that is known at synth (got not known at synth)"]);
  });
});

describe("the dates", () => {
  test("are dates, and extended support ends after standard support", () => {
    const dates = CLOUDS.flatMap((cloud) => engineSupportOf(cloud).releases);
    expect(dates.length).toBeGreaterThan(30);
    for (const { standardEnd, extendedEnd } of dates) {
      for (const date of [standardEnd, extendedEnd]) {
        if (date) expect(new Date(`${date}T00:00:00Z`).toISOString()).toMatch(date);
      }
      if (extendedEnd) expect(extendedEnd > (standardEnd ?? "9")).toBe(true);
    }
  });

  // The verdict on every release and cloud on one day, against the facts as read.
  const verdicts = [
    ["5.7", "extended", "extended", "extended", "over"],
    ["8.0", "extended", "extended", "warning", "over"],
    ["8.4", "fine", "fine", "fine", "fine"],
    ["13", "extended", "extended", "over", "over"],
    ["14", "warning", "warning", "over", "over"],
    ["15", "fine", "fine", "fine", "fine"],
    ["16", "fine", "fine", "fine", "fine"],
    ["17", "fine", "fine", "fine", "fine"],
    ["18", "fine", "fine", "fine", "fine"],
  ] as const;
  test.each(verdicts)("on 2026-11-22 %s is: aws %s, google %s, azure %s, own %s", (version, ...expected) => {
    const engine = version.includes(".") ? mysql(version) : postgres(version);
    const verdict = (cloud: Cloud) => {
      const asked = { engine, cloud, on: "2026-11-22" };
      const [problem] = problems(asked);
      if (problem?.includes("must have one of the major versions")) return "unknown";
      if (problem) return problem.includes("the charges for") ? "extended" : "over";
      return notes(asked).warnings.length > 0 ? "warning" : "fine";
    };
    expect([Cloud.AWS, Cloud.GOOGLE, Cloud.AZURE, Cloud.SELF_MANAGED].map(verdict)).toEqual(expected);
  });

  test("every release has a constant and a verdict", () => {
    const constants = [...Object.values(PostgresVersion), ...Object.values(MysqlVersion)] as {
      readonly version: string;
    }[];
    const releases = new Set(CLOUDS.flatMap((cloud) => engineSupportOf(cloud).releases.map((r) => r.major)));
    expect(constants.map(({ version }) => version).sort()).toEqual([...releases].sort());
    expect(verdicts.map(([version]) => version).sort()).toEqual([...releases].sort());
  });

  test("can be asked for", () => {
    expect(engineRelease(postgres("17"), engineSupportOf(Cloud.AWS))).toMatchObject({
      standardEnd: "2030-02-28",
      extendedEnd: "2033-02-28",
    });
    expect(engineRelease(mysql("8.4"), engineSupportOf(Cloud.GOOGLE))).toEqual({
      family: "mysql",
      major: "8.4",
    });
    expect(engineRelease(mysql("5.6"), engineSupportOf(Cloud.AWS))).toBeUndefined();
    expect(supportedMajors(mysql("8.4"), engineSupportOf(Cloud.AWS))).toEqual(["5.7", "8.0", "8.4"]);
  });
});

describe("a server that DatabaseServer.fromServerAttributes describes", () => {
  const described = (cloud: Cloud, attributes: Partial<DatabaseServerAttributes> = {}) =>
    problemsOf(
      (scope) =>
        DatabaseServer.fromServerAttributes(scope, "server", {
          engine: postgres("13"),
          host: "db.example.com",
          location: { cloud },
          ...attributes,
        }),
      { context: { [TODAY_CONTEXT]: "2030-01-01" } },
    );

  test.each(CLOUDS)("is judged by the support dates of its cloud: %s", (cloud) => {
    const { provider } = engineSupportOf(cloud);
    expect(described(cloud)).toEqual([
      expect.stringMatching(new RegExp(`DB-ENGINE: engine must be .*${provider} (it )?ended on`)),
    ]);
    expect(described(cloud, { engine: postgres("18") })).toEqual([]);
  });

  test("is not judged on a cloud whose dates are not loaded, nor on a service with other dates", () => {
    expect(described(Cloud.of("hetzner"))).toEqual([]);
    expect(described(Cloud.AWS, { service: DatabaseService.AURORA })).toEqual([]);
    expect(described(Cloud.AWS, { service: DatabaseService.RDS_CLUSTER })).toHaveLength(1);
  });
});
