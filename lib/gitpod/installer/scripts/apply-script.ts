// What the last container of the installer's job does with what the installer rendered: the same as Gitpod's own
// kots-install.sh (2022.11.3), a Helm release that is waited for and rolled back. Helm takes away what a new version has no more,
// which `kubectl apply` would leave.
//
// The objects go into the chart as files and come out of one template as they are. Gitpod's script escapes braces by line
// instead, which a line with both braces and a back quote breaks.

/** Where the containers of the installer's job find each other's files. */
export interface InstallerMounts {
  /** The configuration. */
  readonly config: string;
  /** What the installer rendered, one file for each object. */
  readonly objects: string;
  /** Room for Helm's chart. */
  readonly work: string;
}

/** The paths. */
export const INSTALLER_MOUNTS: InstallerMounts = {
  config: "/config",
  objects: "/objects",
  work: "/work",
};

const TEMPLATE =
  '{{ range $path, $bytes := .Files.Glob "objects/*" }}{{ printf "---\\n%s\\n" $bytes }}{{ end }}';

/** A POSIX shell program that needs Helm 3 and busybox. It reads RELEASE, NAMESPACE, VERSION, TIMEOUT and CERTIFICATE. */
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
