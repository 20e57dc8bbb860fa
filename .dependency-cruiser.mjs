/**
 * Who may import whom. Read a rule as "from X, only these": everything else of ours is forbidden. Tests are free.
 */
const ours = "^(packages|channels)/";
const tests = "\\.(test|bench|test\\.helper)\\.tsx?$|/test-support/";

/** Package folder to the package folders it may import. */
const allowed = {
  domain: [],
  protocol: ["domain"],
  client: ["domain", "protocol"],
  core: ["domain", "protocol"],
  media: ["domain", "core"],
  store: ["domain", "protocol", "core"],
  cluster: ["domain", "protocol", "core"],
  agents: ["domain", "protocol", "core"],
  server: ["domain", "protocol", "core", "store", "cluster", "agents", "media"],
  cli: ["domain", "protocol", "core", "client", "server", "sandbox"],
  console: ["domain", "protocol", "client", "sandbox"],
  sandbox: ["domain", "protocol", "client"],
  testkit: ["domain", "protocol", "core", "client"],
  "channel-kit": ["domain"],
  "simulator-kit": ["domain"],
  interop: ["domain", "protocol", "server", "testkit"],
};

const packageRules = Object.entries(allowed).map(([name, targets]) => ({
  name: `${name}-imports`,
  comment: `packages/${name} may import ${targets.length > 0 ? targets.join(", ") : "nothing of ours"}.`,
  severity: "error",
  from: { path: `^packages/${name}/`, pathNot: tests },
  to: { path: ours, pathNot: `^packages/(${[name, ...targets].join("|")})/` },
}));

export default {
  forbidden: [
    ...packageRules,
    {
      name: "channel-imports",
      comment: "A channel imports the domain, the channel kit and its own SDK, nothing else of ours.",
      severity: "error",
      from: { path: "^channels/([^/]+)/(?!simulator/)", pathNot: tests },
      to: { path: ours, pathNot: "^(packages/domain|packages/channel-kit|channels/$1)/" },
    },
    {
      name: "simulator-imports",
      comment: "A simulator imports the domain, both kits and its own channel, nothing else of ours.",
      severity: "error",
      from: { path: "^channels/([^/]+)/simulator/", pathNot: tests },
      to: { path: ours, pathNot: "^(packages/domain|packages/channel-kit|packages/simulator-kit|channels/$1)/" },
    },
    {
      name: "no-channel-from-packages",
      comment: "Channels are discovered, never imported by name.",
      severity: "error",
      from: { path: "^packages/", pathNot: tests },
      to: { path: "^channels/" },
    },
    {
      name: "channel-source-not-simulator",
      comment: "A channel does not know its simulator.",
      severity: "error",
      from: { path: "^channels/[^/]+/src/", pathNot: tests },
      to: { path: "^channels/[^/]+/simulator/" },
    },
    {
      name: "no-io-in-domain-and-core",
      comment: "Domain, protocol and core do no I/O of their own.",
      severity: "error",
      from: { path: "^packages/(domain|protocol|core)/src/", pathNot: tests },
      to: { path: "^(node:)?(fs|fs/promises|net|http|https|http2|dgram|dns|child_process|worker_threads|sqlite|tls)$" },
    },
    {
      name: "ws-by-its-index",
      comment:
        "What the WebSocket protocol shows of itself stands in ws/index.ts; what every face needs is in callers or lines.",
      severity: "error",
      from: { path: "^packages/server/src/(?!ws/)", pathNot: tests },
      to: { path: "^packages/server/src/ws/", pathNot: "^packages/server/src/ws/index\\.ts$" },
    },
    {
      name: "callers-and-lines-know-no-face",
      comment: "Who is at the other end, and a line to it, are the same for every face.",
      severity: "error",
      from: { path: "^packages/server/src/(callers|lines)/", pathNot: tests },
      to: { path: "^packages/server/src/", pathNot: "^packages/server/src/(callers|lines)/" },
    },
    {
      name: "no-cycles",
      comment: "Cycles make files impossible to read one at a time.",
      severity: "error",
      from: { path: ours, pathNot: tests },
      to: { circular: true, dependencyTypesNot: ["type-only"], viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-type-cycles",
      comment: "What two files know of each other by type alone belongs into one of them, or into a third.",
      severity: "error",
      from: {
        path: "^(channels|packages/(domain|core|media|agents|channel-kit|simulator-kit|testkit))/",
        pathNot: tests,
      },
      to: { circular: true },
    },
    {
      name: "no-undeclared",
      comment: "What a package imports stands in its package.json.",
      severity: "error",
      from: { path: ours, pathNot: tests },
      to: { pathNot: ours, dependencyTypes: ["npm-no-pkg", "npm-unknown", "undetermined"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/|/fixtures/" },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@switchboard/source", "import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json", ".d.ts"],
    },
    moduleSystems: ["es6", "cjs"],
  },
};
