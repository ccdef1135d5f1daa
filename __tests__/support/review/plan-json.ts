/** Plans in Terraform's JSON, as far as the review reads them. */

export interface GivenChange {
  readonly address?: string;
  readonly type?: string;
  readonly actions: readonly string[];
  readonly before?: object | null;
  readonly after?: object | null;
  /** Other members of `change`. */
  readonly change?: object;
  /** Other members of the resource change. */
  readonly more?: object;
}

export const changeJson = ({
  type = "aws_db_instance",
  address = `${type}.a`,
  actions,
  before,
  after,
  change,
  more,
}: GivenChange) => ({
  address,
  mode: "managed",
  type,
  change: { actions, before: before ?? null, after: after ?? null, ...change },
  ...more,
});

/** A complete plan. */
export function planJson(changes: readonly GivenChange[], more: object = {}) {
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    complete: true,
    applyable: true,
    errored: false,
    resource_changes: changes.map(changeJson),
    configuration: { root_module: {} },
    ...more,
  };
}

/** The configuration of resources by address, with the references of each. */
export function configurationJson(resources: { readonly [address: string]: readonly string[] }) {
  return {
    root_module: {
      resources: Object.entries(resources).map(([address, references]) => ({
        address,
        mode: "managed",
        expressions: { values: { references } },
      })),
    },
  };
}
