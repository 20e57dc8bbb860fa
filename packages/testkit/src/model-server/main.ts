/**
 * Runs the model server by itself, for trying the gateway without a provider:
 *
 *     node --conditions=@switchboard/source packages/testkit/src/model-server/main.ts --port 18080 --delay 40
 */
import { parseArgs } from "node:util";
import { behaveByWords, WORDS } from "./by-words.ts";
import { startModelServer } from "./server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "18080" },
    host: { type: "string", default: "127.0.0.1" },
    delay: { type: "string", default: "40" },
    key: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(
    "Options: --port 18080, --host 127.0.0.1, --delay 40 (milliseconds between pieces), --key <only this one>",
  );
} else {
  const port = numberOf("port", values.port, 65_535);
  const server = await startModelServer({
    port,
    host: values.host,
    ...(values.key !== undefined && { apiKey: values.key }),
    remember: 10,
    otherwise: behaveByWords({ delayMs: numberOf("delay", values.delay, 60_000) }),
  });
  console.log(`Model server on ${server.baseUrl} (OpenAI and Anthropic protocols).`);
  console.log(`Use it with: OPENAI_BASE_URL=${server.baseUrl} OPENAI_MODEL=test-model`);
  console.log(`Write to the agent \`model\` and one of these words:\n- ${WORDS}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());
}

function numberOf(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > most) {
    console.error(`--${name} has to be a whole number from 0 to ${most}.`);
    process.exit(2);
  }
  return value;
}
