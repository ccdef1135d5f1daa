// Gitpod's tables require that NULL becomes the current time in a TIMESTAMP column (gitpod-io/gitpod#4169: prebuilds failed otherwise),
// which MySQL only does while `explicit_defaults_for_timestamp` is off. It is on by default from 8.0 on, and in earlier versions on RDS
// and Cloud SQL. The value for "off" differs between the clouds.

import { Cloud } from "../../database";
import { isResolved } from "../../database/private";
/** Server parameter that Gitpod requires to be off. */
export const TIMESTAMP_PARAMETER = "explicit_defaults_for_timestamp";

const OFF: { readonly [cloud: string]: string } = {
  // RDS uses numbers for booleans, and applies this static parameter at a reboot.
  [Cloud.AWS.name]: "0",
  [Cloud.GOOGLE.name]: "off",
  [Cloud.AZURE.name]: "OFF",
  [Cloud.SELF_MANAGED.name]: "OFF",
};

/**
 * Server parameters that Gitpod requires.
 *
 * @see https://dev.mysql.com/doc/refman/8.0/en/server-system-variables.html#sysvar_explicit_defaults_for_timestamp
 *
 * @example
 * const parameters = GitpodServerParameters.forCloud(Cloud.AWS);
 */
export class GitpodServerParameters {
  /**
   * Parameters for the `parameters` of a cloud's server class.
   *
   * @param cloud cloud of the server, or `Cloud.SELF_MANAGED` for a self-managed server.
   */
  public static forCloud(cloud: Cloud): { [name: string]: string } {
    return { [TIMESTAMP_PARAMETER]: OFF[cloud.name] ?? "OFF" };
  }
}

/** Value of the parameter on a server, as far as it is known at synth. @internal */
export enum TimestampSetting {
  OFF = "off",
  ON = "on",
  /** Not known at synth: the parameters are not known, or the value is a token. */
  UNKNOWN = "unknown",
}

/** Value of the parameter in a server's parameters. @internal */
export function timestampSetting(
  parameters: { readonly [name: string]: string } | undefined,
): TimestampSetting {
  if (parameters === undefined) return TimestampSetting.UNKNOWN;
  const value = Object.entries(parameters).find(([name]) => name.toLowerCase() === TIMESTAMP_PARAMETER)?.[1];
  if (value === undefined) return TimestampSetting.ON;
  if (!isResolved(value)) return TimestampSetting.UNKNOWN;
  return /^(0|off|false)$/i.test(value.trim()) ? TimestampSetting.OFF : TimestampSetting.ON;
}
