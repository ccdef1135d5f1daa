// Image with Helm 3 for the installer's job. Helm publishes no image; alpine/helm is the one from which Gitpod's installer image
// copies Helm (gitpod-io/gitpod, install/installer/leeway.Dockerfile). Read 2026-11; no list of newer tags could be read.

/** Default image with Helm. */
export const HELM_IMAGE = "docker.io/alpine/helm:3.18.4";
