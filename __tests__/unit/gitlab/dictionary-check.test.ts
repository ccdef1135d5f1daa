import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TerraformStack } from "cdktf";
import { checkDictionary, type DatabaseTopology, type DictionaryCheckOptions } from "../../../lib/gitlab";
import { synthesize } from "../../support/synth";
import { ciOn, mainOn, serverIn, topologyIn } from "./model-fixtures";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dictionary-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
/** An entry with the fields that GitLab's own have. */
const table = (name: string, schema: string, more = "") =>
  write(
    `${name}.yml`,
    `---\ntable_name: ${name}\nclasses:\n- Model\nfeature_categories:\n- database\ndescription: A table\nmilestone: '16.0'\ngitlab_schema: ${schema}\n${more}`,
  );
const topology = (split: boolean): DatabaseTopology => {
  let made: DatabaseTopology | undefined;
  synthesize((stack: TerraformStack) => {
    const server = serverIn(stack);
    const ci = split ? { ci: ciOn(server), allowSeparateCiDatabase: true } : {};
    made = topologyIn(stack, { main: mainOn(server), ...ci });
  });
  return made as DatabaseTopology;
};
const check = (split: boolean, options?: DictionaryCheckOptions) =>
  checkDictionary(folder, topology(split), options);

test("a matching dictionary has no problems; views are read, deleted tables are not", () => {
  table("projects", "gitlab_main_org", "sharding_key:\n  organization_id: organizations\n");
  table("p_ci_builds", "gitlab_ci");
  write("views/postgres_indexes.yml", "view_name: postgres_indexes\ngitlab_schema: gitlab_shared\n");
  write("deleted_tables/old.yml", "not: a table\n");
  write("README.md", "# Tables");
  const report = check(true);
  expect(report).toEqual({
    tables: { projects: "gitlab_main_org", p_ci_builds: "gitlab_ci", postgres_indexes: "gitlab_shared" },
    foreignKeys: 0,
    problems: [],
    warnings: [],
    text: "no problems\n",
  });
});

test("all problems are reported at once", () => {
  table("projects", "gitlab_main");
  table("geo_nodes_local", "gitlab_geo");
  table("strange", "gitlab_stange");
  write("broken.yml", "table_name: [unclosed\n");
  write("list.yml", "- a\n");
  write("empty.yml", "");
  write("nameless.yml", "gitlab_schema: gitlab_main\n");
  write("schemaless.yml", "table_name: schemaless\ngitlab_schema:\n");
  write("projects_again.yml", "table_name: projects\ngitlab_schema: gitlab_ci\n");
  const { problems, text } = check(true);
  expect(problems.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
    "broken-file broken.yml",
    "broken-file empty.yml",
    "broken-file list.yml",
    "broken-file nameless.yml",
    "duplicate-table projects",
    "broken-file schemaless.yml",
    "no-place geo_nodes_local",
    "unknown-schema strange",
  ]);
  expect(text).toContain(
    "error no-place: geo_nodes_local: gitlab_schema gitlab_geo belongs to geo, which the topology does not have\n",
  );
  expect(text).toContain('gitlab_schema must be one of GitLab 18.5 (got "gitlab_stange")');
  expect(text).toContain("error broken-file: nameless.yml: must have table_name or view_name");
});

describe("foreign keys", () => {
  const structure = `
CREATE TABLE projects (id bigint NOT NULL);

ALTER TABLE ONLY projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (id);

ALTER TABLE ONLY issues
    ADD CONSTRAINT fk_issues FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE;

ALTER TABLE p_ci_builds
    ADD CONSTRAINT fk_builds_p FOREIGN KEY (project_id, partition_id) REFERENCES projects(id, partition_id) ON UPDATE CASCADE;

ALTER TABLE ONLY "public"."ci_stages"
    ADD CONSTRAINT fk_lost FOREIGN KEY (x) REFERENCES nowhere(id);
`;
  beforeEach(() => {
    table("projects", "gitlab_main_org");
    table("issues", "gitlab_main");
    table("p_ci_builds", "gitlab_ci");
    table("ci_stages", "gitlab_ci");
    write("structure.sql", structure);
  });
  const options = () => ({ structureFile: join(folder, "structure.sql") });

  test("a foreign key across two physical databases is a problem", () => {
    const report = check(true, options());
    expect(report.foreignKeys).toBe(3);
    expect(report.problems).toEqual([
      {
        kind: "crossing-foreign-key",
        subject: "p_ci_builds -> projects (fk_builds_p)",
        message: "gitlab_ci and gitlab_main_org are in different physical databases; use a loose foreign key",
      },
      {
        kind: "unknown-table",
        subject: "public.ci_stages -> nowhere (fk_lost)",
        message: "the dictionary has no entry for nowhere",
      },
    ]);
    expect(report.warnings).toEqual([]);
  });

  test("in one database it is a warning, since GitLab forbids it", () => {
    const report = check(false, options());
    expect(report.problems.map(({ kind }) => kind)).toEqual(["unknown-table"]);
    expect(report.warnings.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      "forbidden-foreign-key p_ci_builds -> projects (fk_builds_p)",
    ]);
    expect(report.text).toContain("warning forbidden-foreign-key");
  });

  test("as a list, with shared tables", () => {
    table("deleted_records", "gitlab_shared");
    const crossing = (from: string, to: string) =>
      check(true, { foreignKeys: [{ table: from, references: to }] }).problems.map(({ subject }) => subject);
    // From a table of one database to one that is in all: each row finds its own.
    expect(crossing("p_ci_builds", "deleted_records")).toEqual([]);
    // The other way round the target is missing in one of them.
    expect(crossing("deleted_records", "p_ci_builds")).toEqual(["deleted_records -> p_ci_builds"]);
  });
});

test("a missing directory or structure file", () => {
  expect(() => checkDictionary(join(folder, "nowhere"), topology(false))).toThrow("ENOENT");
  expect(() => check(false, { structureFile: join(folder, "nowhere.sql") })).toThrow("ENOENT");
});
