/** `message.action` and `poll`: changing and removing what was sent, and reactions, as far as the channel can. */
import type { AccountRuntime } from "@switchboard/core";
import {
  type Connection,
  type MessageId,
  markdownContent,
  SwitchboardError,
  type Target,
  type TenantId,
  toSwitchboardError,
  validated,
} from "@switchboard/domain";
import { methodSpec, type Params, type Result } from "@switchboard/protocol";
import type { Handlers } from "../ws/index.ts";
import type { MethodDeps } from "./deps.ts";
import { accountOf, sendMessage, targetOf } from "./send.ts";

/** No platform call takes longer. */
const PATIENCE_MS = 60_000;
const ACTIONS = ["send", "edit", "delete", "react"] as const;

type Action = Params<"message.action">;

export function messageActionMethods(deps: MethodDeps): Handlers {
  const { engine } = deps;
  return {
    async "message.action"(request, { tenant, actor }) {
      if (request.action === "send") return send(deps, tenant, request);
      const account = engine.accounts.require(accountOf(deps, tenant, request));
      const { channel, ref } = account;
      const { capabilities } = channel;
      switch (request.action) {
        case "edit": {
          const edit = able(account, capabilities.edits, ({ edit }) => edit, "change what was sent");
          const message = await ownMessage(deps, account, request);
          const text = textOf(request.params, ["message", "text", "content"]);
          const [part, ...more] = channel.render(markdownContent(text), message.target);
          if (!part || more.length > 0) throw new SwitchboardError("MSG_003", "It does not fit into one message.");
          if (!part.editable) throw cannot(account, "change a message into this one");
          await attempt((signal) => edit.call(account.connection, message.target, message.id, part, signal));
          return done(deps, account, message, { action: "edit", audit: "message.edited", actor });
        }
        case "delete": {
          const remove = able(account, capabilities.deletes, ({ remove }) => remove, "remove what was sent");
          const message = await ownMessage(deps, account, request);
          await attempt((signal) => remove.call(account.connection, message.target, message.id, signal));
          return done(deps, account, message, { action: "delete", audit: "message.deleted", actor });
        }
        case "react": {
          const react = able(account, capabilities.reactions.out, ({ react }) => react, "be sent reactions from here");
          const target = targetIn(account, request);
          const message = textOf(request.params, ["messageId"]) as MessageId;
          const emoji = request.params.remove === true ? undefined : textOf(request.params, ["emoji"]);
          await attempt((signal) => react.call(account.connection, target, message, emoji, signal));
          return done(deps, account, { id: message, target }, { action: "react", audit: "message.reaction", actor });
        }
        case "poll":
          throw cannot(account, "be sent polls from here");
        default:
          throw new SwitchboardError("REQ_001", `${ref.channel} knows the actions ${ACTIONS.join(", ")}.`);
      }
    },

    poll(params, { tenant }) {
      const account = engine.accounts.require(accountOf(deps, tenant, params));
      account.channel.parseTarget(params.to);
      throw cannot(account, "be sent polls from here");
    },
  };
}

async function send(deps: MethodDeps, tenant: TenantId, request: Action): Promise<Result<"message.action">> {
  const { channel, accountId, idempotencyKey, reply } = request;
  const given = {
    ...request.params,
    to: addressOf(request),
    ...(reply && { replyToId: reply.replyToId }),
    channel,
    idempotencyKey,
    ...(accountId !== undefined && { accountId }),
  };
  const params = validated(methodSpec("send").params, given, "message.action params of send") as Params<"send">;
  const sent = await sendMessage(deps, tenant, params, "message.action");
  const ref = accountOf(deps, tenant, request);
  return { ok: true, action: "send", accountId: ref.account, chatId: params.to, ...sent };
}

interface OwnMessage {
  readonly id: MessageId;
  readonly target: Target;
}

/** Only what went out through this gateway: a bot may have the power to reach more. @throws REQ_001, REQ_002. */
async function ownMessage({ engine }: MethodDeps, account: AccountRuntime, request: Action): Promise<OwnMessage> {
  const target = targetIn(account, request);
  const id = textOf(request.params, ["messageId"]) as MessageId;
  const { channel, account: name, tenant } = account.ref;
  const where = { channel, account: name, conversation: target.conversation, messageId: id };
  if (await engine.store.outbox.sentMessage(tenant, where)) return { id, target };
  throw new SwitchboardError("REQ_002", `No message ${id} was sent there from here.`);
}

function targetIn({ channel }: AccountRuntime, request: Action): Target {
  const { threadId } = request.params;
  return targetOf(channel.parseTarget(addressOf(request)), typeof threadId === "string" ? { threadId } : {});
}

async function done(
  { engine }: MethodDeps,
  { ref }: AccountRuntime,
  { id, target }: OwnMessage,
  about: { readonly action: "edit" | "delete" | "react"; readonly audit: string; readonly actor: string },
): Promise<Result<"message.action">> {
  await engine.store.audit.append(ref.tenant, {
    at: engine.clock.now(),
    actor: about.actor,
    action: about.audit,
    subject: `${ref.channel}:${ref.account}`,
    outcome: "ok",
    detail: { message: id },
  });
  const { action } = about;
  return { ok: true, action, channel: ref.channel, accountId: ref.account, messageId: id, chatId: target.conversation };
}

/** An address, by the names that callers have for it; some write the channel before it: `<channel>:<address>`. */
function addressOf({ channel, params }: Action): string {
  const address = textOf(params, ["to", "target", "chatId", "channelId"]);
  const before = `${channel}:`;
  return address.startsWith(before) ? address.slice(before.length) : address;
}

/** The first that is there. @throws REQ_001. */
function textOf(params: Action["params"], names: readonly [string, ...string[]]): string {
  const value = names.map((name) => params[name]).find((each) => each !== undefined);
  if (typeof value === "number") return String(value);
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new SwitchboardError("REQ_001", `params.${names[0]} is missing.`);
}

/** What the live connection does it with. @throws MSG_008 when the channel cannot, also while there is no connection; CONN_001. */
function able<T>(
  account: AccountRuntime,
  can: boolean,
  method: (connection: Connection) => T | undefined,
  what: string,
): T {
  const { connection, ref } = account;
  if (can && !connection) throw new SwitchboardError("CONN_001", `${ref.channel}:${ref.account} is not connected.`);
  const found = can && connection ? method(connection) : undefined;
  if (found === undefined) throw cannot(account, what);
  return found;
}

function cannot({ channel }: AccountRuntime, what: string): SwitchboardError {
  return new SwitchboardError("MSG_008", `${channel.label} cannot ${what}.`);
}

async function attempt(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  try {
    await work(AbortSignal.timeout(PATIENCE_MS));
  } catch (thrown) {
    throw thrown instanceof SwitchboardError ? thrown : toSwitchboardError(thrown, "MSG_002");
  }
}
