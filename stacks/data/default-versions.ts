// Default versions of the charts that the stacks install: an exact patch of the newest line that the vendor maintains, never a range.
//
// Sources, read 2026-11:
// - GitLab: "GitLab Critical Patch Release: 19.4.1, 19.3.3, 19.2.7" of 2026-09-23 (docs.gitlab.com/releases/patches), the newest patch
//   that was found. GitLab maintains a release and the two before it. From 18.7 to 19.1.7, 19.2.5 and 19.3.1 a client without an
//   account can read files of the server (CVE-2026-85706), so the lines 9 and 10.0 of the chart are no defaults. That chart 10.4.1
//   installs 19.4.1 is the `appVersion` in a published copy of it.
// - Coder: coder.com/docs/install/releases (the stable release is the one before mainline). 2.36.6 was GitHub's "latest", which Coder
//   gives its stable release, while mainline was 2.37.2.
// Which charts were rendered and installed is in docs/proof.md.

/** Chart of Coder: its stable release. */
export const CODER_CHART_VERSION = "2.36.6";

/** Chart of GitLab, which installs GitLab 19.4. */
export const GITLAB_CHART_VERSION = "10.4.1";
