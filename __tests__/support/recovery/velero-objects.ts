/**
 * Objects that Velero's chart 12.1.0 makes of the values of a `Velero` and that its server works with: service account, role, locations
 * and schedules. The tier *charts* compares them with those of the real chart.
 */
import type { RenderedObject } from "../charts/rendered";
import type { Json } from "../synth";

const RBAC = "rbac.authorization.k8s.io";
const VELERO = "velero.io/v1";

/** An object and the path that it is put to. */
export interface ChartObject {
  readonly path: string;
  readonly body: Json;
}

/** @param fullName name of the chart's objects: that of the release, with `-velero` if it has not that in it */
export function veleroObjects(values: Json, namespace: string, fullName: string): ChartObject[] {
  const serviceAccount = values.serviceAccount.server;
  const role = `${fullName}-server`;
  const object = (apiVersion: string, kind: string, name: string, rest: Json): ChartObject => ({
    path: `${apiVersion.includes("/") ? "/apis/" : "/api/"}${apiVersion}/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`,
    body: withoutEmpty({ apiVersion, kind, metadata: { name, namespace }, ...rest }),
  });
  const account = object("v1", "ServiceAccount", serviceAccount.name, { automountServiceAccountToken: true });
  return [
    {
      ...account,
      body: withoutEmpty({
        ...account.body,
        metadata: {
          ...account.body.metadata,
          annotations:
            Object.keys(serviceAccount.annotations ?? {}).length > 0 ? serviceAccount.annotations : undefined,
        },
      }),
    },
    object(`${RBAC}/v1`, "Role", role, { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] }),
    object(`${RBAC}/v1`, "RoleBinding", role, {
      roleRef: { apiGroup: RBAC, kind: "Role", name: role },
      subjects: [{ kind: "ServiceAccount", name: serviceAccount.name, namespace }],
    }),
    ...values.configuration.backupStorageLocation.map(
      ({ name, provider, bucket, prefix, default: isDefault, accessMode, config }: Json) =>
        object(VELERO, "BackupStorageLocation", name, {
          spec: {
            provider,
            accessMode,
            default: isDefault || undefined,
            objectStorage: { bucket, prefix },
            config,
          },
        }),
    ),
    ...Object.entries<Json>(values.schedules).map(([key, { schedule, paused, template }]) =>
      object(VELERO, "Schedule", `${fullName}-${key}`, {
        spec: { paused: paused || undefined, schedule, template },
      }),
    ),
  ];
}

const withoutEmpty = (value: Json): Json => JSON.parse(JSON.stringify(value));

/** @returns those of the objects of a rendered chart that `veleroObjects` makes, in its order and without the labels of Helm. */
export function sameObjects(rendered: readonly RenderedObject[], made: readonly ChartObject[]): Json[] {
  return made.map(({ body }) => {
    const { kind, metadata } = body;
    const found = rendered.find((each) => each.kind === kind && each.name === metadata.name)?.object;
    if (found === undefined) return undefined;
    const { labels: _, ...rest } = found.metadata;
    return { ...found, metadata: rest };
  });
}
