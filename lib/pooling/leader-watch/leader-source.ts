import type { SecretValue } from "../../database";
import { isResolved } from "../../database/private";

/** Paths of a source's files in the watch's container or machine. */
export interface LeaderSourceFiles {
  /** CA certificates of the source. */
  readonly caFile: string;
  /** Consul ACL token. */
  readonly tokenFile: string;
}

/** Mistake in an option of a leader source. */
export interface LeaderSourceProblem {
  /** Option, such as `url`. */
  readonly option: string;
  /** Value of the option, for the message; never a secret. @default - not set */
  readonly value?: string;
  /** Rule that the option breaks, such as `must be a URL`. */
  readonly rule: string;
}

/** Source of the current leader of a cluster: Consul or the REST API of Patroni. */
export interface ILeaderSource {
  /** Name of the source for messages. */
  readonly label: string;
  /** Key that identifies the cluster among sources of the same kind; two watches must not have the same key. */
  readonly clusterKey: string;
  /** True if the source is queried over HTTPS, which needs `curl` in the image. */
  readonly usesHttps: boolean;
  /** True if an ACL token is sent over the network without TLS, which the watch records as an opt-out. */
  readonly sendsTokenInClearText: boolean;
  /** CA certificates of the source in PEM format; may be a token. @default - the system's CA certificates */
  readonly caCertificatesPem?: string;
  /** Consul ACL token. @default - none */
  readonly token?: SecretValue;

  /**
   * Arguments of the watch program, from the first word.
   *
   * @param files paths of token and certificates.
   */
  programArguments(files: LeaderSourceFiles): string[];

  /** Mistakes in the source's options, which the watch reports at synth; options that are tokens have none. */
  problems(): LeaderSourceProblem[];
}

/** The problem of an option, unless it is left out, a token, or matches. @internal */
export function optionProblem(
  option: string,
  value: string | number | undefined,
  matches: (text: string) => boolean,
  rule: `must ${string}`,
): LeaderSourceProblem[] {
  if (value === undefined || value === null || !isResolved(value)) return [];
  return matches(String(value)) ? [] : [{ option, value: String(value), rule }];
}
