/** A stand-in of the Cloud SQL Admin API with its own clock, for workflows: instances, their backups, and operations that take time. */
import { WorkflowError, WorkflowRun } from "./workflow-run";

export const SOURCE = "platform";
export const PREFIX = "copies-";

// biome-ignore lint/suspicious/noExplicitAny: bodies of the API
type Any = any;
type Method = "insert" | "restoreBackup" | "delete";

interface Operation {
  readonly done: number;
  readonly error?: string;
  effect(): void;
}

export class FakeCloudSql {
  public now = Date.parse("2026-11-27T04:00:00Z") / 1000;
  public readonly instances = new Map<string, Any>();
  public readonly source: Any;
  public backups: Any[] = [
    this.backup("3", "FAILED", 1),
    this.backup("2", "SUCCESSFUL", 3),
    this.backup("1", "SUCCESSFUL", 27),
  ];
  /** Requests that change something. */
  public readonly changes: { method: Method; instance: string; body?: object }[] = [];
  public readonly logs: { severity: string; json: Any }[] = [];
  /** HTTP status, or `operation` for an operation that ends with an error. */
  public readonly failing: { [method: string]: number | "operation" | undefined } = {};
  public readonly seconds: Record<Method, number> = { insert: 300, restoreBackup: 300, delete: 60 };
  public stateOfCopies = "RUNNABLE";
  public busy = 0;
  public ignoresFilter = false;
  /** Time at which an execution is cancelled. */
  public killAt?: number;
  public onSleep?: () => void;
  private readonly operations: Operation[] = [];

  public constructor() {
    this.source = this.add(SOURCE, {});
    Object.assign(this.source, {
      databaseVersion: "POSTGRES_17",
      diskEncryptionConfiguration: { kmsKeyName: "key" },
    });
    Object.assign(this.source.settings, {
      tier: "db-custom-4-16384",
      dataDiskSizeGb: "120",
      databaseFlags: [{ name: "max_connections", value: "200" }],
      ipConfiguration: { privateNetwork: "vpc", authorizedNetworks: [{ value: "10.0.0.0/8" }] },
    });
  }

  public add(name: string, userLabels: Record<string, string>): Any {
    const instance = { name, region: "europe-west1", state: "RUNNABLE", settings: { userLabels } };
    this.instances.set(name, instance);
    return instance;
  }

  public backup(id: string, status: string, hoursAgo: number): Any {
    return { id, status, startTime: new Date((this.now - hoursAgo * 3600) * 1000).toISOString() };
  }

  /** Executes a workflow's source as Terraform renders it. */
  public execute(source: string, execution = "aaaaaaaa-0000", argument: object | null = null): Any {
    const rendered = source
      .replace(/\$\{google_sql_database_instance\.\w+\.name\}/g, SOURCE)
      .replace(/\$\{google_sql_database_instance\.\w+\.project\}/g, "project-1")
      .replaceAll("$${", "${");
    return new WorkflowRun(rendered, this.calls(), {
      now: () => this.now,
      get_env: () => execution,
    }).run(argument);
  }

  private calls() {
    const api = "googleapis.sqladmin.v1";
    return {
      "sys.sleep": ({ seconds }: Any) => {
        this.now += seconds;
        if (this.killAt !== undefined && this.now >= this.killAt) throw new Error("killed");
        this.onSleep?.();
      },
      "sys.log": (entry: Any) => void this.logs.push(entry),
      [`${api}.instances.list`]: ({ filter, maxResults, pageToken }: Any) => {
        this.settle();
        const [, label] = /^settings\.userLabels\.rehearsal:(.+)$/.exec(filter) as RegExpExecArray;
        const all = [...this.instances.values()].filter(
          ({ settings }) => this.ignoresFilter || settings.userLabels.rehearsal === label,
        );
        const from = Number(pageToken || 0);
        const more = from + maxResults < all.length;
        return {
          ...(all.length > 0 && { items: all.slice(from, from + maxResults) }),
          ...(more && { nextPageToken: `${from + maxResults}` }),
        };
      },
      [`${api}.instances.get`]: ({ instance }: Any) => {
        this.refuse("get");
        return this.existing(instance);
      },
      [`${api}.backupRuns.list`]: ({ instance }: Any) => {
        this.refuse("backups");
        expect(instance).toBe(SOURCE);
        return this.backups.length > 0 ? { items: this.backups } : {};
      },
      [`${api}.databases.list`]: ({ instance }: Any) => {
        this.refuse("databases");
        return {
          items: this.existing(instance).restored
            ? [{ name: "postgres" }, { name: "coder" }]
            : [{ name: "postgres" }],
        };
      },
      [`${api}.operations.get`]: ({ project, operation }: Any) => {
        expect(project).toBe("project-1");
        this.settle();
        const { done, error } = this.operations[operation] as Operation;
        if (done > this.now) return { status: "RUNNING" };
        return { status: "DONE", ...(error && { error: { errors: [{ message: error }] } }) };
      },
      [`${api}.instances.insert`]: ({ body }: Any) =>
        this.change("insert", body.name, body, () => {
          const copy = this.instances.get(body.name);
          if (copy) copy.state = this.stateOfCopies;
        }),
      [`${api}.instances.restoreBackup`]: ({ instance, body }: Any) => {
        const { backupRunId, instanceId, project } = body.restoreBackupContext;
        expect([instanceId, project]).toEqual([SOURCE, "project-1"]);
        expect(this.backups.find(({ id }) => id === backupRunId)?.status).toBe("SUCCESSFUL");
        return this.change("restoreBackup", instance, undefined, () => {
          const copy = this.instances.get(instance);
          if (copy) copy.restored = true;
        });
      },
      [`${api}.instances.delete`]: ({ instance }: Any) =>
        this.change("delete", instance, undefined, () => void this.instances.delete(instance)),
    };
  }

  private change(method: Method, instance: string, body: Any, effect: () => void): { name: string } {
    this.settle();
    this.refuse(method);
    if (method !== "insert") this.existing(instance);
    if (method !== "insert" && this.busy-- > 0) throw new WorkflowError({ code: 409 });
    this.changes.push({ method, instance, ...(body && { body }) });
    // An instance is listed as soon as it is being created.
    if (method === "insert") this.instances.set(instance, { ...body, state: "PENDING_CREATE" });
    const failed = this.failing[method] === "operation";
    const done = this.now + this.seconds[method];
    this.operations.push({ done, effect: failed ? () => {} : effect, ...(failed && { error: "INTERNAL" }) });
    return { name: `${this.operations.length - 1}` };
  }

  private existing(instance: string): Any {
    this.settle();
    const found = this.instances.get(instance);
    if (!found) throw new WorkflowError({ code: 404 });
    return found;
  }

  private refuse(method: string): void {
    const code = this.failing[method];
    if (typeof code === "number") throw new WorkflowError({ code });
  }

  private readonly settled = new Set<Operation>();

  private settle(): void {
    for (const operation of this.operations) {
      if (operation.done > this.now || this.settled.has(operation)) continue;
      this.settled.add(operation);
      operation.effect();
    }
  }
}
