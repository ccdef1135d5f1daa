// Paths of the installer's configuration as properties of the constructs, so that a message names what the program wrote.

import type { HelmValues } from "../../kubernetes";
import { isMap } from "../../kubernetes/private";

/** Property of `GitpodInstallerConfigProps` behind each path of the configuration; a longer path takes precedence. */
const PROPERTIES: { readonly [path: string]: string } = {
  "metadata.region": "region",
  "metadata.shortname": "shortname",
  objectStorage: "storage",
  "objectStorage.blobQuota": "blobQuotaBytes",
  containerRegistry: "registry",
  "containerRegistry.privateBaseImageAllowList": "privateBaseImages",
  workspace: "workspaces",
  "workspace.resources.requests.cpu": "workspaces.cpu",
  "workspace.resources.requests.memory": "workspaces.memory",
  "workspace.runtime.fsShiftMethod": "workspaces.fsShiftMethod",
  "workspace.runtime.containerdRuntimeDir": "workspaces.containerdRuntimeDirectory",
  "workspace.runtime.containerdSocket": "workspaces.containerdSocket",
  "workspace.runtime.containerdSocketDir": "workspaces.containerdSocket",
  "workspace.timeoutDefault": "workspaces.timeout",
  "workspace.timeoutExtended": "workspaces.extendedTimeout",
  "workspace.workspaceImage": "workspaces.image",
  "workspace.pvc": "workspaces.volume",
  "workspace.prebuildPVC": "workspaces.prebuildVolume",
  "openVSX.url": "openVsxUrl",
  blockNewUsers: "allowedUserDomains",
  "blockNewUsers.passlist": "allowedUserDomains",
  sshGatewayHostKey: "sshHostKey",
  customCACert: "customCa",
};

/**
 * The property of a path: `values.<path>` where the program's values set it, else the property that the path comes from.
 *
 * @param path path in the configuration, such as `workspace.pvc.size`.
 * @param values the program's values.
 * @param own configuration from the other properties.
 */
export function propertyAt(path: string, values: HelmValues | undefined, own: HelmValues): string {
  const names = path.replace(/\[\d+\]/g, "").split(".");
  const among = (map: HelmValues | undefined, depth: number): unknown =>
    names
      .slice(0, depth)
      // The members of a list come from where the list does.
      .reduce<unknown>(
        (value, name) => (isMap(value) ? value[name] : Array.isArray(value) ? value : undefined),
        map,
      );
  const inValues = among(values, names.length) !== undefined;
  const inOwn = among(own, names.length) !== undefined;
  // A path that is set nowhere belongs to the values if they set its parent.
  if (inValues || (!inOwn && names.length > 1 && among(values, names.length - 1) !== undefined)) {
    return `values.${path}`;
  }
  for (let depth = names.length; depth > 0; depth--) {
    const property = PROPERTIES[names.slice(0, depth).join(".")];
    if (property) return [property, ...names.slice(depth)].join(".");
  }
  return path;
}
