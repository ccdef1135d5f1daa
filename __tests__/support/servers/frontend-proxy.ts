/**
 * Stands between a database client and its server, knows where one statement ends and the next begins, and can stop the
 * world there. For connections without TLS.
 */
import { connect, createServer, type Server, type Socket } from "node:net";

/** What a client sends, cut into statements. */
export type Framing = "postgres" | "mysql";

export class FrontendProxy {
  /** The statements that clients have sent so far, of all connections. */
  public readonly statements: string[] = [];
  private readonly sockets = new Set<Socket>();
  private server?: Server;

  /** @param before is asked before a statement goes to the server; when it says no, nothing goes through any more. */
  public constructor(
    private readonly framing: Framing,
    private readonly port: number,
    private readonly before: (statement: string) => boolean,
  ) {}

  public listen(): Promise<number> {
    return new Promise((resolve) => {
      const server = createServer((client) => this.serve(client));
      this.server = server;
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
  }

  public close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server?.close();
  }

  private serve(client: Socket): void {
    const upstream = connect(this.port, "127.0.0.1");
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => other.end());
    }
    upstream.pipe(client);
    let buffer = Buffer.alloc(0);
    let started = false;
    client.on("data", (data: Buffer) => {
      buffer = Buffer.concat([buffer, data]);
      for (;;) {
        const length = this.messageLength(buffer, started);
        if (length === undefined || buffer.length < length) return;
        const message = buffer.subarray(0, length);
        buffer = buffer.subarray(length);
        const statement = this.statementIn(message, started);
        started = true;
        if (statement !== undefined) {
          if (!this.before(statement)) {
            this.close();
            return;
          }
          this.statements.push(statement);
        }
        upstream.write(message);
      }
    });
  }

  private messageLength(buffer: Buffer, started: boolean): number | undefined {
    if (this.framing === "mysql") {
      return buffer.length < 4 ? undefined : buffer.readUIntLE(0, 3) + 4;
    }
    // The first message of a connection has no type.
    if (!started) return buffer.length < 4 ? undefined : buffer.readInt32BE(0);
    return buffer.length < 5 ? undefined : buffer.readInt32BE(1) + 1;
  }

  private statementIn(message: Buffer, started: boolean): string | undefined {
    if (this.framing === "mysql") {
      // A command begins a new sequence; 3 is COM_QUERY. Log-in packets have other numbers.
      return message[3] === 0 && message[4] === 3 ? message.subarray(5).toString("utf8") : undefined;
    }
    return started && message[0] === 0x51 ? message.subarray(5, -1).toString("utf8") : undefined;
  }
}
