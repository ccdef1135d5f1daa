import type { Found } from "./adopted-construct";
import type { Adoption } from "./plan/assemble";

/**
 * Report of an adoption, as Markdown: the steps, the resources that stay, those that are refused, and the changes for later.
 *
 * @param addresses addresses of the adopted resources in the state; empty if they came from describe calls.
 */
export function reportText(adoption: Adoption, found: Found, addresses: readonly string[]): string {
  const { constructs, remaining, refusals, created } = adoption;
  return [
    "# Adoption",
    "",
    "1. Give the stack a backend, and the variables of `main.ts` their values.",
    "2. `cdktf synth`, `terraform plan -out plan`, `devplatforms review plan`: it must import, and have no finding but EFFECT-NOT-KNOWN of `final_snapshot_identifier`, whose random part is made in the apply.",
    addresses.length === 0
      ? "3. Apply."
      : "3. Apply. Then take the adopted resources out of the old program and its state, so that only one program manages them: `removed` blocks with `destroy = false`, or `terraform state rm`.",
    "4. Take the changes below one at a time: remove the line, plan, review, apply.",
    "",
    ...section("The program does not synthesize until these are solved", refusals),
    ...section(
      "The first plan has these effects nevertheless; do not apply it before they are solved",
      remaining,
    ),
    ...section("Not adopted", found.refused),
    ...section("Leaves the old state", addresses),
    ...section("Stays where it is managed; the program refers to it", found.left),
    ...section("The first plan creates", created),
    "## To be hardened later",
    "",
    ...constructs.flatMap(({ construct, later, kept, sensitive }) => [
      `### ${construct.constant}`,
      "",
      ...(later.length === 0 ? ["Nothing differs from the library's values.", ""] : []),
      ...later.map(({ path, argument, property, now, planned, effects }, index) =>
        [
          `${index + 1}. ${property === undefined ? `hold of \`${path}\`, line \`${argument}\`` : `property \`${property}\` (\`${argument}\`)`}: \`${now}\` to \`${planned}\`. `,
          effects.length === 0 ? "In place; the review has no rule about it." : effects.join(" "),
        ].join(""),
      ),
      ...(later.length === 0 ? [] : [""]),
      ...(kept.length === 0
        ? []
        : ["Held because no property expresses it:", "", ...kept.map((each) => `- \`${each}\``), ""]),
      ...(sensitive.length === 0
        ? []
        : ["Sensitive, and not written:", "", ...sensitive.map((each) => `- \`${each}\``), ""]),
      ...(construct.notes.length === 0 ? [] : [...construct.notes.map((note) => `- ${note}`), ""]),
    ]),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, "", ...lines.map((line) => `- ${line}`), ""];
}
