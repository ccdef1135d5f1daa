/** One project per tier: `npx jest --selectProjects unit`. What each tier shows is written in the README. */
const tiers = ["terraform", "clouds", "databases", "kubernetes", "charts", "policy", "package", "site"];

const common = {
  rootDir: __dirname,
  testEnvironment: "node",
  transform: {
    "^.+\\.tsx?$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  moduleFileExtensions: ["ts", "js", "json"],
  // The package's own name, as examples and users write it, means the sources beside us.
  moduleNameMapper: {
    "^cdktf-devplatforms/stacks/(.*)$": "<rootDir>/stacks/$1",
    "^cdktf-devplatforms/(.*)$": "<rootDir>/lib/$1",
    // Parts of CDKTF that take much time and do nothing for a test.
    "^archiver$": "<rootDir>/__tests__/support/modules/archiver.ts",
    "^\\.\\.?/(?:.*/)?stack-trace$": "<rootDir>/__tests__/support/modules/stack-trace.ts",
  },
  // Tests run against the sources, never against what was compiled from them.
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out/", "<rootDir>/dist/", "/fixtures/(?!fourth-cloud/)"],
};

module.exports = {
  projects: [
    { ...common, displayName: "unit", testMatch: ["<rootDir>/__tests__/unit/**/*.test.ts"] },
    ...tiers.map((tier) => ({
      ...common,
      displayName: tier,
      testMatch: [`<rootDir>/__tests__/integration/${tier}/**/*.test.ts`],
      setupFilesAfterEnv: ["<rootDir>/__tests__/support/patience.ts"],
    })),
  ],
};
