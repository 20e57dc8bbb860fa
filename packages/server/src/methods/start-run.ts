/** How `chat.send` and `agent` start a run: a message in the inbox, like everybody's. */
import { createHash } from "node:crypto";
import type { Turn } from "@switchboard/core";
import { DEFAULT_ACCOUNT, matches, type SessionKey, SwitchboardError, type TenantId } from "@switchboard/domain";
import { WEBCHAT, WebchatMessage, webchatEvent, webchatKey } from "../webchat/channel.ts";
import type { MethodDeps } from "./deps.ts";
import { isWebchatSession } from "./session-keys.ts";

export interface RunRequest {
  readonly tenant: TenantId;
  readonly actor: string;
  readonly session: SessionKey;
  readonly run: string;
  readonly text: string;
  readonly attachments?: WebchatMessage["attachments"];
  readonly deliver?: boolean | undefined;
  readonly queueMode?: WebchatMessage["queueMode"];
  /** Not to be read as a chat command. */
  readonly plain?: boolean | undefined;
  readonly overrides?: Readonly<Record<string, string | undefined>>;
}

/** Resolves when the message is stored. @throws REQ_001, REQ_002, MSG_003, STORE_*. */
export async function startRun(request: RunRequest, { engine, settings }: MethodDeps): Promise<void> {
  const { tenant, session, run, deliver, plain, queueMode, attachments } = request;
  const text = textOf(request);
  if (text.includes("\0")) throw new SwitchboardError("REQ_001", "A message must not hold NUL.");
  const most = settings.config.limits.inboundCharacters;
  if (text.length > most) {
    throw new SwitchboardError("MSG_003", `The message has ${text.length} characters; at most ${most} are taken.`);
  }
  if (text.trim() === "" && !attachments?.length) throw new SwitchboardError("REQ_001", "The message is empty.");
  if (!isWebchatSession(session) && !(await engine.store.sessions.get(tenant, session))) {
    throw new SwitchboardError("REQ_002", `There is no session ${session}.`);
  }
  const overrides = Object.entries(request.overrides ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const event = webchatEvent({
    session,
    run,
    text,
    at: engine.clock.now(),
    sender: { id: request.actor, name: "Operator" },
    ...(deliver !== undefined && { deliver }),
    ...(queueMode && { queueMode }),
    ...(plain && { plain }),
    ...(overrides.length > 0 && { overrides: Object.fromEntries(overrides) }),
    ...(attachments && { attachments }),
  });
  const fingerprint = createHash("sha256").update(text).digest("base64url").slice(0, 22);
  await engine.receive({ tenant, channel: WEBCHAT, account: DEFAULT_ACCOUNT }, [{ ...event, fingerprint }]);
}

/**
 * The turn that a run of this name became, also in an earlier process; `undefined` when there is none, yet or because
 * it was a command.
 * @throws REQ_001 when the name stands for something else that was said, or was said elsewhere.
 */
export async function knownRun(
  request: Pick<RunRequest, "tenant" | "session" | "run" | "text">,
  { engine: { store } }: MethodDeps,
): Promise<Turn | undefined> {
  const { tenant, session, run } = request;
  const where = { channel: WEBCHAT, account: DEFAULT_ACCOUNT, key: webchatKey(session, run) };
  const [turn, asked] = await Promise.all([store.turns.findByRun(tenant, run), store.inbox.find(tenant, where)]);
  const payload: unknown = asked && JSON.parse(asked.payload);
  // What was pruned long ago cannot be compared any more.
  const otherText = matches(WebchatMessage, payload) && payload.text !== textOf(request);
  if (otherText || (turn && turn.session !== session)) {
    throw new SwitchboardError("REQ_006", "The idempotency key stands for another message already.");
  }
  return turn;
}

function textOf({ text }: Pick<RunRequest, "text">): string {
  return text.normalize("NFC");
}
