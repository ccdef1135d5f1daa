// Default versions of the charts that the stacks install: an exact patch of the newest line that was read, never a range.
//
// Sources, read 2026-11: coder.com/docs/install/server/kubernetes (stable 2.33.6, mainline 2.35.3); CHANGELOG.md of
// gitlab-org/charts/gitlab. Line 10 of GitLab's chart is patched too, but bundles neither Redis nor object storage and was
// tried with these stacks only as far as docs/proof.md says, so the default is the last patch of line 9.

/** Chart of Coder: its stable release. */
export const CODER_CHART_VERSION = "2.33.6";

/** Chart of GitLab, which installs GitLab 18.11. */
export const GITLAB_CHART_VERSION = "9.11.10";
