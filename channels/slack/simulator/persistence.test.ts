/** A workspace outlives its process. */
import { join } from "node:path";
import { textContent } from "@switchboard/domain";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect, it } from "vitest";
import { scene, targetOf } from "../src/scene.test.helper.ts";
import { startSimulator } from "./index.ts";

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
