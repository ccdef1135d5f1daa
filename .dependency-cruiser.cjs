/**
 * The imports that each room may have. Every rule is one sentence of the design: the contract (`lib/database`) imports none of our
 * other folders, a cloud never sees an application, an application never sees a cloud.
 *
 * DEPCRUISE_ROOT moves the rules to another folder with the same layout. The test of the rules uses it to run them
 * over a fixture that breaks each of them.
 */
const root = process.env.DEPCRUISE_ROOT ? `${process.env.DEPCRUISE_ROOT.replace(/\/+$/, "")}/` : "";

/** Each cloud with its provider's bindings and the folder that connects to its clusters. */
const CLOUDS = {
  aws: { provider: "aws", cluster: "eks" },
  google: { provider: "google", cluster: "gke" },
  azure: { provider: "azurerm", cluster: "aks" },
};
const apps = ["coder", "gitpod", "gitlab"];
const clouds = Object.keys(CLOUDS);
const clusters = `(${clouds.map((cloud) => `${cloud}/${CLOUDS[cloud].cluster}`).join("|")})`;
const anyProvider = `(${clouds.map((cloud) => CLOUDS[cloud].provider).join("|")})`;
const inLib = (...folders) => `^${root}lib/(${folders.join("|")})(/|$)`;

/** Forbids files in `folders` to import from `lib`, except from themselves and the folders in `allowed`. */
const only = (name, comment, folder, allowed) => ({
  name,
  comment,
  severity: "error",
  from: { path: inLib(folder) },
  to: { path: `^${root}lib/`, pathNot: inLib(folder, ...allowed) },
});

