/**
 * Runs one turn and prints what it loaded and cost, as JSON:
 *
 *     node --conditions=@switchboard/source packages/agents/src/test-support/import-cost.ts echo|openai|anthropic
 */
import { registerHooks } from "node:module";

const runtime = process.argv[2] ?? "echo";
const loaded = new Set<string>();

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(found.url)?.[1];
    if (name !== undefined) loaded.add(name);
    return found;
  },
});

const { startModelServer } = await import("@switchboard/testkit/model-server");
const server = await startModelServer();
const before = { rss: process.memoryUsage().rss, at: performance.now() };
const { createAgentRuntimes } = await import("../index.ts");
const imported = performance.now();
const { anAgent, aRequest, ask } = await import("./ask.ts");
const agent = anAgent(
  runtime === "echo"
    ? {}
    : {
        runtime: runtime === "anthropic" ? "anthropic" : "openai",
        baseUrl: server.baseUrl,
        model: "m",
        apiKey: "none",
      },
);
const request = aRequest(agent);
const start = performance.now();
const loadedRuntime = await createAgentRuntimes().runtimeFor(agent);
const ready = performance.now();
const { text } = await ask(loadedRuntime, request);
const firstTurn = performance.now();
await ask(loadedRuntime, request);
const secondTurn = performance.now();
const heavy = [...loaded].filter((name) => name === "ai" || name === "zod" || name.startsWith("@ai-sdk/")).sort();
const ms = (value: number) => Number(value.toFixed(1));
console.log(
  JSON.stringify({
    runtime,
    text,
    heavy,
    importMs: ms(imported - before.at),
    runtimeForMs: ms(ready - start),
    firstTurnMs: ms(firstTurn - ready),
    secondTurnMs: ms(secondTurn - firstTurn),
    rssMb: ms((process.memoryUsage().rss - before.rss) / 1_000_000),
  }),
);
await server.close();
