/** Webhook calls: genuine ones are let in, everything else is kept out before it is read. */
import { SwitchboardError, textContent, type WebhookRequest } from "@switchboard/domain";
import { expect } from "vitest";
import { messageOf, type Scene } from "./scene.ts";
import type { Suite } from "./suite.ts";

/** Why a call may be refused: the signature is wrong, or the check itself says so. */
const REFUSALS = ["SEC_002", "CONN_004"];

export function guardsWebhooks(suite: Suite): void {
  const { channel, scene, simulator, test } = suite;
  const { webhook } = channel;
  if (!webhook) return;
  const presses = webhook.brings === "interactions";
  const called = () => scene(presses ? { interactions: true } : { transport: "webhook" });

  /** The platform calls, and is believed: somebody wrote or, where that comes another way, pressed a button. */
  const call = async (it: Scene, text: string) => {
    if (!presses) {
      await it.simulator.say({ from: "Ann", text });
      await it.event("message", ({ content }) => content.text === text);
      return;
    }
    const target = await it.greeted();
    const controls = [[{ kind: "button", label: text, value: text } as const]];
    const messageId = messageOf(await it.send(target, textContent("Press.", { controls })));
    await it.simulator.press({ from: "Ann", conversation: target.conversation, messageId, label: text });
    await it.event("control", ({ value }) => value === text);
  };

  /** A call as the platform makes it, and how the channel judges a call. */
  const genuine = async (it: Scene) => {
    await call(it, "genuine");
    const request = it.door?.requests.at(-1);
    const secret = it.door?.secret;
    if (!request || secret === undefined) throw new Error("no call came");
    const config = it.account.context.config as Readonly<Record<string, unknown>>;
    // Platforms sign with the webhook's secret or with one of the account's own, or with a key that goes with one of
    // the settings: another account has others.
    await using other = await simulator();
    const settings = { ...config, ...other.accountConfig(presses ? {} : { transport: "webhook" }) };
    const foreign = (own: string) => ({
      ...settings,
      ...Object.fromEntries(channel.config.secrets.map((name) => [name, own])),
    });
    const judge = (call: WebhookRequest, own = secret): string => {
      try {
        webhook.verify(call, { config: own === secret ? config : foreign(own), secret: own });
        return "accepted";
      } catch (thrown) {
        if (!(thrown instanceof SwitchboardError)) throw thrown;
        for (const text of [secret, own]) expect(thrown.message).not.toContain(text);
        return thrown.code;
      }
    };
    return { request, secret, judge };
  };

  test("GHSA-xh72 lets the platform's own calls in", async () => {
    await using it = await called();
    const { judge, request } = await genuine(it);
    expect(judge(request)).toBe("accepted");
    expect(webhook.parse(request)).toHaveLength(1);
  });

  test("CVE-2026-26319 GHSA-xh72 refuses every call whose proof was tampered with", async () => {
    await using it = await called();
    const { judge, request, secret } = await genuine(it);
    const needed = Object.keys(request.headers).filter(
      (name) => judge(withHeader(request, name, undefined)) !== "accepted",
    );
    expect(needed.length, "no header is needed: anybody could call").toBeGreaterThan(0);
    for (const name of needed) {
      expect(REFUSALS).toContain(judge(withHeader(request, name, undefined)));
      for (const forged of forgeries(request.headers[name] ?? "")) {
        expect(REFUSALS, `${name}: ${forged.slice(0, 80)}`).toContain(judge(withHeader(request, name, forged)));
      }
    }
    for (const other of [
      `${secret}x`,
      secret.slice(1),
      secret.toUpperCase(),
      "another-secret-altogether-0123456789abcdef",
    ]) {
      expect(REFUSALS, "another account's secret").toContain(judge(request, other));
    }
    expect(REFUSALS).toContain(judge({ ...request, headers: {} }));
  });

  test("SEC_002 a forged call is not stored, and the next genuine one is", async () => {
    await using it = await called();
    const { request } = await genuine(it);
    const before = it.account.received.length;
    const { url } = request;
    const answer = await fetch(url, {
      method: "POST",
      body: request.body.slice(),
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(it.account.received.length).toBe(before);
    await call(it, "after");
  });

  test("REQ_001 a body that cannot be read is refused", async () => {
    await using it = await called();
    const { request } = await genuine(it);
    for (const text of ["", "{", "nonsense", "[", '{"a":', "\u0000", "null"]) {
      const call = { ...request, body: new TextEncoder().encode(text) };
      expect(() => webhook.parse(call), JSON.stringify(text)).toThrow(expect.objectContaining({ code: "REQ_001" }));
    }
    expect(() => webhook.parse({ ...request, body: new Uint8Array([0xff, 0xfe, 0x80]) })).toThrow(SwitchboardError);
  });
}

function withHeader(request: WebhookRequest, name: string, value: string | undefined): WebhookRequest {
  const { [name]: _, ...others } = request.headers;
  return { ...request, headers: value === undefined ? others : { ...others, [name]: value } };
}

/** Every single character changed, and the usual tricks. */
function forgeries(value: string): string[] {
  const changed = [...value].map((character, index) => {
    return value.slice(0, index) + (character === "a" ? "b" : "a") + value.slice(index + 1);
  });
  return [
    ...changed,
    "",
    " ",
    value.slice(0, -1),
    `${value}x`,
    `x${value}`,
    value + value,
    [...value].reverse().join(""),
  ].filter((forged) => forged !== value);
}
