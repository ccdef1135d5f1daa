import { AZURE_SUPPORT_ENDS, AZURE_SUPPORT_SOURCES } from "../data/azure-support";
import { SERVER_SUPPORT } from "../data/server-support";
import { entry } from "../plan/values";
import { engineMajor } from "../rules/database-servers";
import { object, resourcesOf, type StackResource, shown } from "../stack-json";
import { certificatesIn } from "./certificates";

/** Urgency of a fact. */
export enum Urgency {
  /** Something has ended or is missing. */
  NOW = "now",
  /** Something ends within the days that were asked for. */
  SOON = "soon",
  /** Worth to know. */
  NOTE = "note",
}

/** Fact about a stack that needs no plan. */
export interface StackFact {
  /** Stable id, such as `SUPPORT-ENDED`. */
  readonly rule: string;
  /** Urgency. */
  readonly urgency: Urgency;
  /** Construct path without the stack's id, or Terraform's address. @default - about the whole stack */
  readonly subject?: string;
  /** Fact in words. */
  readonly words: string;
  /** Way out. @default - none */
  readonly next?: string;
  /** Page with the fact. @default - the stack's file shows it */
  readonly source?: string;
}

/** Options of `examineStack`. */
export interface ExamineStackOptions {
  /** Day of the examination as `YYYY-MM-DD`. @default - today */
  readonly today?: string;
  /** Days before an end from which it is reported. @default 180 */
  readonly days?: number;
}

/** Certificate authorities of RDS that ended, with the last day. Source: docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html, read 2026-11. */
const ENDED_AUTHORITIES: { readonly [name: string]: string | undefined } = { "rds-ca-2019": "2024-08-22" };

/**
 * Reports what the file of a synthesized stack shows without a plan: ends of support of its database servers, ends of the certificates in it, and a
 * state that is kept on one machine only. What is known after an apply only, such as a server's own certificate, is not in the file.
 *
 * @param json content of `cdk.tf.json`.
 * @param options day of the examination.
 * @returns the facts, the most urgent first.
 *
 * @example
 * const facts = examineStack(stack.toTerraform()).filter(({ urgency }) => urgency === Urgency.NOW);
 */
export function examineStack(json: unknown, options: ExamineStackOptions = {}): StackFact[] {
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  const until = new Date(Date.parse(today) + (options.days ?? 180) * 86_400_000).toISOString().slice(0, 10);
  const resources = resourcesOf(json, "resource");
  const facts = [
    ...resources.flatMap((resource) => supportOf(resource, today, until)),
    ...resources.flatMap(endedAuthority),
    ...certificateFacts(json, resources, today, until),
    ...stateFacts(json),
  ];
  const order = [Urgency.NOW, Urgency.SOON, Urgency.NOTE];
  return facts.sort((a, b) => order.indexOf(a.urgency) - order.indexOf(b.urgency));
}

function supportOf(resource: StackResource, today: string, until: string): StackFact[] {
  const { path } = resource;
  const server = serverVersion(resource);
  if (server === undefined) return [];
  const { major, ends, source } = server;
  const about = {
    subject: path,
    source,
    next: "Upgrade to a newer major version; try it on a restored copy first.",
  };
  const known = entry(ends, major);
  if (known === undefined) {
    const oldest = Math.min(...Object.keys(ends).map(Number));
    if (!(Number(major) < oldest) || major === "") return [];
    const words = `The server's major version ${major} is older than ${oldest}, the oldest whose dates are known: its support has ended.`;
    return [{ rule: "SUPPORT-ENDED", urgency: Urgency.NOW, words, ...about }];
  }
  const [standard, extended] = known;
  if (standard > until) return [];
  if (standard > today) {
    const words = `Standard support of the server's major version ends on ${standard}.`;
    return [{ rule: "SUPPORT-ENDS", urgency: Urgency.SOON, words, ...about }];
  }
  const after =
    extended === undefined
      ? "."
      : extended < today
        ? `, extended support on ${extended}: the cloud upgrades the server.`
        : `; extended support ends on ${extended}.`;
  // Extended support that a program accepted is a cost and a date, and no fault of today.
  const urgency = extended !== undefined && extended >= today ? Urgency.SOON : Urgency.NOW;
  const words = `Standard support of the server's major version ended on ${standard}${after}`;
  return [{ rule: "SUPPORT-ENDED", urgency, words, ...about }];
}

interface ServerVersion {
  readonly major: string;
  readonly ends: { readonly [major: string]: readonly [standard: string, extended?: string] };
  readonly source?: string;
}

function serverVersion({ type, values }: StackResource): ServerVersion | undefined {
  const support = entry(SERVER_SUPPORT, type);
  const found = support && engineMajor(support, values);
  if (support && found) return { ...found, source: support.source };
  const ends = entry(AZURE_SUPPORT_ENDS, type);
  // MySQL's major version has two numbers: 8.0.21 is 8.0.
  const major = /^(?:[5-9]\.\d+|\d+)/.exec(shown(values.version ?? ""))?.[0];
  return ends && major !== undefined
    ? { major, ends, source: entry(AZURE_SUPPORT_SOURCES, type) }
    : undefined;
}

function endedAuthority({ type, path, values }: StackResource): StackFact[] {
  const name = shown(values.ca_cert_identifier ?? "");
  const lastDay = type.startsWith("aws_") ? entry(ENDED_AUTHORITIES, name) : undefined;
  if (lastDay === undefined) return [];
  return [
    {
      rule: "CA-ENDED",
      urgency: Urgency.NOW,
      subject: path,
      words: `The certificate authority ${name} ended on ${lastDay}.`,
      next: "Choose rds-ca-rsa2048-g1 after all clients trust the bundle of the region.",
      source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html",
    },
  ];
}

function certificateFacts(
  json: unknown,
  resources: readonly StackResource[],
  today: string,
  until: string,
): StackFact[] {
  const holders = [
    ...resources.map(({ path, values }) => ({ path, values: values as unknown })),
    ...Object.entries(object(object(json).locals)).map(([name, values]) => ({
      path: `local.${name}`,
      values,
    })),
  ];
  return holders.flatMap(({ path, values }) =>
    certificatesIn(values)
      .filter(({ lastDay }) => lastDay <= until)
      .map(({ name, lastDay }): StackFact => {
        const ended = lastDay < today;
        return {
          rule: ended ? "CERTIFICATE-ENDED" : "CERTIFICATE-ENDS",
          urgency: ended ? Urgency.NOW : Urgency.SOON,
          subject: path,
          words: `The certificate ${name} ${ended ? "ended" : "ends"} on ${lastDay}.`,
          next: "Give its successor beside it, apply, and take it out when servers and clients have the successor.",
        };
      }),
  );
}

function stateFacts(json: unknown): StackFact[] {
  const terraform = object(object(json).terraform);
  const backends = Object.keys(object(terraform.backend));
  if (terraform.cloud !== undefined || (backends.length > 0 && !backends.includes("local"))) return [];
  return [
    {
      rule: "STATE-LOCAL",
      urgency: Urgency.NOW,
      words:
        "The state is a file on the machine that runs Terraform: it is lost with the machine, and nothing locks it.",
      next: "Add a backend to the stack, such as S3Backend, GcsBackend or AzurermBackend, and run terraform init -migrate-state.",
      source: "https://developer.hashicorp.com/terraform/language/backend",
    },
  ];
}
