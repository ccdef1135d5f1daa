/**
 * `npm run check:docs`: everything that `lib` offers is documented, and every example in a comment or on a page compiles.
 *
 *   npm run check:docs               all of lib, and docs
 *   npm run check:docs -- aws coder  these rooms only
 */
import { join, relative } from "node:path";
import { commentProblems } from "./docs/comments";
import { exampleProblems } from "./docs/examples";
import { openLibrary } from "./docs/library";
import { pageExamples } from "./docs/pages";

const root = join(__dirname, "..");
const rooms = process.argv.slice(2);
const library = openLibrary(root, rooms);
const examples = [...library.examples, ...(rooms.length === 0 ? pageExamples(root) : [])];
const problems = [...commentProblems(library), ...exampleProblems(library, examples)];
for (const { file, line, message } of problems) {
  console.error(`${relative(root, file)}:${line} ${message}`);
}
if (library.files.length === 0) {
  console.error("no file was checked");
}
console.log(`${library.files.length} files, ${examples.length} examples, ${problems.length} problems`);
process.exitCode = problems.length === 0 && library.files.length > 0 ? 0 : 1;
