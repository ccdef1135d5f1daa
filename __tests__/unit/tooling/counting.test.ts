/** The test runner must never report a step as passed that ran nothing or broke. */
import { report } from "../../../tools/test/report";
import { count } from "../../../tools/test/run-step";
import { steps } from "../../../tools/test/steps";

const file = (status: string, ...tests: [status: string, fullName: string][]) => ({
  name: "a.test.ts",
  message: "the message of the failure",
  status,
  assertionResults: tests.map(([each, fullName]) => ({ status: each, fullName })),
});

describe("counting the tests of a step", () => {
  test("counts what passed and failed", () => {
    const result = count({ testResults: [file("failed", ["passed", "a"], ["failed", "b"])] }, 1);
    expect(result).toMatchObject({ passed: 1, failed: 1, skipped: 0, failure: "the message of the failure" });
  });

  test("keeps the reason of a skip, once", () => {
    const name = "terraform (skipped: no terraform on PATH)";
    const result = count(
      { testResults: [file("passed", ["pending", `${name} a`], ["pending", `${name} b`])] },
      0,
    );
    expect(result).toMatchObject({ passed: 0, failed: 0, skipped: 2 });
    expect(result.skipReasons).toEqual(["skipped: no terraform on PATH"]);
  });

  test("fails a step without a test", () => {
    expect(count({ testResults: [] }, 0)).toMatchObject({ passed: 0, failed: 1 });
  });

  test("fails a file that could not start, beside files that passed", () => {
    expect(count({ testResults: [file("failed"), file("passed", ["passed", "a"])] }, 1)).toMatchObject({
      passed: 1,
      failed: 1,
    });
  });

  test("fails a run that ended badly though each test passed", () => {
    expect(count({ testResults: [file("passed", ["passed", "a"])] }, 1)).toMatchObject({
      passed: 1,
      failed: 1,
    });
  });
});

describe("the report", () => {
  const results = [
    { name: "unit", passed: 3, failed: 0, skipped: 0, seconds: 1, skipReasons: [], log: "unit.log" },
    {
      name: "clouds",
      passed: 0,
      failed: 0,
      skipped: 2,
      seconds: 1,
      skipReasons: ["skipped: no emulator"],
      log: "clouds.log",
    },
  ];
  let printed: string[];
  beforeEach(() => {
    printed = [];
    jest.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
  });
  afterEach(() => jest.restoreAllMocks());

  test("ends with the sums, alone on a line, and prints why something was skipped", () => {
    expect(report(results, false)).toBe(0);
    expect(printed.join("\n").split("\n").at(-1)).toBe("3 passed, 0 failed, 2 skipped");
    expect(printed).toContain("  skipped: no emulator");
  });

  test("counts a skip as a failure where every step is required", () => {
    expect(report(results, true)).toBe(1);
    expect(printed.join("\n").split("\n").at(-1)).toBe("3 passed, 2 failed, 0 skipped");
  });

  test("a step may be skipped for the one reason that it has leave for, and for no other", () => {
    const [unit, clouds] = results as [(typeof results)[0], (typeof results)[1]];
    const excused = { ...clouds, maySkip: "no emulator" };
    expect(report([unit, excused], true)).toBe(0);
    expect(printed.join("\n").split("\n").at(-1)).toBe("3 passed, 0 failed, 2 skipped");
    const another = { ...excused, skipReasons: ["skipped: no emulator", "skipped: no go on PATH"] };
    expect(report([unit, another], true)).toBe(1);
    expect(report([unit, { ...excused, maySkip: "no emul" }], true)).toBe(1);
  });

  test("only the step that needs charts has leave to be skipped", () => {
    expect(steps.filter(({ maySkip }) => maySkip !== undefined).map(({ name }) => name)).toEqual(["charts"]);
  });
});
