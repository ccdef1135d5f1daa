/** A stand-in of Cloud SQL's exports and of a bucket of Cloud Storage with its own clock, for the workflow of an export. */
import { WorkflowError, WorkflowRun } from "./workflow-run";

export const BUCKET = "exports";
export const PREFIX = "project-1.platform.test-export.";

// biome-ignore lint/suspicious/noExplicitAny: bodies of the API
type Any = any;

export class FakeExports {
  public now = Date.parse("2026-11-27T02:00:00Z") / 1000;
  public readonly objects = new Map<string, { size: number; created: number }>();
  /** Databases in the order in which they were exported. */
  public readonly exported: { database: string; offload: boolean }[] = [];
  public readonly deleted: string[] = [];
  /** Size of the dump of a database; `null` for an operation that succeeds and leaves no object. */
  public sizes: { [database: string]: number | null } = {};
  public failing?: string;
  public busy = 0;
  public exportSeconds = 300;
  public deleteError?: number;
  /** Days of a retention policy. */
  public lockDays = 0;
  public killAfterExports = Number.POSITIVE_INFINITY;
  private readonly operations: { done: number; error?: string; effect(): void }[] = [];

  /** Executes a workflow's source as Terraform renders it. */
  public execute(source: string, execution = "aaaaaaaa-0000"): Any {
    const rendered = source
      .replace(/\$\{google_sql_database_instance\.\w+\.name\}/g, "platform")
      .replace(/\$\{google_sql_database_instance\.\w+\.project\}/g, "project-1")
      .replace(/\$\{google_storage_bucket\.\w+\.name\}/g, BUCKET)
      .replaceAll("$${", "${");
    return new WorkflowRun(rendered, this.calls(), {
      now: () => this.now,
      get_env: () => execution,
    }).run();
  }

  /** Names in the bucket, without the prefix. */
  public names(): string[] {
    return [...this.objects.keys()].sort().map((name) => name.replace(PREFIX, ""));
  }

  public put(name: string, size = 1_000): void {
    this.objects.set(name, { size, created: this.now });
  }

  private calls() {
    const sql = "googleapis.sqladmin.v1";
    const storage = "googleapis.storage.v1.objects";
    return {
      "sys.sleep": ({ seconds }: Any) => {
        this.now += seconds;
      },
      [`${sql}.instances.export`]: ({ project, instance, body, connector_params }: Any) => {
        expect([project, instance, connector_params]).toEqual([
          "project-1",
          "platform",
          { skip_polling: true },
        ]);
        if (this.busy-- > 0) throw new WorkflowError({ code: 409 });
        const { fileType, uri, databases, offload } = body.exportContext;
        expect([fileType, databases.length]).toEqual(["SQL", 1]);
        const object = uri.replace(`gs://${BUCKET}/`, "");
        const [database] = databases;
        if (this.exported.length >= this.killAfterExports) throw new Error("killed");
        this.exported.push({ database, offload });
        const exists = this.objects.has(object);
        const error = exists ? "object exists" : this.failing === database ? "disk full" : undefined;
        const size = this.sizes[database] === undefined ? 1_000 : this.sizes[database];
        this.operations.push({
          done: this.now + this.exportSeconds,
          ...(error && { error }),
          effect: () => {
            if (!error && size !== null) this.put(object, size);
          },
        });
        return { name: `${this.operations.length - 1}` };
      },
      [`${sql}.operations.get`]: ({ operation }: Any) => {
        const { done, error, effect } = this.operations[operation] as (typeof this.operations)[number];
        if (done > this.now) return { status: "RUNNING" };
        effect();
        return { status: "DONE", ...(error && { error: { errors: [{ message: error }] } }) };
      },
      [`${storage}.list`]: ({ bucket, prefix, startOffset = "", endOffset, maxResults }: Any) => {
        expect(bucket).toBe(BUCKET);
        const all = [...this.objects.keys()]
          .sort()
          .filter((name) => name.startsWith(prefix) && name >= startOffset && !(name >= endOffset));
        const items = all.slice(0, maxResults).map((name) => {
          const { size, created } = this.objects.get(name) as { size: number; created: number };
          return { name, size: `${size}`, timeCreated: new Date(created * 1000).toISOString() };
        });
        return { ...(items.length > 0 && { items }), ...(all.length > maxResults && { nextPageToken: "x" }) };
      },
      [`${storage}.insert`]: ({ bucket, uploadType, name, body }: Any) => {
        expect([bucket, uploadType]).toEqual([BUCKET, "media"]);
        this.put(name, body.length);
        this.manifest = JSON.parse(body);
      },
      [`${storage}.delete`]: ({ bucket, object }: Any) => {
        expect(bucket).toBe(BUCKET);
        const { created } = this.objects.get(object) as { created: number };
        if (this.deleteError) throw new WorkflowError({ code: this.deleteError });
        if (this.now - created < this.lockDays * 86_400) throw new WorkflowError({ code: 403 });
        this.objects.delete(object);
        this.deleted.push(object.replace(PREFIX, ""));
      },
    };
  }

  /** The manifest that was written last. */
  public manifest?: Any;
}
