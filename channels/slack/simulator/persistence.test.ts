/** A workspace outlives its process. */
import { join } from "node:path";
import { completed, type JsonObject, textContent } from "@switchboard/domain";
import { keptProcess } from "@switchboard/simulator-kit/testing";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect, it } from "vitest";
import { configSpec } from "../src/config.ts";
import { install } from "../src/install.ts";
import { letIn } from "../src/let-in.test.helper.ts";
import { scene, targetOf } from "../src/scene.test.helper.ts";
import { startSimulator } from "./index.ts";

const SCRIPT = join(import.meta.dirname, "testing", "kept-simulator.ts");

async function post<T extends JsonObject>(url: string, body: object, token?: string): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  });
  const answer = (await response.json()) as T;
  if (!response.ok || answer.ok === false) throw new Error(JSON.stringify(answer));
  return answer;
}

it("Q-6 every message it answered for outlives SIGKILL, and so does what it has to tell, in each workspace", async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, "slack.sqlite");
  let child = await keptProcess<JsonObject>(SCRIPT, file);
  /** The account's, with what installing needs. */
  const config = child.told;
  const url = new URL(String(config.baseUrl)).origin;
  const redirectUrl = "http://127.0.0.1:9/install/slack";
  const asked = { config: completed(configSpec.schema, config, "config"), redirectUrl, state: "s" };
  const sent: string[] = [];
  try {
    const code = (await letIn(install.authorizeUrl(asked), "Acme")).searchParams.get("code") ?? "";
    const { botToken: guest } = (await install.complete({ ...asked, code, signal: AbortSignal.timeout(20_000) }))
      .config;
    const ann = { kind: "person", name: "Ann" };
    const home = { pane: `${url}/pane/act`, token: String(config.botToken), name: "home" };
    const acme = { pane: `${url}/pane/act?account=Acme`, token: String(guest), name: "Acme" };
    const places = await Promise.all(
      [home, acme].map(async (place) => ({
        ...place,
        ...(await post<{ chat: string; person: string }>(place.pane, ann)),
      })),
    );
    for (let round = 0; round < 4; round += 1) {
      for (const { chat, name, pane, person } of places) {
        await post(pane, { kind: "say", person, chat, text: `${name} ${round}` });
      }
      // Several at once, so that the kill meets some on their way.
      const answers = Array.from({ length: 10 }, (_, index) =>
        places.map(({ chat, name, token }) =>
          post<{ ts: string }>(
            `${url}/api/chat.postMessage`,
            { channel: chat, text: `answer ${round}.${index}` },
            token,
          ).then(
            ({ ts }) => sent.push(`${name} ${ts}`),
            () => undefined,
          ),
        ),
      ).flat();
      await Promise.race(answers);
      await child.kill();
      await Promise.all(answers);
      child = await keptProcess<JsonObject>(SCRIPT, file, Number(new URL(url).port));
      expect(child.told).toEqual(config);
    }
  } finally {
    await child.kill();
  }
  const simulator = await startSimulator({ file, acknowledgeMs: 100 });
  const kept = [
    ...simulator.sent().map(({ id }) => `home ${id}`),
    ...simulator
      .account("Acme")
      .sent()
      .map(({ id }) => `Acme ${id}`),
  ];
  expect(sent.filter((each) => !kept.includes(each))).toEqual([]);
  expect(new Set(kept).size).toBe(kept.length);
  expect(sent.length).toBeGreaterThan(3);
  {
    await using it = await scene({ simulator });
    const texts = () =>
      it.received().map(({ payload }) => ((payload as JsonObject).event as JsonObject | undefined)?.text as string);
    const wanted = [0, 1, 2, 3].flatMap((round) => [`home ${round}`, `Acme ${round}`]);
    await it.until(() => wanted.every((text) => texts().includes(text)), "everything that was said");
  }
  await simulator.close();
});

it("CH-2 people, channels, messages, tokens and what waits are kept in the file", async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, "slack.sqlite");
  const first = await startSimulator({ file, acknowledgeMs: 100 });
  const config = first.accountConfig();
  const { conversation } = await first.createGroup({ title: "Team", people: ["Ann"] });
  await first.say({ from: "Ann", conversation, text: "before" });
  {
    await using it = await scene({ simulator: first });
    const event = await it.event("message", ({ content }) => content.text === "before");
    await it.send(targetOf(event), textContent("an answer"));
  }
  await first.say({ from: "Ann", conversation, text: "while nobody was there" });
  await first.close();
  const second = await startSimulator({ file, acknowledgeMs: 100 });
  expect(second.accountConfig().botToken).toBe(config.botToken);
  expect(second.sent({ conversation }).map(({ text }) => text)).toEqual(["an answer"]);
  {
    await using it = await scene({ simulator: second });
    await it.event("message", ({ content }) => content.text === "while nobody was there");
  }
  await second.close();
});
