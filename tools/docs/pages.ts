/** The TypeScript blocks of the pages in `docs` and of the rooms' READMEs. They are checked like the examples of comments. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Example } from "./library";

/** The room whose words a page's blocks may use, where it is about one. */
const ROOMS: { readonly [page: string]: string | undefined } = {
  "monitoring.md": "monitoring",
  "changing-servers.md": "google",
  "database-objects.md": "sql",
  "gitpod.md": "gitpod",
  "gitlab.md": "gitlab",
  "gitlab-aws.md": "gitlab",
  "gitlab-azure.md": "gitlab",
  "gitlab-chart.md": "gitlab",
  "gitlab-google.md": "gitlab",
  "gitlab-linux-package.md": "gitlab",
  "pooling.md": "pooling",
  "recovery.md": "recovery",
};

/**
 * @param root the folder that holds `docs` and `lib`
 * @returns every block, but for files of the reader's: they import, and nothing of ours
 */
export function pageExamples(root: string): Example[] {
  const docs = names(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => ({ file: join(root, "docs", name), room: ROOMS[name] }));
  const readmes = names(join(root, "lib")).map((room) => ({
    file: join(root, "lib", room, "README.md"),
    room,
  }));
  return [...docs, ...readmes.filter(({ file }) => existsSync(file))].flatMap(({ file, room }) => {
    const text = readFileSync(file, "utf8");
    return [...text.matchAll(/^```ts\n(.*?)^```$/gms)]
      .map((block) => ({
        file,
        line: text.slice(0, block.index).split("\n").length,
        text: block[1] as string,
        room,
      }))
      .filter(({ text }) => !/^import /m.test(text) || text.includes('from "cdktf-devplatforms/'));
  });
}

function names(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
