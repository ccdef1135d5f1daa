// Default images of the jobs that run SQL. Sources, read 2026-11: public programs that pin `postgres:17.11-alpine3.24` with its digest
// (sha256:b0f9560a...) and `mysql:8.4.11` with its (sha256:6ea90827...); Docker Hub had no `mysql:8.4.12`. The images were not pulled here.

import { EngineFamily } from "../../database";

/** Images with the client of each engine. psql 17 supports servers since 13, mysql 8.4 servers since 5.7. */
export const CLIENT_IMAGES: { readonly [family: string]: string } = {
  [EngineFamily.POSTGRES]: "docker.io/library/postgres:17.11-alpine3.24",
  [EngineFamily.MYSQL]: "docker.io/library/mysql:8.4.11",
};
