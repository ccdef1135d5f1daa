// Gitpod's tables rely on NULL becoming the present time in a TIMESTAMP column (gitpod-io/gitpod#4169: without it prebuilds broke),
// which MySQL does only while `explicit_defaults_for_timestamp` is off. From 8.0 on it is on unless told otherwise, and RDS and Cloud SQL
// have had it on before. Each cloud has its own word for "off".

import { Cloud } from "../../database";
import { isResolved } from "../../database/private";
/** The parameter that Gitpod depends on. */
export const TIMESTAMP_PARAMETER = "explicit_defaults_for_timestamp";

const OFF: { readonly [cloud: string]: string } = {
  // RDS writes booleans as numbers. It applies this one at a restart only.
  [Cloud.AWS.name]: "0",
  [Cloud.GOOGLE.name]: "off",
  [Cloud.AZURE.name]: "OFF",
  [Cloud.SELF_MANAGED.name]: "OFF",
};

/** What a server needs to be told for Gitpod. */
export class GitpodServerParameters {
  /**
   * The parameters, in a cloud's words, for the `parameters` of its server class.
   *
   * @param cloud the cloud, or `Cloud.SELF_MANAGED` for a server of your own.
   */
  public static forCloud(cloud: Cloud): { [name: string]: string } {
    return { [TIMESTAMP_PARAMETER]: OFF[cloud.name] ?? "OFF" };
  }
}

/** What is known of the parameter on a server. @internal */
export enum TimestampSetting {
  OFF = "off",
  ON = "on",
  /** Nobody knows at synth: no parameters are known, or the value is a token. */
  UNKNOWN = "unknown",
}

/** What a server says of the parameter. @internal */
export function timestampSetting(
  parameters: { readonly [name: string]: string } | undefined,
): TimestampSetting {
  if (parameters === undefined) return TimestampSetting.UNKNOWN;
  const value = Object.entries(parameters).find(([name]) => name.toLowerCase() === TIMESTAMP_PARAMETER)?.[1];
  if (value === undefined) return TimestampSetting.ON;
  if (!isResolved(value)) return TimestampSetting.UNKNOWN;
  return /^(0|off|false)$/i.test(value.trim()) ? TimestampSetting.OFF : TimestampSetting.ON;
}
