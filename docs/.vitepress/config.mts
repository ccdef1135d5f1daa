// The site of the documentation: the pages of docs/ and the API reference that TypeDoc adds below /reference/.
import { withMermaid } from "vitepress-plugin-mermaid";

const REPOSITORY = "https://github.com/cdktf-devplatforms/cdktf-devplatforms";

const page = (text: string, link: string) => ({ text, link });

export default withMermaid({
  // Labels as SVG text: the page's own line height would cut off HTML labels.
  mermaid: { htmlLabels: false, flowchart: { htmlLabels: false } },
  title: "cdktf-devplatforms",
  description:
    "Coder, Gitpod and GitLab on a managed PostgreSQL or MySQL: CDKTF constructs for AWS, Google Cloud and Azure",
  lastUpdated: false,
  themeConfig: {
    search: { provider: "local" },
    nav: [
      page("Guide", "/getting-started"),
      { text: "API reference", link: "/reference/index.html", target: "_self" },
    ],
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    outline: [2, 3],
    sidebar: [
      {
        text: "Start",
        items: [
          page("Getting started", "/getting-started"),
          page("Conformance of the clouds", "/conformance"),
          page("Review a plan", "/reviewing"),
          page("Reviewers compared", "/review-comparison"),
          page("Test your stack", "/testing"),
          page("After the first apply", "/day-2"),
          page("Adopt what exists", "/adopt"),
          page("Change a running server", "/changing-servers"),
          page("Major version upgrades", "/major-upgrades"),
          page("Rotation", "/rotation"),
          page("Recovery", "/recovery"),
          page("Opt-outs", "/opt-outs"),
          page("How it is proved", "/proof"),
        ],
      },
      {
        text: "Coder",
        items: [
          page("On AWS", "/coder-aws"),
          page("On Google Cloud", "/coder-google"),
          page("On Azure", "/coder-azure"),
        ],
      },
      {
        text: "Gitpod",
        items: [
          page("Constructs", "/gitpod"),
          page("On AWS", "/gitpod-aws"),
          page("On Google Cloud", "/gitpod-google"),
          page("On Azure", "/gitpod-azure"),
          page("The documented architecture of 2022", "/gitpod-documented-2022"),
        ],
      },
      {
        text: "GitLab",
        items: [
          page("Constructs", "/gitlab"),
          page("Helm chart", "/gitlab-chart"),
          page("Linux package", "/gitlab-linux-package"),
          page("On AWS", "/gitlab-aws"),
          page("On Google Cloud", "/gitlab-google"),
          page("On Azure", "/gitlab-azure"),
        ],
      },
      {
        text: "Databases",
        items: [
          page("Database objects and migrations", "/database-objects"),
          page("Connection pooling", "/pooling"),
          page("Changing a server of RDS", "/changing-rds"),
          page("Monitoring", "/monitoring"),
        ],
      },
    ],
  },
  markdown: {
    config: (md) => {
      // Links to sources leave the site: the pages are read in the repository, too.
      const normal =
        md.renderer.rules.link_open ??
        ((tokens, i, options, _env, self) => self.renderToken(tokens, i, options));
      md.renderer.rules.link_open = (tokens, i, options, env, self) => {
        const href = tokens[i]?.attrGet("href");
        if (href?.startsWith("../")) tokens[i]?.attrSet("href", `${REPOSITORY}/blob/main/${href.slice(3)}`);
        return normal(tokens, i, options, env, self);
      };
    },
  },
  // The links above, before they are rewritten.
  ignoreDeadLinks: [/^\.\/\.\.\//, /^\.\.\//],
});
