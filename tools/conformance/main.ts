/** Writes docs/conformance.md from the rows of the conformance suite, whose test compares the two. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceTable } from "./page";

writeFileSync(join(__dirname, "../../docs/conformance.md"), conformanceTable());
