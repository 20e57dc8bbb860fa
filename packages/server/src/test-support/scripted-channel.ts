/** A channel whose platform the test plays, call by call: for what no simulator can be made to do at a given moment. */
import {
  type AccountContext,
  type Channel,
  type ChannelId,
  type Connected,
  type Connection,
  type ConversationId,
  DEFAULT_RETRY,
  defineChannel,
  formatMarkdown,
  type InboundEvent,
  type MessageId,
  type OutboundPart,
  type PeerId,
  type RawEvent,
  type SelfIdentity,
  type SendReceipt,
  type Target,
} from "@switchboard/domain";
import { type Static, Type } from "@switchboard/domain/schema";

export const SCRIPTED = "scripted" as ChannelId;

const Said = Type.Object({
  from: Type.String(),
  text: Type.String(),
  at: Type.Integer(),
  /** The value of a button, whether there is such a button or not. */
  pressed: Type.Optional(Type.String()),
});
type Said = Static<typeof Said>;

/** What the platform does; every function may be exchanged at any time. */
export interface Script {
  /** Default: connected at once. */
  connect?: (opened: Opened) => Promise<void>;
  /** Default: a bot that is the same everywhere. */
  self?: (opened: Opened) => SelfIdentity;
  /** Default: let go at once. */
  disconnect?: (opened: Opened) => Promise<void>;
  /** Default: taken. */
  send?: (target: Target, part: OutboundPart, signal: AbortSignal) => Promise<SendReceipt | undefined>;
  /** May throw what it cannot show. */
  render?: (text: string) => void;
  reconcile?: Connection["reconcile"];
  probe?: Connection["probe"];
  annotate?: Connection["annotate"];
  stored?: Connection["stored"];
  react?: Connection["react"];
  interact?: Connection["interact"];
}

/** A connection that was opened. */
export interface Opened {
  readonly account: string;
  readonly config: { readonly token: string };
  readonly context: AccountContext;
  /** Between `connect` and `disconnect`. */
  live: boolean;
  lose(error: unknown): void;
  receive(...events: readonly RawEvent[]): Promise<void>;
}

export interface ScriptedPlatform {
  readonly channel: Channel;
  readonly script: Script;
  readonly opened: readonly Opened[];
  /** What was taken, in order. */
  readonly sent: readonly Taken[];
}

interface Taken {
  readonly account: string;
  readonly conversation: ConversationId;
  readonly text: string;
  /** What the message's buttons would give back. */
  readonly buttons: readonly string[];
}

export function scriptedPlatform({
  buttons = 0,
  reactions = { in: false, out: false },
  reconciles = false,
  ...overrides
}: Partial<Pick<Channel, "app" | "install" | "login" | "rateLimits" | "retry" | "unbundle" | "webhook">> & {
  readonly buttons?: number;
  /** With `out`, `script.react` has to be there. */
  readonly reactions?: Channel["capabilities"]["reactions"];
  /** Then `script.reconcile` has to be there. */
  readonly reconciles?: boolean;
} = {}): ScriptedPlatform {
  const script: Script = {};
  const opened: Opened[] = [];
  const sent: Taken[] = [];
  const channel = defineChannel({
    id: SCRIPTED,
    label: "Scripted",
    transports: ["websocket"],
    capabilities: {
      text: { maxLength: 4_000, unit: "utf16" },
      attachments: {},
      controls: { buttons, selects: false, valueBytes: 64 },
      threads: false,
      replies: false,
      edits: false,
      deletes: false,
      reactions,
      receipts: { delivered: false, read: false },
      reconciles,
    },
    retry: DEFAULT_RETRY,
    rateLimits: { account: { perSecond: 10_000, burst: 10_000 } },
    unbundle: (update) => [update as RawEvent],
    ...overrides,
    config: { schema: Type.Object({ token: Type.String() }), secrets: ["token"], env: {} },
    normalise: ({ key, payload }, { account }): InboundEvent[] => {
      const { at, from, pressed, text } = payload as Said;
      const event = {
        platform: SCRIPTED,
        account,
        conversation: { id: from as ConversationId, kind: "direct" },
        sender: { id: from as PeerId, displayName: from },
        at,
        raw: payload,
      } as const;
      if (pressed !== undefined) return [{ ...event, kind: "control", value: pressed, messageId: "m1" as MessageId }];
      return [{ ...event, kind: "message", messageId: key as MessageId, content: { type: "text", text } }];
    },
    render: ({ body, controls = [] }) => {
      const text = formatMarkdown(body);
      script.render?.(text);
      const values = controls.flat().flatMap((each) => (each.kind === "button" ? [each.value] : []));
      return [{ payload: { text, buttons: values }, preview: text }];
    },
    markDuplicate: (part) => ({ ...part, preview: `again: ${part.preview.replace(/^again: /, "")}` }),
    parseTarget: (text) => ({ conversation: text as ConversationId, kind: "direct" }),
    async open(account) {
      const mine: Opened = {
        account: account.account,
        config: account.config,
        context: account,
        live: false,
        lose: (error) => account.lost(error),
        receive: (...events) => account.receive(events),
      };
      opened.push(mine);
      return {
        async connect(): Promise<Connected> {
          mine.live = true;
          await script.connect?.(mine);
          return { self: script.self?.(mine) ?? { id: "bot" as PeerId }, transport: "websocket" };
        },
        async disconnect() {
          await script.disconnect?.(mine);
          mine.live = false;
        },
        isConnected: () => mine.live,
        async send(target, part, { signal }) {
          const receipt = await script.send?.(target, part, signal);
          const { buttons: values = [] } = part.payload as { readonly buttons?: readonly string[] };
          sent.push({ account: mine.account, conversation: target.conversation, text: part.preview, buttons: values });
          return receipt ?? { messageIds: [`m${sent.length}` as MessageId] };
        },
        ...(script.reconcile && { reconcile: script.reconcile }),
        ...(script.probe && { probe: (signal) => script.probe?.(signal) ?? Promise.reject(new Error("no probe")) }),
        ...(script.react && { react: script.react }),
        ...(script.annotate && { annotate: (events) => script.annotate?.(events) ?? Promise.resolve(events) }),
        ...(script.stored && { stored: (events) => script.stored?.(events) ?? Promise.resolve() }),
        interact: async (update) => script.interact?.(update),
      };
    },
  });
  return { channel, script, opened, sent };
}

/** What `from` wrote at `at`, as the platform hands it over. */
export function said(key: string, from: string, text: string, at: number): RawEvent {
  return { key, lane: from, payload: { from, text, at } };
}

/** What `from` pressed, as the platform hands it over: any value, also one that no button has. */
export function pressed(key: string, from: string, value: string, at: number): RawEvent {
  return { key, lane: from, payload: { from, text: "", pressed: value, at } };
}
