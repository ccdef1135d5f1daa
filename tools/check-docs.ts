/**
 * `npm run check:docs`: everything that `lib` offers is documented, and every example in a comment compiles.
 *
 *   npm run check:docs               all of lib
 *   npm run check:docs -- aws coder  these rooms only
 */
import { join, relative } from "node:path";
import { commentProblems } from "./docs/comments";
import { exampleProblems } from "./docs/examples";
import { openLibrary } from "./docs/library";

const root = join(__dirname, "..");
const rooms = process.argv.slice(2);
const library = openLibrary(root, rooms);
const problems = [...commentProblems(library), ...exampleProblems(library)];
for (const { file, line, message } of problems) {
  console.error(`${relative(root, file)}:${line} ${message}`);
}
if (library.files.length === 0) {
  console.error("no file was checked");
}
console.log(
  `${library.files.length} files, ${library.examples.length} examples, ${problems.length} problems`,
);
process.exitCode = problems.length === 0 && library.files.length > 0 ? 0 : 1;
