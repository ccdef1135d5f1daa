// Script of the last container of the installer job. Like Gitpod's kots-install.sh (2022.11.3), it applies the rendered objects as a
// Helm release, waits for it, and rolls it back on failure. Helm also removes objects that a new version no longer has, which
// `kubectl apply` would keep.
//
// The objects are files of the chart, which one template outputs unchanged. Gitpod's script escapes braces line by line instead,
// which fails for a line with braces and a backtick.

/** Paths that the containers of the installer job share. */
export interface InstallerMounts {
  /** Configuration. */
  readonly config: string;
  /** Rendered objects, one file each. */
  readonly objects: string;
  /** Directory of the Helm chart. */
  readonly work: string;
}

/** Paths. */
export const INSTALLER_MOUNTS: InstallerMounts = {
  config: "/config",
  objects: "/objects",
  work: "/work",
};

const TEMPLATE =
  '{{ range $path, $bytes := .Files.Glob "objects/*" }}{{ printf "---\\n%s\\n" $bytes }}{{ end }}';

/** POSIX shell script that requires Helm 3 and busybox. It reads RELEASE, NAMESPACE, VERSION, TIMEOUT and CERTIFICATE. */
export function applyScript(mounts: InstallerMounts): string {
  return `set -eu
chart=${mounts.work}/chart
rm -rf "$chart"
mkdir -p "$chart/templates" "$chart/objects"
printf 'apiVersion: v2\\nname: gitpod\\ndescription: Gitpod %s as its installer rendered it\\nversion: 1.0.0\\nappVersion: "%s"\\n' "$VERSION" "$VERSION" > "$chart/Chart.yaml"
printf '%s\\n' '${TEMPLATE}' > "$chart/templates/gitpod.yaml"
cp ${mounts.objects}/*.yaml "$chart/objects/"
if [ -n "$CERTIFICATE" ]; then printf '%s\\n' "$CERTIFICATE" > "$chart/objects/certificate.yaml"; fi
echo "objects: $(ls "$chart/objects" | wc -l)"

# A job that was stopped half-way leaves a release that Helm refuses to touch.
state=$(helm list --namespace "$NAMESPACE" --filter "^$RELEASE\\$" --pending --output json | sed -n 's/.*"status":"\\([a-z-]*\\)".*/\\1/p')
case "$state" in
  pending-install)
    echo "an installation was stopped half-way: it is taken away"
    helm uninstall --namespace "$NAMESPACE" --wait "$RELEASE" ;;
  pending-upgrade | pending-rollback)
    echo "an upgrade was stopped half-way: it is rolled back"
    helm rollback --namespace "$NAMESPACE" --wait "$RELEASE" ;;
esac

helm upgrade --install --atomic --cleanup-on-fail --reset-values --wait --timeout "\${TIMEOUT}s" --namespace "$NAMESPACE" "$RELEASE" "$chart"
`;
}
