import type { SecretValue } from "../../database";
import type { InstallerConfigProps } from "../installer/installer-config-props";

/** Properties of a `KotsConfigValues`. */
export interface KotsConfigValuesProps extends InstallerConfigProps {
  /** The key file for Cloud SQL, once more: the one given to `GitpodConnection.bundledProxy`. @default - none; required with the bundled proxy */
  readonly cloudSqlCredentials?: SecretValue;
  /** How long the installation may take, in seconds: 300, 600, 1800, 3600, 5400 or 7200. @default - KOTS's: 300, or 3600 without a certificate */
  readonly timeoutSeconds?: number;
}