module.exports = {
  forbidden: [
    only("database-imports-none-of-ours", "The contract knows no implementation.", "database", []),
    ...clouds.map((cloud) =>
      only(
        `${cloud}-imports-the-contract`,
        "A cloud never imports an application or another cloud; what connects to its clusters may use Kubernetes.",
        cloud,
        ["database", "storage", "kubernetes"],
      ),
    ),
    only(
      "storage-imports-the-contract",
      "What applications see of object storage and registries.",
      "storage",
      ["database"],
    ),
    only("sql-imports-the-contract", "SQL is the same on every cloud.", "sql", ["database"]),
    only("kubernetes-imports-the-contract", "Kubernetes may use the contract and SQL.", "kubernetes", [
      "database",
      "sql",
    ]),
    only(
      "pooling-imports-the-contract",
      "A pooler runs in Kubernetes, so it uses the room that knows how to write a secret there. Never the other way.",
      "pooling",
      ["database", "sql", "kubernetes"],
    ),
    only(
      "recovery-imports-the-contract",
      "Recovery knows no cloud and no application: both bring their facts by the contract.",
      "recovery",
      ["database", "storage", "sql", "kubernetes"],
    ),
    ...apps.map((app) =>
      only(
        `${app}-imports-no-cloud`,
        "An application sees the contract, never a cloud or another application.",
        app,
        ["database", "storage", "sql", "kubernetes", "pooling", "recovery"],
      ),
    ),
    only("review-imports-none-of-ours", "The review reads plans, not constructs.", "review", []),
    only(
      "testing-imports-the-review",
      "Assertions work on any stack: they read its JSON, and know no construct.",
      "testing",
      ["review"],
    ),
    {
      name: "cli-is-imported-by-nothing",
      comment: "The command is a program: it imports rooms, and no room imports it.",
      severity: "error",
      from: { path: `^${root}lib/`, pathNot: inLib("cli") },
      to: { path: inLib("cli") },
    },
    {
      name: "only-known-folders-in-lib",
      comment: "A new folder in lib needs its own rule here first.",
      severity: "error",
      from: {
        path: `^${root}lib/`,
        pathNot: inLib(
          "database",
          "storage",
          ...clouds,
          "sql",
          "kubernetes",
          "pooling",
          "recovery",
          ...apps,
          "review",
          "testing",
          "cli",
        ),
      },
      to: {},
    },
    {
      name: "lib-imports-lib-only",
      comment: "What is published never imports stacks, examples, tests, benchmarks or tools.",
      severity: "error",
      from: { path: `^${root}lib/` },
      to: { path: `^${root}(stacks|examples|__tests__|bench|tools)/` },
    },
    {
      name: "examples-import-the-package",
      comment:
        "An example is written the way a user writes: by the package's name, not by a relative path into it.",
      severity: "error",
      from: { path: `^${root}examples/` },
      to: {
        dependencyTypes: ["local"],
        dependencyTypesNot: ["aliased"],
        path: `^${root}(stacks|__tests__|bench|tools)/`,
      },
    },
    {
      name: "no-root-import-of-a-provider",
      comment:
        "The root of a provider's bindings costs 10 s and half a gigabyte: import the one file that is needed.",
      severity: "error",
      from: {},
      to: { path: "node_modules/@cdktf/provider-[a-z]+/lib/index\\.(js|d\\.ts)$" },
    },
    {
      name: "database-loads-no-provider",
      comment: "Loading the contract is instant.",
      severity: "error",
      from: { path: inLib("database", "storage", "sql", "review", "testing") },
      to: { path: "node_modules/@cdktf/provider-" },
    },
    ...clouds.map((cloud) => ({
      name: `${cloud}-loads-its-own-provider`,
      comment: "A cloud's folder loads no other cloud's bindings.",
      severity: "error",
      from: { path: inLib(cloud) },
      to: {
        path: `node_modules/@cdktf/provider-${anyProvider}/`,
        pathNot: `node_modules/@cdktf/provider-${CLOUDS[cloud].provider}/`,
      },
    })),
    {
      name: "applications-load-no-cloud-provider",
      comment: "An application runs on any cloud.",
      severity: "error",
      from: { path: inLib(...apps, "kubernetes", "pooling", "recovery") },
      to: { path: `node_modules/@cdktf/provider-${anyProvider}/` },
    },
    {
      name: "a-cluster-is-an-entry-of-its-own",
      comment:
        "Loading a cloud must not load Kubernetes: aws/eks, google/gke and azure/aks are separate entries.",
      severity: "error",
      from: { path: `^${root}lib/`, pathNot: `^${root}lib/${clusters}/` },
      to: { path: `^${root}lib/${clusters}/` },
    },
    {
      name: "only-a-cluster-entry-imports-kubernetes",
      comment: "The other folders of a cloud know no Kubernetes.",
      severity: "error",
      from: { path: inLib(...clouds), pathNot: `^${root}lib/${clusters}/` },
      to: { path: inLib("kubernetes") },
    },
    {
      name: "other-rooms-by-their-index",
      comment:
        "Within a room, files import files. Another room is imported by its index or its private/index.",
      severity: "error",
      from: { path: `^${root}lib/([^/]+)/` },
      to: {
        path: `^${root}lib/[^/]+/`,
        pathNot: [`^${root}lib/$1/`, `^${root}lib/[^/]+/(private/)?index\\.ts$`],
      },
    },
    {
      name: "the-fourth-cloud-imports-the-contract",
      comment:
        "The fixture of a cloud outside of lib imports what a cloud's folder may import, by the same indexes.",
      severity: "error",
      from: { path: `^${root}__tests__/fixtures/fourth-cloud/` },
      to: {
        path: `^${root}lib/`,
        pathNot: `^${root}lib/(database|storage|kubernetes)/(private/)?index\\.ts$`,
      },
    },
    {
      name: "tools-import-no-tests",
      comment: "Tools run without the tests; what both need is a tool.",
      severity: "error",
      from: { path: `^${root}tools/` },
      to: { path: `^${root}__tests__/` },
    },
    {
      name: "no-circular-imports",
      comment:
        "A circle makes the order of loading matter. Types are gone by then, so a construct's checks may import its properties.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "nothing-unresolved",
      comment: "An import that resolves to nothing is a typing error or a missing dependency.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "lib-imports-no-dev-dependency",
      comment: "What is published may only import its dependencies and peers.",
      severity: "error",
      from: { path: `^${root}lib/` },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["npm", "npm-peer", "type-only"],
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: {
      path: "\\.d\\.ts$|/fixtures/(?!imports/|fourth-cloud/)|^cdktf\\.out|^dist/|^docs/\\.vitepress/(dist|cache)/",
    },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".js", ".cjs", ".json"] },
  },
};
