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
