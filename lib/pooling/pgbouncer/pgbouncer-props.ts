import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { LeaderWatch } from "../leader-watch/leader-watch";
import type { AuthQuery } from "./auth-query";
import type { ClientTls } from "./client-tls";
import type { PgBouncerImage } from "./pgbouncer-image";
import type { PoolEntry } from "./pool-entry";

/** Properties of a `PgBouncer`. */
export interface PgBouncerProps {
  /** The namespace, which has to exist. */
  readonly namespace: string;
  /** The logical databases, each with the user of the one component that connects to it. */
  readonly entries: PoolEntry[];
  /** How clients reach the pooler: `ClientTls.fromSecret()`, or `ClientTls.none()`, which the review shows. */
  readonly clientTls: ClientTls;
  /** The name of the Deployment and the Service, at most 40 characters; other objects' names begin with it. @default "pgbouncer" */
  readonly poolerName?: string;
  /** The number of pods, 2 to 50; known at synth. @default 2 */
  readonly replicas?: number;
  /** The port, 1024 to 65535; known at synth. @default 6432 */
  readonly port?: number;
  /** The image. @default PgBouncerImage.V1_25 */
  readonly image?: PgBouncerImage;
  /** Asks the server for the users' verifiers instead of keeping their passwords; self-managed servers only. @default - a list of users */
  readonly authQuery?: AuthQuery;
  /** The watches that make it follow the leaders of clusters that you run yourself. @default - none: endpoints do not move */
  readonly leaderWatches?: LeaderWatch[];
  /** The namespaces whose pods may connect. @default - the pooler's own */
  readonly clientNamespaces?: string[];
  /** How long a pod that is ending serves on, while clients move to others, in seconds, 0 to 600. @default 15 */
  readonly drainSeconds?: number;
  /** How long running transactions may then take, in seconds, 1 to 3600. @default 45 */
  readonly transactionSeconds?: number;
  /** The processor time that each pod asks for, at most "1", since PgBouncer has one thread. @default "250m" */
  readonly cpu?: string;
  /** The memory of PgBouncer in each pod, such as "512Mi". @default "256Mi" */
  readonly memory?: string;
  /** Labels that a node must have. @default - any node */
  readonly nodeSelector?: { readonly [name: string]: string };
  /** Labels of all objects, beside the library's own. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly provider?: TerraformProvider;
  /** What has to exist first: the namespace, and what makes databases and users in SQL. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
