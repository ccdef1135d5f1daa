// Parts of the workflows of Cloud SQL: expressions, retries, and the subworkflow that waits for an operation.
// cloud.google.com/workflows/docs/reference/syntax, cloud.google.com/workflows/docs/reference/googleapis/sqladmin/v1/Overview (read 2026-11).

const POLL_SECONDS = 30;

/** An expression of Workflows, escaped for Terraform. */
export const expression = (text: string) => `$\${${text}}`;
export const items = (list: string) => expression(`default(map.get(${list}, "items"), none)`);
/** The workflows wait themselves, where an operation's end is judged. */
export const connectorParams = { skip_polling: true };

/** Cloud SQL answers 409 while another operation runs on the instance, such as the automated backup: about an hour of attempts. */
export const RETRY = {
  predicate: expression("busy"),
  max_retries: 8,
  backoff: { initial_delay: 60, max_delay: 600, multiplier: 2 },
};

/** Predicate of `RETRY`. */
export const BUSY = {
  params: ["e"],
  steps: [
    { decide: { switch: [{ condition: expression('map.get(e, "code") == 409'), return: true }] } },
    { otherwise: { return: false } },
  ],
};

/** Waits for the operation of the step before. */
export function wait(id: string): object {
  return {
    [id]: {
      call: "wait_for",
      args: {
        project: expression("project"),
        operation: expression("operation.name"),
        deadline: expression("deadline"),
      },
    },
  };
}

/** Subworkflow that polls an operation: an error of the operation, or none that ends in time, is raised. */
export const WAIT_FOR = {
  params: ["project", "operation", "deadline"],
  steps: [
    {
      poll: {
        call: "googleapis.sqladmin.v1.operations.get",
        args: { project: expression("project"), operation: expression("operation") },
        result: "state",
      },
    },
    {
      judge: {
        switch: [
          { condition: expression('state.status == "DONE"'), next: "ended" },
          { condition: expression("sys.now() > deadline"), next: "late" },
        ],
        next: "sleep",
      },
    },
    { sleep: { call: "sys.sleep", args: { seconds: POLL_SECONDS }, next: "poll" } },
    { late: { raise: expression('"operation " + operation + " has not ended in time"') } },
    {
      ended: {
        switch: [{ condition: expression('map.get(state, "error") != null'), next: "broken" }],
        next: "good",
      },
    },
    {
      broken: { raise: expression('"operation " + operation + ": " + json.encode_to_string(state.error)') },
    },
    { good: { return: true } },
  ],
};
