/** What an agent is asked: this turn's inputs, and the way to everything else it may want. */
import { type MediaStream, SwitchboardError } from "@switchboard/domain";
import type { AgentSettings } from "@switchboard/protocol";
import { anonymousPeer } from "../access/anonymise.ts";
import type { AccountRuntime } from "../accounts/runtime.ts";
import type {
  AgentAttachment,
  AgentInput,
  AgentPlace,
  AgentRequest,
  AgentTool,
  ClaimedTurn,
  Clock,
  MediaPipeline,
  Store,
  TranscriptEntry,
  TurnInput,
} from "../ports/index.ts";
import { agentParameters } from "../sessions/parameters.ts";
import { spokenText } from "./spoken.ts";

export interface RequestPorts {
  readonly store: Store;
  readonly files: Pick<MediaPipeline, "inbound">;
  /** Largest attachment, in bytes. */
  readonly attachmentBytes: number;
}

/** Until when an agent may answer that wants to answer later; `undefined`: it may not. */
export function answerBy({ expiresAt }: ClaimedTurn["turn"], agent: AgentSettings, now: number): number | undefined {
  return agent.answerLaterMs > 0 ? Math.min(now + agent.answerLaterMs, expiresAt) : undefined;
}

export function agentRequest(
  { turn, inputs, preferences, agentState }: ClaimedTurn,
  agent: AgentSettings,
  tools: readonly AgentTool[],
  /** The account an input came through; its connection fetches attachments. */
  originOf: (input: TurnInput) => AccountRuntime | undefined,
  /** Where the answer goes, when it goes anywhere. */
  reply: AccountRuntime | undefined,
  ports: RequestPorts & { readonly clock: Clock },
): AgentRequest {
  const answerCharacters = reply?.settings.answerCharacters;
  const place = placeOf(turn, reply);
  const endUser = agent.attribution && endUserOf(inputs, originOf);
  const until = answerBy(turn, agent, ports.clock.now());
  return {
    tenant: turn.tenant,
    turn: turn.id,
    session: turn.session,
    sessionId: turn.sessionId,
    agent,
    parameters: agentParameters(agent, preferences, turn.overrides),
    inputs: inputs.map((input) => agentInput(input, () => originOf(input), ports)),
    tools,
    ...(endUser !== undefined && { endUser }),
    ...(place && { place }),
    ...(answerCharacters !== undefined && { answerCharacters }),
    history: (limit) => historyOf(ports.store, turn, limit),
    ...(agentState !== undefined && { state: agentState }),
    ...(until !== undefined && { answerBy: until }),
    ...(turn.awaits !== undefined && {
      late: turn.lateAnswer === undefined ? {} : { answer: turn.lateAnswer },
    }),
  };
}

/** Who wrote last, as in the audit log. */
function endUserOf(
  inputs: readonly TurnInput[],
  originOf: (input: TurnInput) => AccountRuntime | undefined,
): string | undefined {
  const input = inputs.findLast(({ sender }) => sender);
  const account = input && originOf(input);
  return account && anonymousPeer(account, input.sender?.id);
}

function placeOf(turn: ClaimedTurn["turn"], reply: AccountRuntime | undefined): AgentPlace | undefined {
  const { account, channel, target } = turn.reply ?? {};
  if (!target || account === undefined || channel === undefined) return undefined;
  const { conversation: id, kind, thread } = target;
  const conversation = { channel, account, id, kind, ...(thread !== undefined && { thread }) };
  if (!reply) return { conversation };
  const { attachments, controls, edits, streamMs, text } = reply.channel.capabilities;
  return {
    conversation,
    capabilities: {
      maxLength: text.maxLength,
      attachments: Object.keys(attachments) as (keyof typeof attachments)[],
      buttons: controls.buttons,
      edits,
      streams: streamMs !== undefined && reply.settings.streaming,
    },
  };
}

/**
 * What passed between people and the agent; what passed between people and the gateway is none of its business. What a
 * replayed turn left behind when it failed is not there either: its question is asked anew, not a second time.
 */
async function historyOf(
  store: Store,
  { id, tenant, session, sessionId }: ClaimedTurn["turn"],
  limit: number,
): Promise<readonly TranscriptEntry[]> {
  const history: TranscriptEntry[] = [];
  for (let before: number | undefined; ; ) {
    const page = await store.sessions.transcript(tenant, session, {
      limit,
      sessionId,
      ...(before !== undefined && { before }),
    });
    history.unshift(...page.filter(({ role, turn }) => role !== "notice" && turn !== id));
    if (history.length >= limit || page.length < limit) return history.slice(-limit);
    before = page[0]?.seq;
  }
}

function agentInput(input: TurnInput, origin: () => AccountRuntime | undefined, ports: RequestPorts): AgentInput {
  const sender = input.sender?.displayName ?? input.sender?.username;
  return {
    text: spokenText(input),
    at: input.at,
    attachments: (input.attachments ?? []).map((attachment) => agentAttachment(attachment, origin, ports)),
    ...(sender !== undefined && { sender }),
  };
}

function agentAttachment(
  { ref, ...attachment }: NonNullable<TurnInput["attachments"]>[number],
  origin: () => AccountRuntime | undefined,
  { attachmentBytes, files }: RequestPorts,
): AgentAttachment {
  const { kind, mimeType, fileName, size } = attachment;
  const facts = {
    kind,
    ...(mimeType !== undefined && { mimeType }),
    ...(fileName !== undefined && { fileName }),
    ...(size !== undefined && { size }),
  };
  return {
    ...facts,
    read: async (signal, picture): Promise<MediaStream> => {
      const connection = origin()?.connection;
      const download = connection?.download?.bind(connection);
      if (!download)
        throw new SwitchboardError("CONN_001", "The attachment cannot be fetched: the account is not connected.");
      const file = { ...facts, maxBytes: attachmentBytes, ...(picture && { picture }) };
      return files.inbound((within) => download(ref, within), file, signal);
    },
  };
}
