/** The default versions are exact, and the doc comments and pages that name them say the same. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GitlabVersion } from "../../../lib/gitlab";
import { CODER_CHART_VERSION, GITLAB_CHART_VERSION } from "../../../stacks/data/default-versions";
import { repository } from "../../../tools/machine/repository";

const text = (file: string) => readFileSync(join(repository, file), "utf8");
const gitlab = `${GitlabVersion.ofChart(GITLAB_CHART_VERSION).version}`;

test.each([
  ["stacks/coder-stack.ts", `@default "${CODER_CHART_VERSION}"`],
  ["stacks/gitlab-stack.ts", `@default "${GITLAB_CHART_VERSION}", which is GitLab ${gitlab}`],
  ["docs/gitlab-aws.md", `chart ${GITLAB_CHART_VERSION} (GitLab ${gitlab})`],
  ["docs/proof.md", `(GitLab ${GITLAB_CHART_VERSION}, Coder ${CODER_CHART_VERSION})`],
])("%s names the default", (file, words) => {
  expect(text(file)).toContain(words);
});

test.each([CODER_CHART_VERSION, GITLAB_CHART_VERSION])("%s is an exact version", (version) => {
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
