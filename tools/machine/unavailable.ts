/** A tool that this machine lacks. A missing tool is never reported as a passed test. */
export class Unavailable {
  /** @param reason the message for the table of `npm test`, such as `there is no go on PATH`. */
  public constructor(public readonly reason: string) {}
}
