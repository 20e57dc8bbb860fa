/**
 * A channel whose accounts log in by steps, for tests: a QR code that changes until somebody scans it, then a code to
 * type where the platform asks for one. The platform is `startStepsPlatform`. Tests install it as a third party's.
 */
import {
  type ChannelId,
  type Connection,
  type ConversationId,
  DEFAULT_RETRY,
  defineChannel,
  formatMarkdown,
  type JsonObject,
  type LoginRequest,
  type MessageId,
  type PeerId,
  parseJsonObject,
  type RawEvent,
  SwitchboardError,
} from "@switchboard/domain";
import { Type } from "@switchboard/domain/schema";

const LOOK_EVERY_MS = 50;

const steps = defineChannel({
  id: "steps" as ChannelId,
  label: "Steps",
  transports: ["websocket"],
  capabilities: {
    text: { maxLength: 4_000, unit: "utf16" },
    attachments: {},
    controls: { buttons: 0, selects: false, valueBytes: 64 },
    threads: false,
    replies: false,
    edits: false,
    deletes: false,
    reactions: { in: false, out: false },
    receipts: { delivered: false, read: false },
    reconciles: false,
  },
  retry: DEFAULT_RETRY,
  rateLimits: { account: { perSecond: 10, burst: 10 } },
  config: {
    schema: Type.Object(
      { token: Type.String({ minLength: 1 }), baseUrl: Type.String({ pattern: "^https?://" }) },
      { additionalProperties: false },
    ),
    secrets: ["token"],
    env: { STEPS_BASE_URL: "baseUrl" },
  },
  login: { kind: "qr", own: ["token"], run },
  unbundle: (update) => [update as RawEvent],
  normalise: () => [],
  render: ({ body }) => [{ payload: null, preview: formatMarkdown(body) }],
  markDuplicate: (part) => part,
  parseTarget: (text) => ({ conversation: text as ConversationId, kind: "direct" }),
  async open({ config }): Promise<Connection> {
    let connected = false;
    return {
      async connect() {
        const { phone } = await ask(config.baseUrl, "me", { token: config.token });
        connected = true;
        return { self: { id: phone as PeerId }, transport: "websocket" };
      },
      async disconnect() {
        connected = false;
      },
      isConnected: () => connected,
      send: async () => ({ messageIds: ["m" as MessageId] }),
      logout: async () => {
        await ask(config.baseUrl, "logout", { token: config.token });
      },
    };
  },
});

export default steps;

async function run({ askCode, config, showQr, sleep, wait }: LoginRequest) {
  const baseUrl = String(config.baseUrl);
  const login = String((await ask(baseUrl, "begin", {})).login);
  let shown: unknown;
  for (;;) {
    const { asks, phone, qr, token } = await ask(baseUrl, "look", { login });
    if (typeof token === "string") return { config: { token }, self: { id: phone as PeerId } };
    if (asks === true) {
      const code = await askCode(shown === "asked" ? "That was wrong. Type it again." : "Type the code on the phone.");
      shown = "asked";
      await wait("The code is being checked.");
      await ask(baseUrl, "code", { login, code });
    } else if (qr !== shown) {
      shown = qr;
      await showQr(String(qr), "Scan this with the phone.");
    }
    await sleep(LOOK_EVERY_MS);
  }
}

async function ask(baseUrl: string, path: string, body: JsonObject): Promise<JsonObject> {
  const answer = await fetch(`${baseUrl}/${path}`, { method: "POST", body: JSON.stringify(body) });
  const said = parseJsonObject(await answer.text()) as JsonObject | undefined;
  if (answer.status === 401) throw new SwitchboardError("CONN_002", "The platform does not know this token.");
  if (!said || !answer.ok) throw new SwitchboardError("CONN_001", "The platform does not answer.");
  return said;
}
