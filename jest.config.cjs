/** One project per tier: `npx jest --selectProjects unit`. What each tier shows is written in the README. */
const { readdirSync } = require("node:fs");

const tiers = ["terraform", "clouds", "databases", "kubernetes", "policy", "package"];

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
  moduleNameMapper: { "^cdktf-devplatforms/(.*)$": "<rootDir>/$1" },
  // A compiled lib (npm run build) must never shadow the sources under test.
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out/", "/fixtures/"],
};

const unitFolders = readdirSync(`${__dirname}/__tests__`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !["support", ...tiers].includes(entry.name))
  .map((entry) => `<rootDir>/__tests__/${entry.name}/**/*.test.ts`);

module.exports = {
  projects: [
    { ...common, displayName: "unit", testMatch: [...unitFolders, "<rootDir>/__tests__/*.test.ts"] },
    ...tiers.map((tier) => ({
      ...common,
      displayName: tier,
      testMatch: [`<rootDir>/__tests__/${tier}/**/*.test.ts`],
      setupFilesAfterEnv: ["<rootDir>/__tests__/support/patience.ts"],
    })),
  ],
};
