/**
 * Stands in for Telegram: the part of the Bot API that the gateway uses for text, on bare sockets. It keeps no world,
 * so that the machine is left to what is measured; the simulator, which does, is what the tests run against.
 */
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

export interface Platform {
  /** Where the Bot API is. */
  readonly url: string;
  /** Webhooks as bots registered them, by bot number. */
  readonly webhooks: ReadonlyMap<string, Webhook>;
  /** Forgets every webhook, as if nobody had registered one. */
  forget(): void;
  /** Hears every `sendMessage`, the moment it has been read. */
  onSend: (chat: number, text: string) => void;
  close(): Promise<void>;
}

type Parameters = Readonly<Record<string, unknown>>;

export async function startPlatform(): Promise<Platform> {
  const webhooks = new Map<string, Webhook>();
  const sockets = new Set<Socket>();
  const platform = { url: "", webhooks, onSend: () => {}, forget: () => webhooks.clear(), close } as {
    -readonly [Name in keyof Platform]: Platform[Name];
  };
  let messages = 0;

  function perform(bot: string, method: string, parameters: Parameters): unknown {
    switch (method) {
      case "sendMessage": {
        const { chat_id: chat, text } = parameters as { readonly chat_id: number; readonly text: string };
        platform.onSend(chat, text);
        messages += 1;
        return { message_id: messages, date: 1_700_000_000, chat: { id: chat, type: "private" }, text };
      }
      case "getMe":
        return { id: Number(bot), is_bot: true, first_name: "Bench", username: `bench_${bot}_bot`, ...ABILITIES };
      case "setWebhook":
        webhooks.set(bot, { url: String(parameters.url), secret: String(parameters.secret_token) });
        return true;
      case "getWebhookInfo":
        return { url: webhooks.get(bot)?.url ?? "", has_custom_certificate: false, pending_update_count: 0 };
      case "deleteWebhook":
        return webhooks.delete(bot) || true;
      case "setMyCommands":
      case "sendChatAction":
        return true;
      default:
        throw new Error(`The stand-in for Telegram does not know ${method}.`);
    }
  }

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let received: Buffer = Buffer.alloc(0);
    socket.on("data", (piece: Buffer) => {
      received = received.length === 0 ? piece : Buffer.concat([received, piece]);
      for (let request = takeRequest(received); request; request = takeRequest(received)) {
        received = received.subarray(request.size);
        const [, bot = "", method = ""] = /^\/bot(\d+):[\w-]+\/(\w+)$/.exec(request.path) ?? [];
        const parameters = request.body === "" ? {} : (JSON.parse(request.body) as Parameters);
        const answer = JSON.stringify({ ok: true, result: perform(bot, method, parameters) });
        socket.write(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(answer)}\r\nconnection: keep-alive\r\n\r\n${answer}`,
        );
      }
    });
  });

  async function close(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  platform.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return platform;
}

const ABILITIES = { can_join_groups: true, can_read_all_group_messages: true, supports_inline_queries: false };

interface Request {
  readonly path: string;
  readonly body: string;
  /** Bytes of the whole. */
  readonly size: number;
}

/** The first whole request in what was received. Bodies with a length or without any. */
function takeRequest(received: Buffer): Request | undefined {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = received.toString("latin1", 0, end);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (/\r\ntransfer-encoding:/i.test(head)) throw new Error("The stand-in for Telegram takes no chunked bodies.");
  const size = end + 4 + length;
  if (received.length < size) return undefined;
  return {
    path: head.slice(head.indexOf(" ") + 1, head.indexOf(" HTTP/")),
    body: received.toString("utf8", end + 4, size),
    size,
  };
}
