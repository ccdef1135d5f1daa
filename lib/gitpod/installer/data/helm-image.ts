// Image with Helm 3 for the installer's job. Helm publishes no image; alpine/helm is the one from which Gitpod's installer image
// copies Helm (gitpod-io/gitpod, install/installer/leeway.Dockerfile). Read 2026-11: 3.21.4 is the newest
// version of line 3 that a public program pins (gardener mirrors it); line 4 is not what the installer's scripts were written for.

/** Default image with Helm. */
export const HELM_IMAGE = "docker.io/alpine/helm:3.21.4";
