// Default images of the jobs that run SQL. Sources, read 2026-11: versions.json of docker-library/postgres (6edb0a8c, of
// 2026-02-26: 17.9, with alpine3.22) and of docker-library/mysql (7f30fdb, of 2026-06-16: 8.4.10). Newer patches may exist;
// the images were not pulled here.

import { EngineFamily } from "../../database";

/** Images with the client of each engine. psql 17 supports servers since 13, mysql 8.4 servers since 5.7. */
export const CLIENT_IMAGES: { readonly [family: string]: string } = {
  [EngineFamily.POSTGRES]: "docker.io/library/postgres:17.9-alpine3.22",
  [EngineFamily.MYSQL]: "docker.io/library/mysql:8.4.10",
};
