// User data for cloud-init: the files of a machine and the command that applies them.

import { isResolved, terraformCall } from "../../database/private";
import { yamlText } from "../../kubernetes/private";
import type { LinuxPackageFile, LinuxPackageSecretFile } from "./gitlab-rb";

/** Files and commands of a machine. @internal */
export interface CloudInitOptions {
  readonly gitlabRb: string;
  readonly files: readonly LinuxPackageFile[];
  readonly secrets: readonly LinuxPackageSecretFile[];
  readonly commands: readonly string[];
}

/** Text of a `#cloud-config`; an ephemeral value if there are secrets among the files. @internal */
export function cloudConfig({ gitlabRb, files, secrets, commands }: CloudInitOptions): string {
  const file = (path: string, content: string, permissions: string) => ({
    path,
    owner: "root:root",
    permissions,
    content,
  });
  const document = {
    write_files: [
      ...files.map((each) => file(each.path, each.content, each.permissions)),
      ...secrets.map((each) => file(each.path, each.content.writeOnly(), "0600")),
      file("/etc/gitlab/gitlab.rb", gitlabRb, "0600"),
    ],
    runcmd: [
      ...commands,
      // The package creates its groups when it is configured, and keeps those that exist.
      ...secrets
        .filter(({ group }) => group !== undefined)
        .map(({ path, group }) => [
          "sh",
          "-c",
          `getent group ${group} >/dev/null || groupadd --system ${group}; chgrp ${group} '${path}' && chmod 0640 '${path}'`,
        ]),
      ["gitlab-ctl", "reconfigure"],
    ],
  };
  // Cloud-init reads YAML 1.1, in which more words mean true and false. JSON is YAML, and Terraform quotes its values in it.
  const known = isResolved(document);
  const body = known ? yamlText(document) : terraformCall("jsonencode", document);
  return `#cloud-config\n${body}`;
}
