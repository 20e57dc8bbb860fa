/** What a simulator with a file keeps when it is killed. */
import { join } from "node:path";
import { keptProcess, webhookTarget } from "@switchboard/simulator-kit/testing";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { startSimulator } from "./index.ts";

interface Told {
  readonly accessToken: string;
  readonly baseUrl: string;
  readonly phoneNumberId: string;
}

const SCRIPT = join(import.meta.dirname, "testing", "kept-simulator.ts");

async function post<T>(url: string, body: object, token?: string): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

const callOf = ({ accessToken, baseUrl, phoneNumberId }: Told) => ({
  messages: (to: string, body: string) =>
    post<{ readonly messages: [{ readonly id: string }] }>(
      `${baseUrl}/v23.0/${phoneNumberId}/messages`,
      { messaging_product: "whatsapp", to, type: "text", text: { body } },
      accessToken,
    ),
  act: (action: object) => post<{ readonly person: string; readonly chat: string }>(`${baseUrl}/pane/act`, action),
});

describe("Q-6 a simulator with a file", () => {
  it("keeps every message it answered for over SIGKILL", async () => {
    await using place = await temporaryDirectory();
    const file = join(place.path, "world.sqlite");
    let child = await keptProcess<Told>(SCRIPT, file);
    const { accessToken, phoneNumberId } = child.told;
    const port = Number(new URL(child.told.baseUrl).port);
    const sent: string[] = [];
    try {
      const { chat, person } = await callOf(child.told).act({ kind: "person", name: "Ada" });
      for (let round = 0; round < 3; round += 1) {
        const { act, messages } = callOf(child.told);
        await act({ kind: "say", person, chat, text: `question ${round}` });
        // Several at once, so that the kill meets some on their way.
        const answers = Array.from({ length: 20 }, (_, index) =>
          messages(person, `answer ${round}.${index}`).then(
            (answer) => sent.push(answer.messages[0].id),
            () => undefined,
          ),
        );
        await Promise.race(answers);
        await child.kill();
        await Promise.all(answers);
        child = await keptProcess<Told>(SCRIPT, file, port);
      }
    } finally {
      await child.kill();
    }
    const after = await startSimulator({ file });
    try {
      expect(after.accountConfig()).toMatchObject({ accessToken, phoneNumberId });
      const kept = after.sent().map(({ id }) => id as string);
      expect(sent.length).toBeGreaterThan(0);
      expect(sent.filter((id) => !kept.includes(id))).toEqual([]);
      expect(new Set(kept).size).toBe(kept.length);
    } finally {
      await after.close();
    }
  });

  it("keeps files, templates, the webhook, and what is on its way to it", async () => {
    await using place = await temporaryDirectory();
    const file = join(place.path, "world.sqlite");
    let isUp = false;
    // Answers Meta's challenge; takes events only later.
    await using target = await webhookTarget(({ path }) => {
      const challenge = new URL(path, "http://here").searchParams.get("hub.challenge");
      if (challenge !== null) return { status: 200, body: challenge };
      return { status: isUp ? 200 : 503 };
    });
    const first = await startSimulator({ file, webhookRetryMs: 20 });
    const { accessToken, phoneNumberId } = first.accountConfig() as Record<string, string>;
    const { businessAccountId } = first.accountConfig() as Record<string, string>;
    await post(`${first.url}/v23.0/${businessAccountId}/subscribed_apps`, {}, accessToken);
    const webhook = { webhook_configuration: { override_callback_uri: target.url, verify_token: "word" } };
    await post(`${first.url}/v23.0/${phoneNumberId}`, webhook, accessToken);
    const bytes = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
    await first.say({ from: "Ann", text: "kept", attach: { kind: "image", bytes, mimeType: "image/jpeg" } });
    await first.account("other").say({ from: "Ann", text: "elsewhere" });
    await target.count(2);
    await first.close();
    isUp = true;
    const seen = target.deliveries.length;
    const second = await startSimulator({ file, webhookRetryMs: 20 });
    try {
      await target.count(seen + 1);
      const told = JSON.parse(target.deliveries[seen]?.body ?? "{}");
      const [message] = told.entry[0].changes[0].value.messages;
      expect(message).toMatchObject({ type: "image", image: { caption: "kept", mime_type: "image/jpeg" } });
      const headers = { authorization: `Bearer ${accessToken}` };
      const media = await (await fetch(`${second.url}/v23.0/${message.image.id}`, { headers })).json();
      const answer = await fetch((media as { readonly url: string }).url, { headers });
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
    } finally {
      await second.close();
    }
  });
});
