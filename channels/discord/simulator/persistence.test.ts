/** What a simulator with a file keeps when it is killed, and that a bot's session goes on over that. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type JsonObject, textContent } from "@switchboard/domain";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect, it } from "vitest";
import { answerTo, discordScene } from "../src/scene.test.helper.ts";
import { startSimulator } from "./index.ts";

interface Child {
  readonly process: ChildProcess;
  readonly config: JsonObject;
  readonly url: string;
}

async function startChild(file: string, port = 0): Promise<Child> {
  const script = join(import.meta.dirname, "testing", "kept-simulator.ts");
  const child = fork(script, [file, String(port)], { execArgv: ["--conditions=@switchboard/source"] });
  const [config] = (await once(child, "message")) as [JsonObject];
  return { process: child, config, url: String(config.baseUrl) };
}

async function kill({ process: child }: Child): Promise<void> {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

async function act<T>({ url }: Child, action: object): Promise<T> {
  const response = await fetch(`${url}/pane/act`, {
    method: "POST",
    body: JSON.stringify(action),
    headers: { "content-type": "application/json" },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

it("Q-6 people, servers, messages, commands and the bot's session are there after SIGKILL", async () => {
  await using place = await temporaryDirectory();
  const file = join(place.path, "discord.db");
  let child = await startChild(file);
  const port = Number(new URL(child.url).port);
  // The scene's own simulator is only there for its shape; the account is at the child's.
  await using spare = await startedSpare();
  try {
    const memory = new Map<string, string>();
    const scene = () => discordScene({ simulator: spare.simulator, config: child.config, memory });
    const first = await scene();
    await first.connect();
    const { chat, person } = await act<{ chat: string; person: string }>(child, { kind: "person", name: "Ann" });
    await act(child, { kind: "say", person, chat, text: "one" });
    await first.send(answerTo(await first.event("message")), textContent("an answer"));
    const { token } = child.config;
    // With the bot's socket open and nothing closed in good order.
    await kill(child);
    await first[Symbol.asyncDispose]();
    child = await startChild(file, port);
    expect(child.config.token).toBe(token);
    const response = await fetch(`${child.url}/pane/messages?chat=${chat}`);
    const messages = (await response.json()) as { text: string }[];
    expect(messages.map(({ text }) => text)).toEqual(["one", "an answer"]);
    await act(child, { kind: "say", person, chat, text: "two" });
    await using second = await scene();
    await second.connect();
    expect(await second.event("message")).toMatchObject({ content: { text: "two" } });
    const state = (await (await fetch(`${child.url}/pane/state`)).json()) as { commands: { command: string }[] };
    expect(state.commands.map(({ command }) => command)).toEqual(["status"]);
  } finally {
    await kill(child);
  }
}, 60_000);

async function startedSpare() {
  const simulator = await startSimulator();
  return { simulator, [Symbol.asyncDispose]: () => simulator.close() };
}
