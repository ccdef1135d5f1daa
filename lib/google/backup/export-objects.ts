// Parts of the export's workflow that list, look at and delete objects of the bucket.

import { expression, items } from "./workflow-steps";

/** Objects of a page: a page and the variables have to fit into the 512 KiB of an execution. */
const PAGE = 50;

/** Lists all objects of a prefix, page by page, in the order of their names: that of time. @internal */
export function pages(
  id: string,
  args: { readonly [name: string]: string },
  take: object[],
  next: string,
): object[] {
  return [
    {
      [`${id}_page`]: {
        call: "googleapis.storage.v1.objects.list",
        args: { bucket: expression("bucket"), startOffset: expression("from"), maxResults: PAGE, ...args },
        result: "page",
      },
    },
    {
      [`${id}_each`]: {
        for: {
          value: "item",
          in: items("page"),
          // The name with a further character is the first one behind it.
          steps: [{ [`${id}_from`]: { assign: [{ from: expression('item.name + "0"') }] } }, ...take],
        },
      },
    },
    {
      [`${id}_more`]: {
        switch: [
          {
            condition: expression(
              `default(map.get(page, "nextPageToken"), "") != "" and len(${`default(map.get(page, "items"), none)`}) > 0`,
            ),
            next: `${id}_page`,
          },
        ],
        next,
      },
    },
  ];
}

/** Looks at an object in the list of the bucket. @returns its size in bytes. @internal */
export const LOOK_AT = {
  params: ["bucket", "object", "empty"],
  steps: [
    { absent: { assign: [{ bytes: -1 }, { none: [] }] } },
    {
      list: {
        call: "googleapis.storage.v1.objects.list",
        args: { bucket: expression("bucket"), prefix: expression("object"), maxResults: 1 },
        result: "seen",
      },
    },
    {
      compare: {
        for: {
          value: "item",
          in: items("seen"),
          steps: [
            {
              same: {
                switch: [
                  {
                    condition: expression("item.name == object"),
                    steps: [{ measure: { assign: [{ bytes: expression("int(item.size)") }] } }],
                  },
                ],
              },
            },
          ],
        },
      },
    },
    {
      judge: {
        switch: [
          { condition: expression("bytes == -1"), next: "missing" },
          { condition: expression("bytes <= empty"), next: "hollow" },
        ],
        next: "good",
      },
    },
    { missing: { raise: expression('object + " is not in the bucket"') } },
    { hollow: { raise: expression('object + " is empty"') } },
    { good: { return: expression("bytes") } },
  ],
};

/** Deletes an object. @internal */
export const REMOVE = {
  params: ["bucket", "object"],
  steps: [
    {
      attempt: {
        try: {
          call: "googleapis.storage.v1.objects.delete",
          args: { bucket: expression("bucket"), object: expression("object") },
        },
        // Cloud Scheduler may start two executions: the other one has deleted it.
        except: {
          as: "e",
          steps: [
            {
              gone: {
                switch: [
                  {
                    condition: expression('map.get(e, "code") != 404'),
                    steps: [{ rethrow: { raise: expression("e") } }],
                  },
                ],
              },
            },
          ],
        },
      },
    },
    { done: { return: true } },
  ],
};
