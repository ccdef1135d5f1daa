// Refusals of an adoption, and the note that lists what is imported and what is created.

import { TerraformStack } from "cdktf";
import { isResolved } from "../is-resolved";
import { SynthChecks } from "../synth-checks";
import { type AdoptedResource, AdoptedResources, pathIn, resourcesIn } from "./adopted-resources";
import type { DeclaredAdoption } from "./adoption-registry";
import { type ImportFormat, importFormat, isImportable } from "./import-format";

/** Checks an adoption once the program is complete. */
export function checkAdoption(adoption: DeclaredAdoption): void {
  const { construct } = adoption;
  const checks = new SynthChecks(construct, "ADOPT");
  checks.whenComplete(() => {
    const adopted = new AdoptedResources(TerraformStack.of(construct));
    const own = adopted.all.filter((each) => each.adoption === adoption);
    checkPaths(checks, adoption, adopted);
    checkGenerated(checks, adopted, own);
    checkMissing(checks, adopted, own);
    checkGiven(checks, adopted, own);
    checkOnce(checks, adopted, own);
    const imported = new Set(own.map(({ resource }) => resource));
    const created = resourcesIn(construct)
      .filter((each) => !adopted.all.some(({ resource }) => resource === each))
      .map((each) => pathIn(construct, each));
    if (imported.size > 0) {
      const list = (paths: readonly string[]) => (paths.length > 0 ? paths.join(", ") : "nothing");
      checks.note(
        `adoptConstruct: imports ${list(own.map(({ path }) => path))}; creates ${list(created)}`,
        "imports",
      );
    } else if (!adopted.unknown.some((each) => each.adoption === adoption)) {
      checks.fail(
        "existing",
        [],
        "must name a resource that exists; a construct without one is created, without adoptConstruct",
      );
    }
  });
}

function checkPaths(checks: SynthChecks, adoption: DeclaredAdoption, adopted: AdoptedResources): void {
  const { construct } = adoption;
  for (const { property, path, found } of adopted.unknown.filter((each) => each.adoption === adoption)) {
    const known = resourcesIn(construct).map((each) => pathIn(construct, each));
    const rule =
      found === 0
        ? (`must be the path of a resource of the construct; it has ${known.join(", ")}` as const)
        : (`must be the path of one resource; there are ${found} at this one, of ${known.join(", ")}` as const);
    checks.fail(property, path, rule, `${property}.path`);
  }
}

/** A construct that generates its name would replace what exists, and only in the plan. */
function checkGenerated(
  checks: SynthChecks,
  adopted: AdoptedResources,
  own: readonly AdoptedResource[],
): void {
  for (const { path, resource } of own.filter((each) => adopted.ids.isGenerated(each.resource))) {
    const { terraformResourceType: type } = resource;
    checks.fail(
      "existing",
      path,
      `must be a resource whose name the program gives (${type}: ${importFormat(type)?.words}); set the construct's name property, such as instanceName, serverName, bucketName or accountName, since a generated name would replace what exists`,
      "existing.name",
    );
  }
}

/** All missing IDs in one message, ready to be filled in. */
function checkMissing(checks: SynthChecks, adopted: AdoptedResources, own: readonly AdoptedResource[]): void {
  const missing = adopted.missing.filter((each) => own.includes(each));
  if (missing.length === 0) return;
  const lines = missing.map(({ path, resource }) => {
    const type = resource.terraformResourceType;
    const format = importFormat(type);
    return format
      ? `"${path}": "${format.example}" (${type}: ${format.words})`
      : `"${path}": "..." (${type}: see "Import" on the page of the resource)`;
  });
  checks.fail(
    "ids",
    missing.map(({ path }) => path).join(", "),
    `must have the import ID of each resource that exists and whose ID does not follow from the program; set ids: { ${lines.join(", ")} }, or leave out of existing what is to be created`,
    "ids.missing",
  );
}

/** A name that others follow from is given to the construct: a resource with another name would be renamed or replaced. */
function checkGiven(checks: SynthChecks, adopted: AdoptedResources, own: readonly AdoptedResource[]): void {
  for (const { path, resource, givenId, key } of own) {
    if (givenId === undefined || !isResolved(givenId)) continue;
    const type = resource.terraformResourceType;
    if (givenId === "") {
      checks.fail(`ids["${path}"]`, givenId, "must not be empty", "ids.empty");
      continue;
    }
    if (!isImportable(type)) {
      checks.fail(
        `ids["${path}"]`,
        givenId,
        `must be left out: ${type} cannot be imported with what it holds; it is created`,
        "ids.type",
      );
      continue;
    }
    const end = adopted.ids.endOf(resource);
    const format = importFormat(type);
    if (end !== undefined && !end.includes("${") && !isKept(format, format?.end)) {
      // Azure's IDs are the same in upper and lower case.
      if (!givenId.toLowerCase().endsWith(end.toLowerCase())) {
        checks.fail(
          `ids["${path}"]`,
          givenId,
          `must end in ${end}; that follows from the program (${type}: ${format?.words}): give the construct the name of what exists, since another name would replace it`,
          "ids.name",
        );
      }
      continue;
    }
    const derived = key === "" ? adopted.ids.derived(resource) : undefined;
    if (derived === undefined || derived === givenId || derived.includes("${")) continue;
    if (isKept(format, format?.forms[0])) continue;
    if (adopted.ids.fits(givenId, resource)) continue;
    checks.fail(
      `ids["${path}"]`,
      givenId,
      `must be ${derived}; it follows from the program (${type}: ${format?.words}): give the construct the name of what exists, since another name would rename or replace it`,
      "ids.name",
    );
  }
}

/** True if an ID may differ from the program in a name that stays. */
function isKept(format: ImportFormat | undefined, form = ""): boolean {
  const parts = [...form.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name as string);
  return parts.some((name) => format?.keeps?.includes(name));
}

function checkOnce(checks: SynthChecks, adopted: AdoptedResources, own: readonly AdoptedResource[]): void {
  for (const each of own) {
    const first = adopted.all.find(({ resource, key }) => resource === each.resource && key === each.key);
    if (first === each) continue;
    checks.fail(
      "ids",
      each.path,
      "must be adopted once; remove it from one of the calls of adoptConstruct",
      "ids.twice",
    );
  }
}
