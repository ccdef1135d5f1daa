// Names and endpoints of object stores, by their API.

import { isResolved, type SynthChecks } from "../../database/private";
import { ObjectStoreKind } from "../object-store";
import { AZURE_BLOB_SUFFIXES, GCS_HOST, S3_SUFFIXES } from "./data/endpoints";
import { ACCOUNT_NAME, BUCKET_NAME } from "./data/name-rules";

/**
 * Refuses the name of a bucket or blob container that the cloud refuses.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param kind the API of the store.
 * @param name the name; may be a token or not set.
 */
export function checkBucketName(
  checks: SynthChecks,
  property: string,
  kind: ObjectStoreKind,
  name: string | undefined,
): void {
  const rule = BUCKET_NAME[kind];
  if (rule) checks.matches(property, name, rule.pattern, rule.rule);
}

/**
 * Refuses the name of a storage account that Azure refuses.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param name the name; may be a token or not set.
 */
export function checkAccountName(checks: SynthChecks, property: string, name: string | undefined): void {
  checks.matches(property, name, ACCOUNT_NAME.pattern, ACCOUNT_NAME.rule);
}

/**
 * Host of a cloud's object storage API, without scheme.
 *
 * @param kind the API of the store.
 * @param region the region, in the cloud's spelling; a token counts as a region of the public cloud.
 * @param accountName the storage account (Azure only); may be a token.
 */
export function objectStoreHost(kind: ObjectStoreKind, region: string, accountName = ""): string {
  if (kind === ObjectStoreKind.GCS) return GCS_HOST;
  if (kind === ObjectStoreKind.S3) return `s3.${region}.${suffix(S3_SUFFIXES, region)}`;
  return `${accountName}.${suffix(AZURE_BLOB_SUFFIXES, region)}`;
}

function suffix(table: readonly (readonly [RegExp, string])[], region: string): string {
  const name = isResolved(region) ? region.toLowerCase().replace(/ /g, "") : "";
  return table.find(([pattern]) => pattern.test(name))?.[1] ?? "";
}
