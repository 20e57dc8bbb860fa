import { join } from "node:path";
import { keptProcess } from "@switchboard/simulator-kit/testing";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect, it } from "vitest";
import { startSimulator } from "./index.ts";

interface Told {
  readonly accountSid: string;
  readonly authToken: string;
  readonly baseUrl: string;
  readonly number: string;
}

const SCRIPT = join(import.meta.dirname, "testing", "kept-simulator.ts");

async function post<T>(url: string, body: string | URLSearchParams, headers: Record<string, string>): Promise<T> {
  const response = await fetch(url, { method: "POST", body, headers });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

const act = ({ baseUrl }: Told, action: object) =>
  post<{ readonly person: string; readonly chat: string }>(`${baseUrl}/pane/act`, JSON.stringify(action), {
    "content-type": "application/json",
  });

const send = ({ accountSid, authToken, baseUrl, number }: Told, to: string, text: string) =>
  post<{ readonly sid: string }>(
    `${baseUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`,
    new URLSearchParams({ To: to, From: number, Body: text }),
    { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}` },
  );

it("Q-6 CH-6 every message it answered for outlives SIGKILL, with what people wrote before", async () => {
  await using place = await temporaryDirectory();
  const file = join(place.path, "sms.db");
  let child = await keptProcess<Told>(SCRIPT, file);
  const { told } = child;
  const sent: string[] = [];
  try {
    const { chat } = await act(told, { kind: "person", name: "Ann" });
    for (let round = 0; round < 3; round += 1) {
      await act(told, { kind: "say", person: chat, chat, text: `question ${round}` });
      // Several at once, so that the kill meets some on their way.
      const answers = Array.from({ length: 20 }, (_, index) =>
        send(told, chat, `answer ${round}.${index}`).then(
          ({ sid }) => sent.push(sid),
          () => undefined,
        ),
      );
      await Promise.race(answers);
      await child.kill();
      await Promise.all(answers);
      child = await keptProcess<Told>(SCRIPT, file, Number(new URL(told.baseUrl).port));
      expect(child.told).toEqual(told);
    }
  } finally {
    await child.kill();
  }
  const after = await startSimulator({ file });
  try {
    const kept = after.sent().map(({ id }) => id as string);
    expect(sent.length).toBeGreaterThan(2);
    expect(sent.filter((sid) => !kept.includes(sid))).toEqual([]);
    expect(new Set(kept).size).toBe(kept.length);
    expect(after.shown("Ann").filter((text) => text.startsWith("question"))).toEqual([
      "question 0",
      "question 1",
      "question 2",
    ]);
  } finally {
    await after.close();
  }
});

it("CH-6 phones, messages, files, opt-outs and the webhook are there after a restart", async () => {
  await using place = await temporaryDirectory();
  const file = join(place.path, "sms.db");
  const first = await startSimulator({ file });
  const { authToken, accountSid } = first.accountConfig() as Record<string, string>;
  await first.say({
    from: "Ann",
    text: "kept",
    attach: { kind: "image", bytes: new Uint8Array([1, 2]), mimeType: "image/png" },
  });
  await first.say({ from: "Ben", text: "STOP" });
  await first.account("other").say({ from: "Ann", text: "elsewhere" });
  const numbers = [first.numberOf("Ann"), first.numberOf("Ben")];
  await first.close();
  const second = await startSimulator({ file });
  try {
    expect(second.accountConfig()).toMatchObject({ authToken, accountSid });
    expect([second.numberOf("Ann"), second.numberOf("Ben")]).toEqual(numbers);
    expect(second.shown("Ann")).toEqual(["kept"]);
    expect(second.account("other").shown("Ann")).toEqual(["elsewhere"]);
    const said = await second.say({ from: "Ann", text: "new" });
    expect(second.shown("Ann")).toEqual(["kept", "new"]);
    expect(said.messageId).toMatch(/^SM[0-9a-f]{32}$/);
    const answer = await fetch(`${second.url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}` },
      body: new URLSearchParams({ To: numbers[1] ?? "", From: second.number, Body: "still out" }),
    });
    expect(await answer.json()).toMatchObject({ code: 21610 });
  } finally {
    await second.close();
  }
});
