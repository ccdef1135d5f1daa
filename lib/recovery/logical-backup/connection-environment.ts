import { type DatabaseLogin, EngineFamily, type IDatabase, strictestSslMode } from "../../database";

/** Variables with which the clients of a job reach the server of a database. @internal */
export function connectionEnvironment(
  { server }: IDatabase,
  login: DatabaseLogin,
  ca: string,
): { [variable: string]: string } {
  const { host, port } = server.endpoint;
  const mode = strictestSslMode(server.tls);
  if (server.engine.family === EngineFamily.POSTGRES) {
    return {
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: login.username,
      PGSSLMODE: mode,
      PGSSLROOTCERT: ca,
    };
  }
  return {
    MYSQL_HOST: host,
    MYSQL_TCP_PORT: String(port),
    MYSQL_USER: login.username,
    MYSQL_TLS_MODE: mode,
    MYSQL_CA_FILE: ca,
  };
}
