/** Throws the error of an assertion. An error of `node:assert` would print values in jest that it does not have. */
export function failed(expected: string, actual: string): never {
  const error = new Error(`expected ${expected}; got${actual.startsWith("\n") ? ":" : " "}${actual}`);
  // The stack begins at the caller: the assertion, not this function.
  Error.captureStackTrace(error, failed);
  throw error;
}
