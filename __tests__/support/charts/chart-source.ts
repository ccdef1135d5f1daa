/**
 * The charts that the library installs. They are in no commit: they come from their repositories where a network answers, and
 * from the folder DEVPLATFORMS_CHARTS elsewhere, as archives named by Helm: `gitlab-10.4.1.tgz`. A folder needs the versions that the
 * stacks install, unless DEVPLATFORMS_CHARTS_VERSIONS says which others are judged.
 */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compare, lte } from "semver";
import { cacheFolder, exclusively } from "../../../tools/machine/cache";
import { run } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import { NO_CHARTS } from "../../../tools/test/steps";
import { helmProgram } from "./helm";

export interface ChartFile {
  readonly chart: string;
  readonly version: string;
  /** The archive. */
  readonly path: string;
  /** Whether it is the very archive of the repository, for reports. */
  readonly from: string;
}

/** Where charts come from. */
export interface ChartSource {
  readonly helm: string;
  /**
   * @param chart name of the chart
   * @param repository its repository
   * @param version the version that a stack installs by default
   * @param line the beginning of the versions that are looked for in a folder, such as `2.`; a repository has the default one
   * @returns the archives to test, at least one
   * @throws where there is none
   */
  files(chart: string, repository: string, version: string, line: string): ChartFile[];
}

const ANSWER_VALID_MS = 10 * 60_000;
/** Asked for an answer; all charts' repositories are in the same network. */
const PROBE = "https://charts.gitlab.io/index.yaml";

/** @returns the source of charts, or why there is none. `.ci/run` allows this one skip: see tools/test/steps.ts. */
export function chartSource(environment: NodeJS.ProcessEnv = process.env): ChartSource | Unavailable {
  const helm = helmProgram();
  if (helm instanceof Unavailable) return helm;
  if (repositoryAnswers(PROBE)) return new Repositories(helm, cacheFolder("charts"));
  const folder = environment.DEVPLATFORMS_CHARTS;
  if (!folder) return new Unavailable(NO_CHARTS);
  const versions = environment.DEVPLATFORMS_CHARTS_VERSIONS ?? FolderVersions.DEFAULT;
  if (!Object.values(FolderVersions).includes(versions as FolderVersions)) {
    throw new Error(`DEVPLATFORMS_CHARTS_VERSIONS must be nearest or all, or not set (got ${versions})`);
  }
  return new Folder(helm, folder, versions as FolderVersions);
}

/** The versions of a folder that are judged. */
export enum FolderVersions {
  /** Those that the stacks install by default, and no others. */
  DEFAULT = "default",
  /** Of each chart the newest that is not later than the default, otherwise the oldest that is. */
  NEAREST = "nearest",
  /** All. */
  ALL = "all",
}

/** Charts pulled by Helm, each once. */
export class Repositories implements ChartSource {
  public constructor(
    public readonly helm: string,
    private readonly cache: string,
  ) {}

  public files(chart: string, repository: string, version: string): ChartFile[] {
    const name = `${chart}-${version}.tgz`;
    // Two repositories may have a chart of the same name.
    const path = join(this.cache, `${repository.replace(/\W+/g, "-")}-${name}`);
    exclusively("charts", () => {
      if (existsSync(path)) return;
      const folder = mkdtempSync(join(tmpdir(), "devplatforms-pull-"));
      try {
        const done = run(this.helm, [
          "pull",
          chart,
          "--repo",
          repository,
          "--version",
          version,
          "-d",
          folder,
        ]);
        if (done.code !== 0) throw new Error(`helm pull ${name} of ${repository}: ${done.stderr.trim()}`);
        // By way of a file beside it: the temporary folder may be on another file system.
        writeFileSync(`${path}.part`, readFileSync(join(folder, readdirSync(folder)[0] as string)));
        renameSync(`${path}.part`, path);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
    return [{ chart, version, path, from: repository }];
  }
}

/** Charts in a folder. */
export class Folder implements ChartSource {
  public constructor(
    public readonly helm: string,
    private readonly folder: string,
    private readonly versions = FolderVersions.DEFAULT,
  ) {}

  public files(chart: string, _repository: string, version: string, line: string): ChartFile[] {
    const found = this.all(chart, line);
    const exact = found.filter((each) => each.version === version);
    if (this.versions === FolderVersions.ALL && found.length > 0) return found;
    if (exact.length > 0) return exact;
    const nearest = found.filter((each) => lte(each.version, version)).at(-1) ?? found[0];
    if (nearest && this.versions === FolderVersions.NEAREST) return [nearest];
    throw new Error(
      `DEVPLATFORMS_CHARTS has no ${chart}-${version}.tgz: put the archive there that Helm packs or pulls${
        nearest ? `, or set DEVPLATFORMS_CHARTS_VERSIONS to nearest (${nearest.version}) or all` : ""
      }`,
    );
  }

  /** Oldest first. */
  private all(chart: string, line: string): ChartFile[] {
    const found = readdirSync(this.folder).flatMap((name) => {
      const version = new RegExp(`^${chart}-(\\d+\\.\\d+\\.\\d+)\\.tgz$`).exec(name)?.[1];
      return version?.startsWith(line)
        ? [{ chart, version, path: join(this.folder, name), from: this.folder }]
        : [];
    });
    return found.sort((a, b) => compare(a.version, b.version));
  }
}

/** Asked once in ten minutes: test files are processes of their own. */
function repositoryAnswers(url: string): boolean {
  const known = join(cacheFolder(), "charts-answer");
  return exclusively("charts-answer", () => {
    if (existsSync(known) && Date.now() - statSync(known).mtimeMs < ANSWER_VALID_MS) {
      return readFileSync(known, "utf8") === "yes";
    }
    const program = `fetch(${JSON.stringify(url)}, { method: "HEAD", signal: AbortSignal.timeout(5000) }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
    const answers = run(process.execPath, ["-e", program]).code === 0;
    writeFileSync(known, answers ? "yes" : "no");
    return answers;
  });
}
