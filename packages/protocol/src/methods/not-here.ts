/**
 * What other gateways of this protocol take with a method and this one has nothing for. Nothing of it passes unseen:
 * `refused` would change what the request does, so that a caller who gives it is told; `ignored` changes nothing that
 * the caller could notice. Each with the reason. docs/protocol.md has all of it as a table.
 */
import type { MethodName } from "./index.ts";

export interface NotHere {
  readonly refused?: Readonly<Record<string, string>>;
  readonly ignored?: Readonly<Record<string, string>>;
}

const NO_CODING = "agents here have no files, shells or checkouts of their own";
const NO_RUNS_WITHIN = "runs here are not started by other runs";
const NO_BRANCHES = "a transcript has no branches";
const NO_PERMISSIONS = "agents here have no permission modes";
const NO_PEOPLE = "operators have no profiles here";
const OWN_CONVERSATION = "an answer is delivered to the session's own conversation; set deliver";
const NO_NOTES = "a change is noted in the audit log with who made it";

const all = (names: string, why: string): Record<string, string> =>
  Object.fromEntries(names.split(" ").map((name) => [name, why]));

export const NOT_HERE: Partial<Record<MethodName, NotHere>> = {
  agent: {
    refused: {
      provider: "an agent has one provider; choose among its models with model",
      ...all("replyTo replyChannel replyAccountId sourceReplyDeliveryMode", OWN_CONVERSATION),
      ...all("groupId groupChannel groupSpace", "groups are told apart by their session key or by channel and to"),
      ...all("cwd forceRestartSafeTools forceCodeModeTools disableMessageTool", NO_CODING),
      ...all("modelRun promptMode bootstrapContextMode", "a run has the agent's instructions and the session's past"),
      ...all("internalEvents inputProvenance acpTurnSource swarmCollector swarmOutputSchema", NO_RUNS_WITHIN),
      ...all("internalRuntimeHandoffId execApprovalFollowupExpectedSessionId", NO_RUNS_WITHIN),
      ...all("suppressPromptPersistence sessionEffects", "what was said to an agent stays in the transcript"),
    },
    ignored: {
      lane: "each session is a lane of its own",
      bestEffortDeliver: "a delivery is stored and tried again; the run does not depend on it",
      ...all("cleanupBundleMcpOnRunEnd voiceWakeTrigger bootstrapContextRunKind", "nothing here depends on it"),
      ...all("internalExecutionIdentityRetry internalExecutionIdentityRecoveryAttempt", NO_RUNS_WITHIN),
    },
  },
  "chat.send": {
    refused: {
      intent: "there are no goals",
      replyToId: "quote what is answered in the message itself",
      ...all("originatingChannel originatingTo originatingAccountId originatingThreadId", OWN_CONVERSATION),
      toolBindings: "tools are the agent's, not a client's",
      ...all("systemInputProvenance systemProvenanceReceipt", NO_RUNS_WITHIN),
      expectedLeafEntryId: NO_BRANCHES,
      expectedSessionRoutingContract: "sessions have no routing contract; use sessionId",
      ...all("expectedPermissionMode expectedToolOverrides", NO_PERMISSIONS),
    },
    ignored: all("fastMode fastAutoOnSeconds", "there is one speed: the model's own"),
  },
  "chat.history": {
    refused: {
      pendingBefore: "the newest 20 inputs that wait are shown, with their number",
      messageId: "read around a message with before, or the message itself with chat.message.get",
    },
    ignored: { inputRunIds: "an input that waits is in pendingInputs with its runId, any other in messages" },
  },
  "web.login.start": { ignored: { verbose: "what a login says is the same for everybody" } },
  "chat.abort": { ignored: { preserveSideRuns: NO_RUNS_WITHIN } },
  send: {
    ignored: { gifPlayback: "how a film is played is the platform's choice" },
  },
  "message.action": {
    refused: all("requesterAccountId requesterSenderId toolContext", "it acts for the operator only"),
    ignored: {
      ...all("senderIsOwner conversationReadOrigin", "who may do what is computed here, never taken from a request"),
      ...all("sessionId inboundTurnKind", "an action belongs to a conversation, not to a run"),
    },
  },
  "sessions.create": {
    refused: {
      ...all("cwd execNode fork forkFrom projectId projectGitUrl worktree worktreeBaseRef worktreeName", NO_CODING),
      ...all("permissionMode toolOverrides", NO_PERMISSIONS),
      ...all("category catalogId contextWindow fastMode incognito", "sessions have no such setting"),
      ...all("visibility", NO_PEOPLE),
      ...all("spawnDepth succeedsParent", NO_RUNS_WITHIN),
    },
    ignored: { emitCommandHooks: "there are no hooks" },
  },
  "sessions.patch": {
    refused: {
      ...all("expectedLifecycleRevision expectedPermissionMode expectedToolOverrides", "use expectedSessionId"),
      ...all("expectedMarkedUnreadAt", "nothing is marked as read or unread"),
      ...all("icon color category boardFace statusNote attention ttlMinutes archived pinned unread", "no such setting"),
      ...all("contextWindow fastMode verboseLevel traceLevel responseUsage elevatedLevel", "no such setting"),
      ...all("execHost execSecurity execAsk execNode", NO_CODING),
      ...all(
        "permissionMode toolOverrides inheritedToolPolicyVersion inheritedToolAllow inheritedToolDeny",
        NO_PERMISSIONS,
      ),
      ...all("completionOwnerSessionKey sendPolicy groupActivation", "no such setting"),
    },
  },
  "sessions.delete": {
    refused: all("expectedLifecycleRevision expectedSessionUpdatedAt", "use expectedSessionId"),
    ignored: { emitLifecycleHooks: "there are no hooks" },
  },
  "sessions.list": {
    refused: {
      ...all("creatorId ownerId involvingProfileId", NO_PEOPLE),
      boardFace: "sessions have no boards",
    },
    ignored: {
      ...all("includeGlobal includeUnknown configuredAgentsOnly", "there are no such sessions"),
      ...all("includeDerivedTitles includeLastMessage", "titles and previews are always there"),
      ...all("ownerFirst involvingMe includePeople", NO_PEOPLE),
      ...all("sortBy requireLastInteraction", "the most recently active come first"),
    },
  },
  "sessions.describe": {
    ignored: all("includeDerivedTitles includeLastMessage", "title and preview are always there"),
  },
  "sessions.resolve": {
    ignored: { slugHint: "sessions have no short ids", ...all("includeGlobal includeUnknown", "there are none") },
  },
  "sessions.usage": {
    ignored: {
      ...all("agentScope groupBy includeHistorical includeContextWeight", "figures are by session, model and day"),
      timeZone: "use utcOffset",
    },
  },
  "sessions.messages.subscribe": { ignored: { includeApprovals: "there are no approvals" } },
  "config.apply": {
    ignored: { ...all("sessionKey deliveryContext note", NO_NOTES), restartDelayMs: "nothing restarts by itself" },
  },
  "config.patch": {
    ignored: { ...all("sessionKey deliveryContext note", NO_NOTES), restartDelayMs: "nothing restarts by itself" },
  },
  "models.list": {
    ignored: all("includeProviderCapabilities preparedOnly refresh view", "the models are those of the configuration"),
  },
  "cron.list": {
    ignored: all(
      "includeDisabled query enabled scheduleKind lastRunStatus trigger sortBy sortDir agentId compact includeDeliveryPreviews",
      "there are no jobs, so the list is always empty",
    ),
  },
  "device.pair.setupCode": { refused: { joinUrl: "there are no join addresses; use the code or the picture" } },
  "node.invoke": {
    ignored: all(
      "turnSourceChannel turnSourceTo turnSourceAccountId turnSourceThreadId",
      "a call is the operator's, whatever made them call",
    ),
  },
};

/** Which of the parameters are refused here, in words for the caller. Empty values ask for nothing. */
export function refusalOfParameters(method: MethodName, params: unknown): string | undefined {
  const refused = NOT_HERE[method]?.refused ?? {};
  const given = Object.entries(typeof params === "object" && params !== null ? params : {});
  const names = given.filter(([name, value]) => Object.hasOwn(refused, name) && !isEmpty(value)).map(([name]) => name);
  const reasons = new Set(names.map((name) => refused[name]));
  return names.length === 0 ? undefined : `${names.join(", ")} cannot be had here: ${[...reasons].join("; ")}`;
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || value === false || value === "";
}
