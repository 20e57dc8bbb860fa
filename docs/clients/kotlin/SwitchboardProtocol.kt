// Switchboard gateway protocol. Made from the schemas of packages/protocol (npm run docs); do not edit.
// A type that may be one of several objects has the fields of all: its `state` or `type` says which it is.
// Needs kotlinx.serialization and its compiler plugin. Use Json { ignoreUnknownKeys = true; explicitNulls = false }:
// a newer gateway may send more than stands here.

package switchboard

import kotlinx.serialization.*
import kotlinx.serialization.json.*
import kotlinx.serialization.descriptors.*
import kotlinx.serialization.encoding.*

@Serializable
data class AgentAccepted (
    val runId: String,
    val sessionKey: String,
    val agentId: String,
    val status: String,

    /**
     * Unix milliseconds.
     */
    val acceptedAt: Long
)

/**
 * `stream` says what `data` is: `lifecycle` (phase start, end, error), `assistant` (text,
 * delta), `thinking`, `tool` (phase start, result; name, toolCallId), `error`.
 */
@Serializable
data class AgentEvent (
    val runId: String,
    val seq: Long,
    val stream: String,

    /**
     * Unix milliseconds.
     */
    val ts: Long,

    val data: JsonObject,
    val sessionKey: String? = null,
    val agentId: String? = null
)

@Serializable
data class AgentHealth (
    val agentId: String,
    val name: String? = null,
    val isDefault: Boolean,
    val heartbeat: AgentHealthHeartbeat,
    val sessions: RecentSessions
)

@Serializable
data class AgentHealthHeartbeat (
    val enabled: Boolean,
    val every: String,
    val everyMs: Long? = null,
    val prompt: String,
    val target: String,
    val ackMaxChars: Long
)

@Serializable
data class RecentSessions (
    val path: String,
    val count: Long,
    val recent: List<RecentSessionsRecent>
)

@Serializable
data class RecentSessionsRecent (
    val key: String,
    val updatedAt: Long? = null,
    val age: Long? = null
)

@Serializable
data class AgentIdentityGetParams (
    val agentId: String? = null,

    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val sessionKey: String? = null
)

@Serializable
data class AgentIdentityGetResult (
    val agentId: String,
    val name: String,
    val nameSource: AgentIdentityGetResultNameSource,
    val avatarStatus: String
)

@Serializable
enum class AgentIdentityGetResultNameSource(val value: String) {
    @SerialName("config") Config("config"),
    @SerialName("default") Default("default");
}

@Serializable
data class AgentParams (
    val message: String,
    val idempotencyKey: String,
    val agentId: String? = null,

    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val sessionKey: String? = null,

    /**
     * By itself: the session of this id. With another way to name the session: it must still be
     * of this id.
     */
    val sessionId: String? = null,

    /**
     * Nothing is run unless the session is there and still of this id.
     */
    val expectedExistingSessionId: String? = null,

    val to: String? = null,

    /**
     * With a session: where its conversation must be.
     */
    val channel: String? = null,

    val accountId: String? = null,
    val threadId: String? = null,

    /**
     * Also send the answer to the session's own conversation.
     */
    val deliver: Boolean? = null,

    val thinking: String? = null,
    val model: String? = null,
    val attachments: List<ChatAttachment>? = null,

    /**
     * Seconds.
     */
    val timeout: Long? = null,

    /**
     * Follows the agent's own instructions, for this run only.
     */
    val extraSystemPrompt: String? = null,

    /**
     * What the session is called from now on; no other session may be called so.
     */
    val label: String? = null
)

/**
 * A file with a message: its bytes here as base64 in `content`, or put before with
 * `media.put` as `blob`.
 */
@Serializable
data class ChatAttachment (
    val type: String? = null,
    val mimeType: String? = null,
    val fileName: String? = null,
    val content: String? = null,
    val blob: String? = null,
    val sizeBytes: Double? = null,
    val durationMs: Double? = null,
    val width: Double? = null,
    val height: Double? = null
)

@Serializable
data class AgentResult (
    val runId: String,
    val status: AgentResultStatus,
    val summary: AgentResultSummary,
    val stopReason: String? = null,
    val result: AgentResultResult? = null,
    val error: ErrorRecord? = null
)

@Serializable
data class ErrorRecord (
    val code: String,
    val message: String,
    val retryable: Boolean,
    val delivered: ErrorRecordDelivered? = null,
    val scope: ErrorRecordScope? = null,
    val retryAfterMs: Long? = null,
    val details: JsonObject? = null
)

@Serializable
enum class ErrorRecordDelivered(val value: String) {
    @SerialName("no") No("no"),
    @SerialName("unknown") Unknown("unknown");
}

@Serializable
enum class ErrorRecordScope(val value: String) {
    @SerialName("account") Account("account"),
    @SerialName("conversation") Conversation("conversation"),
    @SerialName("message") Message("message");
}

@Serializable
data class AgentResultResult (
    val payloads: List<AgentResultResultPayload>,
    val meta: JsonObject
)

@Serializable
data class AgentResultResultPayload (
    val text: String? = null,
    val mediaUrl: String? = null
)

@Serializable
enum class AgentResultStatus(val value: String) {
    @SerialName("error") Error("error"),
    @SerialName("ok") Ok("ok"),
    @SerialName("timeout") Timeout("timeout");
}

@Serializable
enum class AgentResultSummary(val value: String) {
    @SerialName("aborted") Aborted("aborted"),
    @SerialName("completed") Completed("completed"),
    @SerialName("failed") Failed("failed");
}

@Serializable
data class AgentWaitParams (
    val runId: String,

    /**
     * Default 30000.
     */
    val timeoutMs: Long? = null
)

@Serializable
data class AgentWaitResult (
    val runId: String,
    val status: AgentWaitResultStatus,

    /**
     * Unix milliseconds.
     */
    val startedAt: Long? = null,

    /**
     * Unix milliseconds.
     */
    val endedAt: Long? = null,

    val error: String? = null,
    val stopReason: String? = null
)

@Serializable
enum class AgentWaitResultStatus(val value: String) {
    @SerialName("error") Error("error"),
    @SerialName("ok") Ok("ok"),
    @SerialName("pending") Pending("pending"),
    @SerialName("timeout") Timeout("timeout");
}

@Serializable
data class AgentsList (
    val defaultId: String,
    val mainKey: String,
    val scope: AgentsListScope,
    val agents: List<AgentsListAgent>
)

@Serializable
data class AgentsListAgent (
    val id: String,
    val name: String? = null,
    val model: AgentsListAgentModel? = null
)

@Serializable
data class AgentsListAgentModel (
    val primary: String? = null
)

@Serializable
enum class AgentsListScope(val value: String) {
    @SerialName("global") Global("global"),
    @SerialName("per-sender") PerSender("per-sender");
}

@Serializable
data class AlertsTestResult (
    val id: String,
    val ways: List<AlertsTestResultWay>
)

@Serializable
data class AlertsTestResultWay (
    val by: AlertsTestResultWayBy,
    val to: String,
    val arrived: Boolean,
    val status: Long? = null,
    val deliveryIds: List<String>? = null,
    val state: AlertsTestResultWayState? = null,
    val error: AlertsTestResultWayError? = null
)

@Serializable
enum class AlertsTestResultWayBy(val value: String) {
    @SerialName("chat") Chat("chat"),
    @SerialName("webhook") Webhook("webhook");
}

@Serializable
data class AlertsTestResultWayError (
    val code: String,
    val message: String,
    val action: String
)

@Serializable
enum class AlertsTestResultWayState(val value: String) {
    @SerialName("queued") Queued("queued"),
    @SerialName("sent") Sent("sent");
}

/**
 * A node with the surface that an operator approved.
 */
@Serializable
data class ApprovedNode (
    val nodeId: String,
    val displayName: String? = null,
    val platform: String? = null,
    val version: String? = null,
    val clientId: String? = null,
    val clientMode: String? = null,
    val deviceFamily: String? = null,
    val modelIdentifier: String? = null,
    val remoteIp: String? = null,
    val caps: List<String>,
    val commands: List<String>,
    val permissions: Map<String, Boolean>,

    /**
     * Unix milliseconds.
     */
    val createdAtMs: Long,

    /**
     * Unix milliseconds.
     */
    val approvedAtMs: Long,

    /**
     * Unix milliseconds.
     */
    val lastConnectedAtMs: Long? = null
)

@Serializable
data class AttemptRow (
    /**
     * 1-based.
     */
    val number: Long,

    val state: AttemptRowState,

    /**
     * Unix milliseconds.
     */
    val startedAt: Long,

    /**
     * Unix milliseconds.
     */
    val finishedAt: Long? = null,

    val messageIds: List<String>? = null,
    val error: ErrorRecord? = null
)

@Serializable
enum class AttemptRowState(val value: String) {
    @SerialName("failed") Failed("failed"),
    @SerialName("sending") Sending("sending"),
    @SerialName("sent") Sent("sent"),
    @SerialName("unknown") Unknown("unknown");
}

@Serializable
data class AuditLogExportParams (
    val after: Long? = null,

    /**
     * Default 50.
     */
    val limit: Long? = null,

    val tenant: String? = null
)

@Serializable
data class AuditLogExportResult (
    val tenant: String,
    val begin: AuditLogExportResultBegin,
    val head: AuditLogExportResultHead,
    val rows: List<AuditLogExportResultRow>,

    /**
     * Where to go on; absent at the end.
     */
    val next: Long? = null
)

/**
 * How far a chain goes, or where it begins.
 */
@Serializable
data class AuditLogExportResultBegin (
    val position: Long,
    val hash: String
)

/**
 * How far a chain goes, or where it begins.
 */
@Serializable
data class AuditLogExportResultHead (
    val position: Long,
    val hash: String
)

@Serializable
data class AuditLogExportResultRow (
    val seq: Long,

    /**
     * Unix milliseconds.
     */
    val at: Long,

    val actor: String,
    val action: String,
    val subject: String,
    val outcome: String,

    /**
     * Its place in the tenant's chain, the hash of the row before, and its own.
     */
    val position: Long,

    val previous: String,
    val hash: String,
    val tenant: String,

    /**
     * The text of its JSON.
     */
    val detail: String? = null
)

@Serializable
data class AuditLogListParams (
    /**
     * Default 50.
     */
    val limit: Long? = null,

    /**
     * The `cursor` of the page before.
     */
    val cursor: String? = null,

    val action: String? = null
)

@Serializable
data class AuditLogListResult (
    val entries: List<AuditLogListResultEntry>,
    val cursor: String? = null
)

@Serializable
data class AuditLogListResultEntry (
    val seq: Long,

    /**
     * Unix milliseconds.
     */
    val at: Long,

    /**
     * `system`, `operator:<id>` or `peer:<hash>`.
     */
    val actor: String,

    val action: String,
    val subject: String,
    val outcome: AuditLogListResultEntryOutcome,

    /**
     * Its place in the tenant's chain, the hash of the row before, and its own.
     */
    val position: Long,

    val previous: String,
    val hash: String,
    val detail: JsonElement? = null
)

@Serializable
enum class AuditLogListResultEntryOutcome(val value: String) {
    @SerialName("denied") Denied("denied"),
    @SerialName("failed") Failed("failed"),
    @SerialName("ok") Ok("ok");
}

@Serializable
data class AuditLogVerifyParams (
    /**
     * A head that was noted earlier, `<position>:<hash>`: it must still be part of the chain.
     * See `notedGone` for one that is older than what is left.
     */
    val noted: String? = null,

    val tenant: String? = null
)

@Serializable
data class AuditLogVerifyResult (
    val tenant: String,
    val rows: Long,
    val begin: AuditLogVerifyResultBegin,
    val head: AuditLogVerifyResultHead,

    /**
     * Signed heads, and of these what could not be proven because the vault's key is not at
     * hand.
     */
    val seals: Long,

    val unproven: Long,

    /**
     * The noted head lies before `begin`: whether it was part of the chain cannot be checked
     * any more.
     */
    val notedGone: Boolean? = null,

    val broken: AuditLogVerifyResultBroken? = null
)

/**
 * How far a chain goes, or where it begins.
 */
@Serializable
data class AuditLogVerifyResultBegin (
    val position: Long,
    val hash: String
)

@Serializable
data class AuditLogVerifyResultBroken (
    val position: Long,
    val problem: AuditLogVerifyResultBrokenProblem
)

@Serializable
enum class AuditLogVerifyResultBrokenProblem(val value: String) {
    @SerialName("changed") Changed("changed"),
    @SerialName("cut") Cut("cut"),
    @SerialName("missing") Missing("missing"),
    @SerialName("moved") Moved("moved"),
    @SerialName("seal") Seal("seal"),
    @SerialName("unlinked") Unlinked("unlinked");
}

/**
 * How far a chain goes, or where it begins.
 */
@Serializable
data class AuditLogVerifyResultHead (
    val position: Long,
    val hash: String
)

@Serializable
data class BackupCreateParams (
    val name: String? = null
)

@Serializable
data class BackupCreateResult (
    val path: String,
    val bytes: Long,
    val durationMs: Long
)

@Serializable
data class CanvasDocumentListParams (
    val sessionKey: String? = null,
    val nodeId: String? = null
)

@Serializable
data class CanvasDocumentListResult (
    val documents: List<CanvasDocumentListResultDocument>
)

@Serializable
data class CanvasDocumentListResultDocument (
    val documentId: String,
    val title: String? = null,

    /**
     * The session it was published for.
     */
    val sessionKey: String? = null,

    /**
     * The only node that may show it.
     */
    val nodeId: String? = null,

    /**
     * Unix milliseconds.
     */
    val updatedAtMs: Long,

    val bytes: Long,
    val files: List<CanvasDocumentListResultDocumentFile>,

    /**
     * Goes behind a surface URL.
     */
    val path: String
)

@Serializable
data class CanvasDocumentListResultDocumentFile (
    val path: String,
    val mimeType: String,
    val bytes: Long
)

@Serializable
data class CanvasDocumentPutParams (
    /**
     * Lower case, so that it is the same name on every file system.
     */
    val documentId: String? = null,

    val title: String? = null,
    val sessionKey: String? = null,
    val nodeId: String? = null,
    val files: List<CanvasDocumentPutParamsFile>
)

@Serializable
data class CanvasDocumentPutParamsFile (
    /**
     * E.g. `index.html` or `images/logo.png`.
     */
    val path: String,

    val text: String? = null,

    /**
     * Base64.
     */
    val content: String? = null,

    /**
     * One of those that this gateway serves; default by the path's ending.
     */
    val mimeType: String? = null
)

@Serializable
data class CanvasDocumentPutResult (
    val documentId: String,
    val title: String? = null,

    /**
     * The session it was published for.
     */
    val sessionKey: String? = null,

    /**
     * The only node that may show it.
     */
    val nodeId: String? = null,

    /**
     * Unix milliseconds.
     */
    val updatedAtMs: Long,

    val bytes: Long,
    val files: List<CanvasDocumentPutResultFile>,

    /**
     * Goes behind a surface URL.
     */
    val path: String
)

@Serializable
data class CanvasDocumentPutResultFile (
    val path: String,
    val mimeType: String,
    val bytes: Long
)

@Serializable
data class CanvasDocumentRemoveParams (
    /**
     * Lower case, so that it is the same name on every file system.
     */
    val documentId: String
)

@Serializable
data class CanvasDocumentRemoveResult (
    val documentId: String,
    val removed: Boolean
)

/**
 * What the gateway says first.
 */
@Serializable
data class Challenge (
    /**
     * Goes into the device's signature.
     */
    val nonce: String,

    /**
     * The gateway's clock. Unix milliseconds.
     */
    val ts: Long,

    val capabilities: List<String>? = null
)

/**
 * Open: later fields may come.
 */
@Serializable
data class ChannelAccount (
    val accountId: String,

    /**
     * As the platform names it.
     */
    val name: String? = null,

    val enabled: Boolean? = null,
    val configured: Boolean? = null,
    val linked: Boolean? = null,

    /**
     * It was asked to run and has not been given up.
     */
    val running: Boolean? = null,

    val connected: Boolean? = null,
    val reconnectAttempts: Long? = null,
    val lastConnectedAt: Long? = null,
    val lastError: String? = null,

    /**
     * The connection's state, lower case, e.g. `connected`, `permanently_failed`.
     */
    val healthState: String? = null,

    val lastInboundAt: Long? = null,
    val lastOutboundAt: Long? = null,
    val lastTransportActivityAt: Long? = null,
    val lastProbeAt: Long? = null,

    /**
     * The transport in use.
     */
    val mode: String? = null,

    val dmPolicy: String? = null,
    val webhookUrl: String? = null,
    val source: ChannelAccountSource? = null,
    val state: ChannelAccountState? = null,
    val evidence: ChannelAccountEvidence? = null,
    val note: String? = null,
    val breaker: ChannelAccountBreaker? = null,
    val error: ErrorRecord? = null
)

/**
 * `open`: sends wait after too many failures; `half-open`: the next one is a trial.
 */
@Serializable
enum class ChannelAccountBreaker(val value: String) {
    @SerialName("closed") Closed("closed"),
    @SerialName("half-open") HalfOpen("half-open"),
    @SerialName("open") Open("open");
}

/**
 * What the state rests on (CONN-2).
 */
@Serializable
data class ChannelAccountEvidence (
    val kind: ChannelAccountEvidenceKind,

    /**
     * Unix milliseconds.
     */
    val at: Long,

    val note: String? = null
)

@Serializable
enum class ChannelAccountEvidenceKind(val value: String) {
    @SerialName("connected") Connected("connected"),
    @SerialName("event") Event("event"),
    @SerialName("pong") Pong("pong"),
    @SerialName("probe") Probe("probe");
}

/**
 * Where the account is configured.
 */
@Serializable
enum class ChannelAccountSource(val value: String) {
    @SerialName("config") Config("config"),
    @SerialName("environment") Environment("environment"),
    @SerialName("store") Store("store");
}

@Serializable
enum class ChannelAccountState(val value: String) {
    @SerialName("CONNECTED") Connected("CONNECTED"),
    @SerialName("CONNECTING") Connecting("CONNECTING"),
    @SerialName("DISCONNECTED") Disconnected("DISCONNECTED"),
    @SerialName("ERROR") Error("ERROR"),
    @SerialName("PERMANENTLY_FAILED") PermanentlyFailed("PERMANENTLY_FAILED"),
    @SerialName("RECONNECTING") Reconnecting("RECONNECTING");
}

/**
 * One channel in the summary.
 */
@Serializable
data class ChannelHealth (
    val configured: Boolean,
    val linked: Boolean? = null,
    val accounts: Map<String, ChannelHealthAccount>? = null,
    val lastError: String? = null
)

@Serializable
data class ChannelHealthAccount (
    val connected: Boolean
)

@Serializable
data class ChannelsActParams (
    val channel: String,
    val accountId: String? = null,
    val action: String,
    val params: JsonObject? = null
)

@Serializable
data class ChannelsActResult (
    val channel: String,
    val accountId: String,
    val action: String,

    /**
     * What the platform said.
     */
    val result: JsonObject
)

@Serializable
data class ChannelsAddParams (
    val channel: String,
    val accountId: String? = null,
    val config: JsonObject,
    val settings: ChannelsAddParamsSettings? = null,
    val enabled: Boolean? = null,
    val replace: Boolean? = null
)

/**
 * Who may talk on an account, and how what they say is queued.
 */
@Serializable
data class ChannelsAddParamsSettings (
    val dmPolicy: ChannelsAddParamsSettingsDmPolicy? = null,
    val strangers: ChannelsAddParamsSettingsStrangers? = null,

    /**
     * Peer ids that may write directly.
     */
    val allowFrom: List<String>? = null,

    val groupPolicy: ChannelsAddParamsSettingsGroupPolicy? = null,

    /**
     * Conversation ids of allowed groups.
     */
    val groups: List<String>? = null,

    /**
     * Peer ids that are heard in groups; empty means everyone in an allowed group.
     */
    val groupAllowFrom: List<String>? = null,

    /**
     * In groups only what is addressed to the account is answered.
     */
    val requireMention: Boolean? = null,

    /**
     * Peer ids that may use the commands that change a group's session: /new, /stop, /model and
     * the like.
     */
    val owners: List<String>? = null,

    val groupCommands: ChannelsAddParamsSettingsGroupCommands? = null,

    /**
     * Where requests of people and devices that want to be let in are shown with buttons,
     * written as `switchboard send` takes it: the platform's own id, never a name, and where it
     * has threads `<conversation>:<thread>`. Only owners can press them, whatever else is heard
     * there; everybody there can read who asks.
     */
    val approvals: String? = null,

    val queueMode: ChannelsAddParamsSettingsQueueMode? = null,

    /**
     * Wait this long for more before answering.
     */
    val debounceMs: Long? = null,

    /**
     * But no longer than this.
     */
    val debounceMaxMs: Long? = null,

    val rateLimit: ChannelsAddParamsSettingsRateLimit? = null,
    val conversationRateLimit: ChannelsAddParamsSettingsConversationRateLimit? = null,

    /**
     * Ask the agent to say what matters within so many characters, e.g. 300 where every message
     * is paid for; what is longer all the same is split. Default: as long as it likes.
     */
    val answerCharacters: Long? = null,

    /**
     * Show long answers while they are written, by edits.
     */
    val streaming: Boolean? = null,

    val unknownSends: ChannelsAddParamsSettingsUnknownSends? = null
)

/**
 * Sends into one conversation; default what the platform allows.
 */
@Serializable
data class ChannelsAddParamsSettingsConversationRateLimit (
    val perSecond: Double,
    val burst: Long
)

/**
 * Who may write directly. With `pairing` a stranger gets a code that lets an owner approve
 * them.
 */
@Serializable
enum class ChannelsAddParamsSettingsDmPolicy(val value: String) {
    @SerialName("allowlist") Allowlist("allowlist"),
    @SerialName("disabled") Disabled("disabled"),
    @SerialName("open") Open("open"),
    @SerialName("pairing") Pairing("pairing");
}

/**
 * Who may use those commands in groups. In a direct chat they are everyone's own.
 */
@Serializable
enum class ChannelsAddParamsSettingsGroupCommands(val value: String) {
    @SerialName("everyone") Everyone("everyone"),
    @SerialName("owners") Owners("owners");
}

/**
 * In which groups the agent takes part.
 */
@Serializable
enum class ChannelsAddParamsSettingsGroupPolicy(val value: String) {
    @SerialName("allowlist") Allowlist("allowlist"),
    @SerialName("disabled") Disabled("disabled"),
    @SerialName("open") Open("open");
}

/**
 * What a message does that arrives while the agent is busy.
 */
@Serializable
enum class ChannelsAddParamsSettingsQueueMode(val value: String) {
    @SerialName("collect") Collect("collect"),
    @SerialName("followup") Followup("followup"),
    @SerialName("interrupt") Interrupt("interrupt");
}

/**
 * Sends of the whole account; default what the platform allows.
 */
@Serializable
data class ChannelsAddParamsSettingsRateLimit (
    val perSecond: Double,
    val burst: Long
)

/**
 * What a stranger gets under `pairing`: always a code, or no answer any more once the
 * account has an owner, who still learns of the request.
 */
@Serializable
enum class ChannelsAddParamsSettingsStrangers(val value: String) {
    @SerialName("code") Code("code"),
    @SerialName("silent-once-owned") SilentOnceOwned("silent-once-owned");
}

/**
 * A send whose fate nobody knows: again with a note, or into the dead letters.
 */
@Serializable
enum class ChannelsAddParamsSettingsUnknownSends(val value: String) {
    @SerialName("hold") Hold("hold"),
    @SerialName("resend") Resend("resend");
}

@Serializable
data class ChannelsAddResult (
    val channel: String,
    val accountId: String,
    val replaced: Boolean
)

@Serializable
data class ChannelsChangedEvent (
    /**
     * Unix milliseconds.
     */
    val ts: Long,

    val channel: String,
    val account: ChannelAccount
)

@Serializable
data class ChannelsInstallParams (
    val channel: String,

    /**
     * The account from which the app is known.
     */
    val accountId: String? = null
)

@Serializable
data class ChannelsInstallResult (
    val channel: String,
    val accountId: String,
    val url: String,

    /**
     * Unix milliseconds.
     */
    val expiresAt: Long
)

@Serializable
data class ChannelsListParams (
    val channel: String? = null
)

@Serializable
data class ChannelsListResult (
    val channels: List<ChannelsListResultChannel>,
    val accounts: List<ChannelsListResultAccount>
)

@Serializable
data class ChannelsListResultAccount (
    val channel: String,
    val accountId: String,
    val source: ChannelAccountSource,
    val enabled: Boolean,
    val config: JsonObject,
    val settings: JsonObject,
    val status: ChannelAccount? = null
)

@Serializable
data class ChannelsListResultChannel (
    val id: String,
    val label: String,
    val transports: List<ChannelsListResultChannelTransport>,

    /**
     * JSON Schema of `config`.
     */
    val configSchema: JsonObject,

    /**
     * Properties of `config` that are secrets.
     */
    val secrets: List<String>,

    /**
     * Environment variable to property.
     */
    val env: Map<String, String>,

    /**
     * What `channels.act` can do there.
     */
    val actions: List<ChannelsListResultChannelAction>
)

@Serializable
data class ChannelsListResultChannelAction (
    val name: String,
    val description: String,

    /**
     * JSON Schema of `params`.
     */
    val params: JsonObject
)

@Serializable
enum class ChannelsListResultChannelTransport(val value: String) {
    @SerialName("polling") Polling("polling"),
    @SerialName("webhook") Webhook("webhook"),
    @SerialName("websocket") Websocket("websocket");
}

/**
 * `accountId`: default the channel's default account.
 */
@Serializable
data class ChannelsLogoutParams (
    val channel: String,
    val accountId: String? = null
)

@Serializable
data class ChannelsLogoutResult (
    val channel: String,
    val accountId: String,

    /**
     * Whether there was something to forget.
     */
    val cleared: Boolean,

    /**
     * Whether the platform was told.
     */
    val loggedOut: Boolean
)

@Serializable
data class ChannelsManifestParams (
    val channel: String,
    val accountId: String? = null,

    /**
     * What people see the account called. Default Switchboard.
     */
    val name: String? = null,

    val events: ChannelsManifestParamsEvents? = null
)

@Serializable
enum class ChannelsManifestParamsEvents(val value: String) {
    @SerialName("calls") Calls("calls"),
    @SerialName("sockets") Sockets("sockets");
}

@Serializable
data class ChannelsManifestResult (
    val channel: String,
    val accountId: String,

    /**
     * Media type of `body`.
     */
    val type: String,

    val body: String
)

@Serializable
data class ChannelsPairingApproveParams (
    val channel: String,
    val accountId: String,
    val requestId: String? = null,
    val code: String? = null,
    val notify: Boolean? = null,
    val bootstrapCommandOwner: Boolean? = null
)

@Serializable
data class ChannelsPairingApproveResult (
    val requestId: String,
    val senderId: String,
    val notification: ChannelsPairingApproveResultNotification,
    val commandOwnerBootstrap: ChannelsPairingApproveResultCommandOwnerBootstrap
)

@Serializable
enum class ChannelsPairingApproveResultCommandOwnerBootstrap(val value: String) {
    @SerialName("already-configured") AlreadyConfigured("already-configured"),
    @SerialName("configured") Configured("configured"),
    @SerialName("not-requested") NotRequested("not-requested"),
    @SerialName("unavailable") Unavailable("unavailable");
}

/**
 * `failed`: they were not told and will not be.
 */
@Serializable
enum class ChannelsPairingApproveResultNotification(val value: String) {
    @SerialName("failed") Failed("failed"),
    @SerialName("not-requested") NotRequested("not-requested"),
    @SerialName("sent") Sent("sent"),
    @SerialName("unsupported") Unsupported("unsupported");
}

/**
 * By `requestId`, as listed; or, ours, by the `code` that the person was told. Exactly one
 * of them.
 */
@Serializable
data class ChannelsPairingDismissParams (
    val channel: String,
    val accountId: String,
    val requestId: String? = null,
    val code: String? = null
)

@Serializable
data class ChannelsPairingDismissResult (
    val requestId: String,
    val senderId: String
)

@Serializable
data class ChannelsPairingListParams (
    val channel: String? = null,
    val accountId: String? = null
)

@Serializable
data class ChannelsPairingListResult (
    val accounts: List<ChannelsPairingListResultAccount>,
    val requests: List<ChannelsPairingListResultRequest>,

    /**
     * Every account in question has an owner.
     */
    val commandOwnerConfigured: Boolean,

    val limits: ChannelsPairingListResultLimits
)

@Serializable
data class ChannelsPairingListResultAccount (
    val channel: String,
    val channelLabel: String,
    val accountId: String,
    val accountLabel: String? = null,

    /**
     * Whether somebody who is let in can be told so.
     */
    val notifySupported: Boolean
)

@Serializable
data class ChannelsPairingListResultLimits (
    val pendingPerAccount: Long,
    val ttlMs: Long
)

@Serializable
data class ChannelsPairingListResultRequest (
    val requestId: String,
    val channel: String,
    val channelLabel: String,
    val accountId: String,
    val accountLabel: String? = null,

    /**
     * Whether somebody who is let in can be told so.
     */
    val notifySupported: Boolean,

    val senderId: String,

    /**
     * What they call themselves, which proves nothing; else their id.
     */
    val senderLabel: String,

    val metadata: Map<String, String>? = null,
    val createdAt: String,
    val lastSeenAt: String,
    val expiresAt: String
)

@Serializable
data class ChannelsRemoveParams (
    val channel: String,
    val accountId: String? = null
)

@Serializable
data class ChannelsRemoveResult (
    val channel: String,
    val accountId: String,
    val removed: Boolean
)

/**
 * `accountId`: default the channel's default account.
 */
@Serializable
data class ChannelsStartParams (
    val channel: String,
    val accountId: String? = null
)

@Serializable
data class ChannelsStartResult (
    val channel: String,
    val accountId: String,
    val started: Boolean,
    val outcome: ChannelsStartResultOutcome
)

@Serializable
data class ChannelsStartResultOutcome (
    val status: ChannelsStartResultOutcomeStatus,
    val reason: String? = null
)

@Serializable
enum class ChannelsStartResultOutcomeStatus(val value: String) {
    @SerialName("handed-off") HandedOff("handed-off"),
    @SerialName("retry") Retry("retry"),
    @SerialName("skipped") Skipped("skipped");
}

@Serializable
data class ChannelsStatusParams (
    val probe: Boolean? = null,
    val timeoutMs: Long? = null,
    val channel: String? = null
)

@Serializable
data class ChannelsStatusResult (
    /**
     * Unix milliseconds.
     */
    val ts: Long,

    val channelOrder: List<String>,
    val channelLabels: Map<String, String>,
    val channelMeta: List<ChannelsStatusResultChannelMeta>? = null,
    val channels: Map<String, ChannelsStatusResultChannel>,
    val channelAccounts: Map<String, List<ChannelAccount>>,
    val channelDefaultAccountId: Map<String, String>,
    val partial: Boolean? = null,
    val warnings: List<String>? = null
)

@Serializable
data class ChannelsStatusResultChannelMeta (
    val id: String,
    val label: String,
    val detailLabel: String
)

@Serializable
data class ChannelsStatusResultChannel (
    val configured: Boolean,
    val lastError: String? = null
)

/**
 * `accountId`: default the channel's default account.
 */
@Serializable
data class ChannelsStopParams (
    val channel: String,
    val accountId: String? = null
)

@Serializable
data class ChannelsStopResult (
    val channel: String,
    val accountId: String,
    val stopped: Boolean
)

@Serializable
data class ChatAbortParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val sessionKey: String,

    val agentId: String? = null,
    val runId: String? = null
)

@Serializable
data class ChatAbortResult (
    val ok: Boolean,
    val aborted: Boolean,
    val runIds: List<String>
)

/**
 * Told apart by `state`.
 */
@Serializable
data class ChatEvent (
    val runId: String,
    val sessionKey: String,
    val agentId: String? = null,

    /**
     * Counts within the run; not the frame's `seq`.
     */
    val seq: Long,

    val state: ChatEventState,
    val phase: ChatEventStatusPhase? = null,
    val deltaText: String? = null,
    val replace: Boolean? = null,
    val message: ChatMessage? = null,
    val usage: RunUsage? = null,
    val stopReason: String? = null,
    val errorMessage: String? = null,
    val errorKind: ChatEventErrorErrorKind? = null
)

@Serializable
enum class ChatEventErrorErrorKind(val value: String) {
    @SerialName("context_length") ContextLength("context_length"),
    @SerialName("rate_limit") RateLimit("rate_limit"),
    @SerialName("refusal") Refusal("refusal"),
    @SerialName("timeout") Timeout("timeout"),
    @SerialName("unknown") Unknown("unknown");
}

@Serializable
data class ChatMessage (
    val role: ChatMessageRole,
    val content: List<MessagePart>,

    /**
     * Unix milliseconds.
     */
    val timestamp: Long,

    val sender: String? = null,
    val runId: String? = null,

    /**
     * The answer is not whole: stopped or broken off.
     */
    val partial: Boolean? = null,

    @SerialName("__openclaw")
    val openclaw: ChatMessageOpenclaw? = null
)

/**
 * A piece of a message. Clients skip kinds they do not know.
 */
@Serializable
data class MessagePart (
    val type: MessagePartType,
    val text: String? = null,
    val thinking: String? = null,
    val mimeType: String? = null,
    val fileName: String? = null,
    val sizeBytes: Long? = null,
    val blob: String? = null,
    val url: String? = null,
    val controls: List<JsonArray>? = null
)

@Serializable
enum class MessagePartType(val value: String) {
    @SerialName("audio") Audio("audio"),
    @SerialName("controls") Controls("controls"),
    @SerialName("document") Document("document"),
    @SerialName("image") Image("image"),
    @SerialName("sticker") Sticker("sticker"),
    @SerialName("text") Text("text"),
    @SerialName("thinking") Thinking("thinking"),
    @SerialName("video") Video("video"),
    @SerialName("voice") Voice("voice");
}

@Serializable
data class ChatMessageOpenclaw (
    val id: String,

    /**
     * Grows within a session.
     */
    val seq: Long,

    val kind: String? = null
)

/**
 * `note`: something nobody said, e.g. an edit or a failure.
 */
@Serializable
enum class ChatMessageRole(val value: String) {
    @SerialName("assistant") Assistant("assistant"),
    @SerialName("system") ChatMessageRoleSystem("system"),
    @SerialName("note") Note("note"),
    @SerialName("user") User("user");
}

@Serializable
enum class ChatEventStatusPhase(val value: String) {
    @SerialName("preparing_context") PreparingContext("preparing_context"),
    @SerialName("starting_model") StartingModel("starting_model");
}

@Serializable
enum class ChatEventState(val value: String) {
    @SerialName("aborted") Aborted("aborted"),
    @SerialName("delta") Delta("delta"),
    @SerialName("error") Error("error"),
    @SerialName("final") Final("final"),
    @SerialName("status") Status("status");
}

/**
 * What the model counted.
 */
@Serializable
data class RunUsage (
    val model: String? = null,
    val inputTokens: Long? = null,
    val outputTokens: Long? = null
)

@Serializable
data class ChatHistoryParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val sessionKey: String,

    val agentId: String? = null,
    val sessionId: String? = null,
    val limit: Long? = null,
    val maxChars: Long? = null,

    /**
     * Of all messages as JSON; older ones are left out. Default 6 MiB.
     */
    val maxBytes: Long? = null,

    val offset: Long? = null,

    /**
     * Only messages with a smaller `__openclaw.seq`.
     */
    val before: Long? = null,

    val cursor: String? = null
)

@Serializable
data class ChatHistoryResult (
    val sessionKey: String? = null,
    val sessionId: String? = null,
    val messages: JsonElement? = null,
    val pendingInputs: JsonElement? = null,
    val offset: Long? = null,
    val nextOffset: Long? = null,
    val hasMore: Boolean? = null,
    val totalMessages: Long? = null,

    /**
     * Give it as `cursor` to read only what is said from now on. Only with the newest messages.
     */
    val deltaCursor: String? = null,

    /**
     * Everything there is, at its whole length.
     */
    val completeSnapshot: Boolean? = null,

    val defaults: ChatHistoryResult1Defaults? = null,
    val sessionInfo: SessionRow? = null,
    val thinkingLevel: String? = null,
    val inFlightRun: JsonElement? = null,
    val kind: ChatHistoryResultKind? = null
)

/**
 * What holds for sessions of this agent in which nobody chose otherwise.
 */
@Serializable
data class ChatHistoryResult1Defaults (
    val modelProvider: String,
    val model: String? = null,
    val contextTokens: Long
)

@Serializable
enum class ChatHistoryResultKind(val value: String) {
    @SerialName("delta") Delta("delta"),
    @SerialName("reset") Reset("reset");
}

/**
 * Open: later fields may come.
 */
@Serializable
data class SessionRow (
    val key: String,
    val sessionId: String? = null,
    val kind: SessionRowKind,
    val chatType: SessionRowChatType? = null,
    val displayName: String? = null,

    /**
     * What an operator calls it.
     */
    val label: String? = null,

    val lastMessagePreview: String? = null,
    val channel: String? = null,
    val accountId: String? = null,
    val agentId: String? = null,
    val updatedAt: Long? = null,

    /**
     * Unix milliseconds.
     */
    val lastActivityAt: Long? = null,

    /**
     * Unix milliseconds.
     */
    val createdAt: Long? = null,

    val hasActiveRun: Boolean? = null,
    val activeRunIds: List<String>? = null,

    /**
     * What is in force; the levels only where somebody chose them.
     */
    val model: String? = null,

    val modelProvider: String? = null,
    val thinkingLevel: String? = null,
    val verbosity: String? = null,
    val reasoningLevel: String? = null,

    /**
     * Entries of the transcript.
     */
    val entries: Long? = null
)

@Serializable
enum class SessionRowChatType(val value: String) {
    @SerialName("channel") Channel("channel"),
    @SerialName("direct") Direct("direct"),
    @SerialName("group") Group("group");
}

@Serializable
enum class SessionRowKind(val value: String) {
    @SerialName("direct") Direct("direct"),
    @SerialName("global") Global("global"),
    @SerialName("group") Group("group"),
    @SerialName("unknown") Unknown("unknown");
}

@Serializable
data class ChatInjectParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val sessionKey: String,

    val agentId: String? = null,
    val message: String,
    val label: String? = null
)

@Serializable
data class ChatInjectResult (
    val ok: Boolean,
    val messageId: String
)

@Serializable
data class ChatMessageGetParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val sessionKey: String,

    val agentId: String? = null,
    val messageId: String,

    /**
     * Default 500000.
     */
    val maxChars: Long? = null
)

@Serializable
data class ChatMessageGetResult (
    val ok: Boolean,
    val message: ChatMessage? = null,
    val unavailableReason: ChatMessageGetResultUnavailableReason? = null
)

@Serializable
enum class ChatMessageGetResultUnavailableReason(val value: String) {
    @SerialName("not_found") NotFound("not_found"),
    @SerialName("oversized") Oversized("oversized");
}

@Serializable
data class ChatMetadataParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val sessionKey: String? = null,

    val agentId: String? = null
)

@Serializable
data class ChatMetadataResult (
    val commands: List<CommandEntry>,
    val models: List<ModelChoice>,
    val agentId: String
)

/**
 * A chat command.
 */
@Serializable
data class CommandEntry (
    val name: String,
    val nativeName: String? = null,
    val textAliases: List<String>? = null,
    val description: String,
    val source: String,
    val acceptsArgs: Boolean,
    val scope: String,
    val category: CommandEntryCategory? = null
)

@Serializable
enum class CommandEntryCategory(val value: String) {
    @SerialName("management") Management("management"),
    @SerialName("options") Options("options"),
    @SerialName("session") Session("session"),
    @SerialName("status") Status("status");
}

@Serializable
data class ModelChoice (
    val id: String,
    val name: String,
    val provider: String,
    val contextWindow: Long? = null
)

@Serializable
data class ChatSendParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val sessionKey: String,

    val message: String,
    val idempotencyKey: String,
    val agentId: String? = null,

    /**
     * The session must still be of this id, if it is there.
     */
    val sessionId: String? = null,

    val thinking: String? = null,
    val queueMode: QueueMode? = null,

    /**
     * Also send the answer to the session's own conversation.
     */
    val deliver: Boolean? = null,

    val attachments: List<ChatAttachment>? = null,
    val timeoutMs: Long? = null,
    val suppressCommandInterpretation: Boolean? = null
)

@Serializable
enum class QueueMode(val value: String) {
    @SerialName("collect") Collect("collect"),
    @SerialName("followup") Followup("followup"),
    @SerialName("interrupt") Interrupt("interrupt"),
    @SerialName("steer") Steer("steer");
}

/**
 * What became of a message for an agent.
 */
@Serializable
data class ChatSendResult (
    val runId: String,
    val status: ChatSendResultStatus,

    /**
     * The message's `__openclaw.seq`: known when its run has ended, so only a repetition is
     * told.
     */
    val messageSeq: Long? = null,

    /**
     * An answer that was being written was stopped for it.
     */
    val interruptedActiveRun: Boolean? = null,

    val summary: String? = null,
    val stopReason: String? = null,

    /**
     * Unix milliseconds.
     */
    val endedAt: Long? = null
)

/**
 * `ok`: it has ended. `timeout` with `summary: "aborted"`: it was stopped.
 */
@Serializable
enum class ChatSendResultStatus(val value: String) {
    @SerialName("in_flight") InFlight("in_flight"),
    @SerialName("ok") Ok("ok"),
    @SerialName("started") Started("started"),
    @SerialName("timeout") Timeout("timeout");
}

@Serializable
data class ChatStartupParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val sessionKey: String,

    val agentId: String? = null,
    val sessionId: String? = null,
    val limit: Long? = null,
    val maxChars: Long? = null,

    /**
     * Of all messages as JSON; older ones are left out. Default 6 MiB.
     */
    val maxBytes: Long? = null,

    val offset: Long? = null,

    /**
     * Only messages with a smaller `__openclaw.seq`.
     */
    val before: Long? = null
)

@Serializable
data class ChatStartupResult (
    val sessionKey: String,
    val sessionId: String,
    val messages: List<ChatMessage>,
    val pendingInputs: ChatStartupResultPendingInputs,
    val offset: Long? = null,
    val nextOffset: Long? = null,
    val hasMore: Boolean? = null,
    val totalMessages: Long? = null,

    /**
     * Give it as `cursor` to read only what is said from now on. Only with the newest messages.
     */
    val deltaCursor: String? = null,

    /**
     * Everything there is, at its whole length.
     */
    val completeSnapshot: Boolean? = null,

    val defaults: ChatStartupResultDefaults,
    val sessionInfo: SessionRow? = null,
    val thinkingLevel: String? = null,
    val inFlightRun: ChatStartupResultInFlightRun? = null,
    val agentsList: AgentsList,
    val metadata: ChatStartupResultMetadata
)

/**
 * What holds for sessions of this agent in which nobody chose otherwise.
 */
@Serializable
data class ChatStartupResultDefaults (
    val modelProvider: String,
    val model: String? = null,
    val contextTokens: Long
)

/**
 * The answer that is being written: show it, then follow its `chat` events.
 */
@Serializable
data class ChatStartupResultInFlightRun (
    val runId: String,
    val text: String
)

/**
 * What a chat needs besides its messages: what can be typed and chosen there.
 */
@Serializable
data class ChatStartupResultMetadata (
    val commands: List<CommandEntry>,
    val models: List<ModelChoice>
)

@Serializable
data class ChatStartupResultPendingInputs (
    val items: List<ChatStartupResultPendingInputsItem>,
    val total: Long
)

@Serializable
data class ChatStartupResultPendingInputsItem (
    val id: String,
    val runId: String? = null,
    val message: JsonElement?,

    /**
     * Unix milliseconds.
     */
    val acceptedAt: Long,

    val state: ChatStartupResultPendingInputsItemState
)

@Serializable
enum class ChatStartupResultPendingInputsItemState(val value: String) {
    @SerialName("cancelled") Cancelled("cancelled"),
    @SerialName("interrupted") Interrupted("interrupted"),
    @SerialName("queued") Queued("queued");
}

/**
 * What a client says of itself. None of it is proof.
 */
@Serializable
data class ClientInfo (
    /**
     * Which program it is, e.g. `cli`.
     */
    val id: String,

    val version: String,

    /**
     * The operating system, e.g. `macos 15.1`. A paired device that names another one needs to
     * be approved again.
     */
    val platform: String,

    val mode: ClientMode,

    /**
     * For people.
     */
    val displayName: String? = null,

    val buildId: String? = null,

    /**
     * E.g. `iPhone`. A paired device that names another one needs to be approved again.
     */
    val deviceFamily: String? = null,

    val modelIdentifier: String? = null,

    /**
     * As in the time zone database, e.g. `Europe/Vienna`.
     */
    val timeZone: String? = null,

    /**
     * Tells several of the same program on one machine apart.
     */
    val instanceId: String? = null
)

@Serializable
enum class ClientMode(val value: String) {
    @SerialName("backend") Backend("backend"),
    @SerialName("cli") CLI("cli"),
    @SerialName("node") Node("node"),
    @SerialName("probe") Probe("probe"),
    @SerialName("test") Test("test"),
    @SerialName("ui") UI("ui"),
    @SerialName("webchat") Webchat("webchat"),
    @SerialName("worker") Worker("worker");
}

@Serializable
data class CommandsListParams (
    val sessionKey: String? = null,
    val agentId: String? = null,
    val provider: String? = null,
    val scope: CommandsListParamsScope? = null,
    val includeArgs: Boolean? = null
)

@Serializable
enum class CommandsListParamsScope(val value: String) {
    @SerialName("both") Both("both"),
    @SerialName("native") Native("native"),
    @SerialName("text") Text("text");
}

@Serializable
data class CommandsListResult (
    val commands: List<CommandsListResultCommand>
)

@Serializable
data class CommandsListResultCommand (
    val name: String,
    val nativeName: String? = null,
    val textAliases: List<String>? = null,
    val description: String,
    val source: String,
    val acceptsArgs: Boolean,
    val scope: CommandsListParamsScope,
    val args: List<CommandsListResultCommandArg>? = null
)

@Serializable
data class CommandsListResultCommandArg (
    val name: String,
    val description: String,
    val type: CommandsListResultCommandArgType,
    val required: Boolean? = null
)

@Serializable
enum class CommandsListResultCommandArgType(val value: String) {
    @SerialName("boolean") CommandsListResultCommandArgTypeBoolean("boolean"),
    @SerialName("string") CommandsListResultCommandArgTypeString("string"),
    @SerialName("number") Number("number");
}

@Serializable
data class ConfigApplyParams (
    /**
     * JSON text; refused when it is larger.
     */
    val raw: String,

    /**
     * `hash` of `config.get`: somebody else's change in between is an error.
     */
    val baseHash: String? = null
)

/**
 * What a change did. `config`: the file's content now. What is not named in `restart.paths`
 * counts already; a path is dotted, as deep as changes are told apart.
 */
@Serializable
data class ConfigApplyResult (
    val ok: Boolean,
    val path: String? = null,
    val config: JsonObject,
    val hash: String,
    val configRevisionHash: String,

    /**
     * Nothing was different: nothing was written.
     */
    val noop: Boolean? = null,

    val applied: List<String>,
    val restart: ConfigApplyResultRestart
)

@Serializable
data class ConfigApplyResultRestart (
    val required: Boolean,
    val paths: List<String>
)

@Serializable
data class ConfigChangedEvent (
    val path: String,
    val hash: String,

    /**
     * Unix milliseconds.
     */
    val ts: Long
)

@Serializable
data class ConfigGetResult (
    val path: String? = null,
    val exists: Boolean,
    val valid: Boolean,

    /**
     * The file's text, secrets hidden; absent when it is no JSON.
     */
    val raw: String? = null,

    /**
     * The file's content.
     */
    val parsed: JsonObject,

    /**
     * With environment and defaults.
     */
    val config: JsonObject,

    val issues: List<ConfigGetResultIssue>,

    /**
     * Of the file's text; changes with it. Says nothing about what is in it.
     */
    val hash: String,

    /**
     * Of the content, however it is written.
     */
    val configRevisionHash: String,

    /**
     * The `configRevisionHash` that is wholly in force; another one while a restart is due.
     */
    val appliedConfigHash: String
)

@Serializable
data class ConfigGetResultIssue (
    val path: String,
    val message: String
)

@Serializable
data class ConfigPatchParams (
    /**
     * JSON text; refused when it is larger.
     */
    val raw: String,

    /**
     * `hash` of `config.get`: somebody else's change in between is an error.
     */
    val baseHash: String? = null,

    val replacePaths: List<String>? = null
)

/**
 * What a change did. `config`: the file's content now. What is not named in `restart.paths`
 * counts already; a path is dotted, as deep as changes are told apart.
 */
@Serializable
data class ConfigPatchResult (
    val ok: Boolean,
    val path: String? = null,
    val config: JsonObject,
    val hash: String,
    val configRevisionHash: String,

    /**
     * Nothing was different: nothing was written.
     */
    val noop: Boolean? = null,

    val applied: List<String>,
    val restart: ConfigPatchResultRestart
)

@Serializable
data class ConfigPatchResultRestart (
    val required: Boolean,
    val paths: List<String>
)

@Serializable
data class ConfigSchemaLookupParams (
    val path: String
)

@Serializable
data class ConfigSchemaLookupResult (
    val path: String,
    val schema: JsonElement?,
    val reloadKind: ConfigSchemaLookupResultReloadKind? = null,
    val hint: ConfigSchemaLookupResultHint? = null,
    val hintPath: String? = null,
    val children: List<ConfigSchemaLookupResultChildren>
)

@Serializable
data class ConfigSchemaLookupResultChildren (
    val key: String,
    val path: String,
    val type: JsonElement? = null,
    val required: Boolean,
    val hasChildren: Boolean,
    val reloadKind: ConfigSchemaLookupResultReloadKind? = null,
    val hint: ConfigSchemaLookupResultChildrenHint? = null,
    val hintPath: String? = null
)

@Serializable
data class ConfigSchemaLookupResultChildrenHint (
    val label: String? = null,
    val help: String? = null,
    val sensitive: Boolean? = null
)

@Serializable
enum class ConfigSchemaLookupResultReloadKind(val value: String) {
    @SerialName("hot") Hot("hot"),
    @SerialName("none") None("none"),
    @SerialName("restart") Restart("restart");
}

@Serializable
data class ConfigSchemaLookupResultHint (
    val label: String? = null,
    val help: String? = null,
    val sensitive: Boolean? = null
)

@Serializable
data class ConfigSchemaResult (
    /**
     * A JSON Schema.
     */
    val schema: JsonElement?,

    /**
     * By dotted path; `*` stands for any name, `[]` for any place in a list.
     */
    val uiHints: Map<String, ConfigSchemaResultUiHint>,

    val version: String,

    /**
     * ISO 8601.
     */
    val generatedAt: String
)

@Serializable
data class ConfigSchemaResultUiHint (
    val label: String? = null,
    val help: String? = null,
    val sensitive: Boolean? = null
)

@Serializable
data class ConfigSetParams (
    /**
     * JSON text; refused when it is larger.
     */
    val raw: String,

    /**
     * `hash` of `config.get`: somebody else's change in between is an error.
     */
    val baseHash: String? = null
)

/**
 * What a change did. `config`: the file's content now. What is not named in `restart.paths`
 * counts already; a path is dotted, as deep as changes are told apart.
 */
@Serializable
data class ConfigSetResult (
    val ok: Boolean,
    val path: String? = null,
    val config: JsonObject,
    val hash: String,
    val configRevisionHash: String,

    /**
     * Nothing was different: nothing was written.
     */
    val noop: Boolean? = null,

    val applied: List<String>,
    val restart: ConfigSetResultRestart
)

@Serializable
data class ConfigSetResultRestart (
    val required: Boolean,
    val paths: List<String>
)

@Serializable
data class ConfigValidateParams (
    val raw: String
)

@Serializable
data class ConfigValidateResult (
    val valid: Boolean,
    val issues: List<ConfigValidateResultIssue>
)

@Serializable
data class ConfigValidateResultIssue (
    val path: String,
    val message: String
)

/**
 * At most one secret is needed.
 */
@Serializable
data class ConnectAuth (
    /**
     * The gateway's shared token.
     */
    val token: String? = null,

    /**
     * The gateway's shared password.
     */
    val password: String? = null,

    /**
     * What an earlier `hello-ok` gave this device.
     */
    val deviceToken: String? = null,

    /**
     * What a setup code carries. Good once.
     */
    val bootstrapToken: String? = null
)

@Serializable
data class ConnectParams (
    /**
     * The oldest and the newest version of the protocol that the client speaks.
     */
    val minProtocol: Long,

    val maxProtocol: Long,
    val client: ClientInfo,

    /**
     * `operator` or `node`. Default `operator`.
     */
    val role: String? = null,

    /**
     * What the client wants to do; what it may do stands in the answer. Default: nothing.
     */
    val scopes: List<String>? = null,

    /**
     * What the client understands, e.g. `tool-events`; of a node, what kinds of things it
     * offers.
     */
    val caps: List<String>? = null,

    /**
     * Of a node: the commands it offers.
     */
    val commands: List<String>? = null,

    /**
     * Of a node: what its user or its system allows.
     */
    val permissions: Map<String, Boolean>? = null,

    /**
     * Of a node: its search path for programs.
     */
    val pathEnv: String? = null,

    val device: DeviceProof? = null,
    val auth: ConnectAuth? = null,
    val locale: String? = null,
    val userAgent: String? = null
)

/**
 * A device's proof: see `deviceClaimV3` for what the signature covers.
 */
@Serializable
data class DeviceProof (
    /**
     * Lower-case hex SHA-256 of the raw public key.
     */
    val id: String,

    /**
     * The 32 raw Ed25519 bytes, base64url; standard base64 and PEM are read too.
     */
    val publicKey: String,

    /**
     * Base64url of the 64 bytes.
     */
    val signature: String,

    /**
     * Unix milliseconds, as signed.
     */
    val signedAt: Long,

    /**
     * The challenge's.
     */
    val nonce: String
)

@Serializable
data class CronListParams (
    val limit: Long? = null,
    val offset: Long? = null
)

@Serializable
data class CronListResult (
    val jobs: JsonArray,

    /**
     * Changes with the list: never, since it stays empty.
     */
    val snapshotRevision: String,

    val total: Long,
    val offset: Long,
    val limit: Long,
    val hasMore: Boolean,
    val nextOffset: JsonElement? = null
)

@Serializable
data class CronStatusResult (
    val enabled: Boolean,
    val jobs: Long,
    val nextWakeAtMs: Long? = null
)

/**
 * `payload`: what could not be processed or sent, whole.
 */
@Serializable
data class DeadLetterDetail (
    val id: String,
    val kind: DeadLetterKind,

    /**
     * The id of the inbox event, turn or delivery.
     */
    val subject: String,

    val channel: String,
    val accountId: String,
    val error: ErrorRecord,

    /**
     * Unix milliseconds.
     */
    val createdAt: Long,

    val preview: String? = null,
    val resolution: DeadLetterResolution? = null,

    /**
     * Unix milliseconds.
     */
    val resolvedAt: Long? = null,

    val payload: JsonElement? = null
)

/**
 * What could not be done: take in an event, run a turn, send a delivery.
 */
@Serializable
enum class DeadLetterKind(val value: String) {
    @SerialName("delivery") Delivery("delivery"),
    @SerialName("inbox") Inbox("inbox"),
    @SerialName("turn") Turn("turn");
}

@Serializable
enum class DeadLetterResolution(val value: String) {
    @SerialName("discarded") Discarded("discarded"),
    @SerialName("replayed") Replayed("replayed");
}

@Serializable
data class DeadLetterRow (
    val id: String,
    val kind: DeadLetterKind,

    /**
     * The id of the inbox event, turn or delivery.
     */
    val subject: String,

    val channel: String,
    val accountId: String,
    val error: ErrorRecord,

    /**
     * Unix milliseconds.
     */
    val createdAt: Long,

    val preview: String? = null,
    val resolution: DeadLetterResolution? = null,

    /**
     * Unix milliseconds.
     */
    val resolvedAt: Long? = null
)

@Serializable
data class DeadLettersDiscardParams (
    val id: String
)

@Serializable
data class DeadLettersDiscardResult (
    val id: String,
    val discarded: Boolean
)

@Serializable
data class DeadLettersGetParams (
    val id: String
)

@Serializable
data class DeadLettersGetResult (
    val deadLetter: DeadLetterDetail
)

@Serializable
data class DeadLettersListParams (
    /**
     * Default 50.
     */
    val limit: Long? = null,

    /**
     * The `cursor` of the page before.
     */
    val cursor: String? = null,

    val kind: DeadLetterKind? = null,
    val resolved: Boolean? = null
)

@Serializable
data class DeadLettersListResult (
    val deadLetters: List<DeadLetterRow>,
    val cursor: String? = null
)

@Serializable
data class DeadLettersReplayParams (
    val id: String
)

@Serializable
data class DeadLettersReplayResult (
    val id: String,
    val replayed: Boolean
)

@Serializable
data class DeliveriesGetParams (
    val id: String
)

@Serializable
data class DeliveriesGetResult (
    val delivery: DeliveryDetail
)

/**
 * `payload` is the channel's own form of the message, as it was stored.
 */
@Serializable
data class DeliveryDetail (
    val id: String,
    val channel: String,
    val accountId: String,
    val state: DeliveryState,
    val kind: DeliveryKind,
    val priority: DeliveryPriority,

    /**
     * The conversation it goes to, and what it says in short.
     */
    val conversation: String,

    val thread: String? = null,
    val preview: String,
    val session: String? = null,
    val turn: String? = null,

    /**
     * Attempts that failed for good reason.
     */
    val attempts: Long,

    /**
     * Unix milliseconds.
     */
    val createdAt: Long,

    /**
     * Unix milliseconds.
     */
    val dueAt: Long? = null,

    /**
     * Unix milliseconds.
     */
    val expiresAt: Long,

    /**
     * Unix milliseconds.
     */
    val sentAt: Long? = null,

    /**
     * Unix milliseconds.
     */
    val deliveredAt: Long? = null,

    /**
     * Unix milliseconds.
     */
    val readAt: Long? = null,

    val messageIds: List<String>,

    /**
     * It was sent again after an attempt whose fate nobody knew, with a visible note.
     */
    val markedDuplicate: Boolean? = null,

    val error: ErrorRecord? = null,
    val payload: JsonElement?,
    val tries: List<AttemptRow>
)

@Serializable
enum class DeliveryKind(val value: String) {
    @SerialName("answer") Answer("answer"),
    @SerialName("direct") Direct("direct"),
    @SerialName("draft") Draft("draft"),
    @SerialName("notice") Notice("notice");
}

@Serializable
enum class DeliveryPriority(val value: String) {
    @SerialName("critical") Critical("critical"),
    @SerialName("high") High("high"),
    @SerialName("low") Low("low"),
    @SerialName("normal") Normal("normal");
}

@Serializable
enum class DeliveryState(val value: String) {
    @SerialName("cancelled") Cancelled("cancelled"),
    @SerialName("dead") Dead("dead"),
    @SerialName("delivered") Delivered("delivered"),
    @SerialName("expired") Expired("expired"),
    @SerialName("queued") Queued("queued"),
    @SerialName("read") Read("read"),
    @SerialName("scheduled") Scheduled("scheduled"),
    @SerialName("sending") Sending("sending"),
    @SerialName("sent") Sent("sent"),
    @SerialName("superseded") Superseded("superseded"),
    @SerialName("unknown") Unknown("unknown");
}

@Serializable
data class DeliveriesListParams (
    /**
     * Default 50.
     */
    val limit: Long? = null,

    /**
     * The `cursor` of the page before.
     */
    val cursor: String? = null,

    val channel: String? = null,
    val accountId: String? = null,
    val states: List<DeliveryState>? = null,

    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val session: String? = null,

    val turn: String? = null
)

@Serializable
data class DeliveriesListResult (
    val deliveries: List<DeliveryRow>,
    val cursor: String? = null
)

@Serializable
data class DeliveryRow (
    val id: String,
    val channel: String,
    val accountId: String,
    val state: DeliveryState,
    val kind: DeliveryKind,
    val priority: DeliveryPriority,

    /**
     * The conversation it goes to, and what it says in short.
     */
    val conversation: String,

    val thread: String? = null,
    val preview: String,
    val session: String? = null,
    val turn: String? = null,

    /**
     * Attempts that failed for good reason.
     */
    val attempts: Long,

    /**
     * Unix milliseconds.
     */
    val createdAt: Long,

    /**
     * Unix milliseconds.
     */
    val dueAt: Long? = null,

    /**
     * Unix milliseconds.
     */
    val expiresAt: Long,

    /**
     * Unix milliseconds.
     */
    val sentAt: Long? = null,

    /**
     * Unix milliseconds.
     */
    val deliveredAt: Long? = null,

    /**
     * Unix milliseconds.
     */
    val readAt: Long? = null,

    val messageIds: List<String>,

    /**
     * It was sent again after an attempt whose fate nobody knew, with a visible note.
     */
    val markedDuplicate: Boolean? = null,

    val error: ErrorRecord? = null
)

@Serializable
data class DevicePairApproveParams (
    val requestId: String
)

@Serializable
data class DevicePairApproveResult (
    val requestId: String,
    val device: PairedDevice
)

/**
 * A paired device; its tokens are never shown.
 */
@Serializable
data class PairedDevice (
    val deviceId: String,

    /**
     * Raw Ed25519 key, base64url.
     */
    val publicKey: String,

    val displayName: String? = null,
    val platform: String? = null,
    val deviceFamily: String? = null,
    val clientId: String? = null,
    val clientMode: String? = null,
    val remoteIp: String? = null,

    /**
     * The name an operator gave it.
     */
    val operatorLabel: String? = null,

    val role: String? = null,
    val roles: List<String>? = null,
    val scopes: List<String>? = null,

    /**
     * `owner`: a person approved it; `local`: it was on this machine; `setup-code`: codes are
     * trusted here.
     */
    val approvedVia: String? = null,

    /**
     * Unix milliseconds.
     */
    val createdAtMs: Long,

    /**
     * Unix milliseconds.
     */
    val approvedAtMs: Long,

    /**
     * Unix milliseconds.
     */
    val lastSeenAtMs: Long? = null,

    val lastSeenReason: String? = null,
    val connected: Boolean? = null,
    val tokens: List<PairedDeviceToken>? = null
)

@Serializable
data class PairedDeviceToken (
    val role: String,
    val scopes: List<String>,

    /**
     * Unix milliseconds.
     */
    val createdAtMs: Long,

    /**
     * Unix milliseconds.
     */
    val rotatedAtMs: Long? = null,

    /**
     * Unix milliseconds.
     */
    val revokedAtMs: Long? = null,

    /**
     * Unix milliseconds.
     */
    val lastUsedAtMs: Long? = null
)

@Serializable
data class DevicePairListResult (
    val pending: List<PendingDevice>,
    val paired: List<PairedDevice>
)

/**
 * A device that waits for approval.
 */
@Serializable
data class PendingDevice (
    val requestId: String,
    val deviceId: String,

    /**
     * Raw Ed25519 key, base64url.
     */
    val publicKey: String,

    val displayName: String? = null,
    val platform: String? = null,
    val deviceFamily: String? = null,
    val clientId: String? = null,
    val clientMode: String? = null,
    val remoteIp: String? = null,
    val browserOrigin: String? = null,
    val role: String? = null,
    val roles: List<String>? = null,
    val scopes: List<String>? = null,

    /**
     * It is paired already and asks for more, or changed.
     */
    val isRepair: Boolean? = null,

    /**
     * Unix milliseconds.
     */
    val ts: Long
)

@Serializable
data class DevicePairRejectParams (
    val requestId: String
)

@Serializable
data class DevicePairRejectResult (
    val requestId: String,
    val deviceId: String
)

@Serializable
data class DevicePairRemoveParams (
    val deviceId: String
)

@Serializable
data class DevicePairRemoveResult (
    val deviceId: String
)

@Serializable
data class DevicePairRenameParams (
    val deviceId: String,
    val label: String
)

@Serializable
data class DevicePairRenameResult (
    val deviceId: String,
    val label: String
)

@Serializable
data class DevicePairResolvedEvent (
    val requestId: String,
    val deviceId: String,
    val decision: DevicePairResolvedEventDecision,

    /**
     * Unix milliseconds.
     */
    val ts: Long
)

@Serializable
enum class DevicePairResolvedEventDecision(val value: String) {
    @SerialName("approved") Approved("approved"),
    @SerialName("rejected") Rejected("rejected");
}

@Serializable
data class DevicePairSetupCodeParams (
    val publicUrl: String? = null,
    val preferRemoteUrl: Boolean? = null,

    /**
     * Default true.
     */
    val includeQr: Boolean? = null,

    /**
     * The device runs on the gateway's own machine, e.g. an emulator.
     */
    val onThisMachine: Boolean? = null,

    val bootstrapProfile: DevicePairSetupCodeParamsBootstrapProfile? = null
)

@Serializable
enum class DevicePairSetupCodeParamsBootstrapProfile(val value: String) {
    @SerialName("limited") Limited("limited"),
    @SerialName("node") Node("node"),
    @SerialName("voice-node") VoiceNode("voice-node");
}

@Serializable
data class DevicePairSetupCodeResult (
    val setupId: String,

    /**
     * Unix milliseconds.
     */
    val expiresAtMs: Long,

    val setupCode: String,
    val qrDataUrl: String? = null,
    val gatewayUrl: String,
    val gatewayUrls: List<String>? = null,
    val auth: DevicePairSetupCodeResultAuth,
    val urlSource: String,
    val access: SetupOutcomeAccess,
    val accessDowngraded: Boolean? = null
)

@Serializable
enum class SetupOutcomeAccess(val value: String) {
    @SerialName("full") Full("full"),
    @SerialName("limited") Limited("limited"),
    @SerialName("node") Node("node");
}

@Serializable
enum class DevicePairSetupCodeResultAuth(val value: String) {
    @SerialName("password") Password("password"),
    @SerialName("token") Token("token"),
    @SerialName("trusted-proxy") TrustedProxy("trusted-proxy");
}

@Serializable
data class DevicePairSetupStatusParams (
    val setupId: String
)

@Serializable
data class DevicePairSetupStatusResult (
    val completion: SetupOutcome? = null,
    val pendingRequestId: String? = null,
    val remainingMs: Long? = null
)

/**
 * What became of a setup code.
 */
@Serializable
data class SetupOutcome (
    val setupId: String,
    val deviceId: String,
    val deviceName: String? = null,
    val access: SetupOutcomeAccess,

    /**
     * Unix milliseconds.
     */
    val ts: Long
)

@Serializable
data class DeviceScopesRequestUpgradeParams (
    val scopes: List<String>
)

@Serializable
data class DeviceScopesRequestUpgradeResult (
    val requestId: String
)

@Serializable
data class DeviceScopesWaitUpgradeParams (
    val requestId: String
)

@Serializable
data class DeviceScopesWaitUpgradeResult (
    val status: DeviceScopesWaitUpgradeResultStatus,
    val requestId: String,
    val deviceToken: String? = null,
    val scopes: List<String>? = null
)

@Serializable
enum class DeviceScopesWaitUpgradeResultStatus(val value: String) {
    @SerialName("approved") Approved("approved"),
    @SerialName("expired") Expired("expired"),
    @SerialName("rejected") Rejected("rejected");
}

@Serializable
data class DeviceTokenRevokeParams (
    val deviceId: String,
    val role: String
)

@Serializable
data class DeviceTokenRevokeResult (
    val deviceId: String,
    val role: String,

    /**
     * Unix milliseconds.
     */
    val revokedAtMs: Long
)

@Serializable
data class DeviceTokenRotateParams (
    val deviceId: String,
    val role: String,
    val scopes: List<String>? = null
)

@Serializable
data class DeviceTokenRotateResult (
    val deviceId: String,
    val role: String,
    val scopes: List<String>,

    /**
     * Unix milliseconds.
     */
    val rotatedAtMs: Long,

    val tokenDelivery: DeviceTokenRotateResultTokenDelivery,
    val token: String? = null
)

@Serializable
enum class DeviceTokenRotateResultTokenDelivery(val value: String) {
    @SerialName("in-band") InBand("in-band"),
    @SerialName("withheld-cross-device") WithheldCrossDevice("withheld-cross-device");
}

/**
 * What went wrong, and whether trying again helps.
 */
@Serializable
data class ErrorShape (
    /**
     * One of GATEWAY_ERRORS; clients must expect others.
     */
    val code: String,

    /**
     * For people; may change.
     */
    val message: String,

    /**
     * `details.code` says more exactly what it is.
     */
    val details: JsonObject? = null,

    /**
     * The same request may succeed later.
     */
    val retryable: Boolean? = null,

    /**
     * No sooner than this.
     */
    val retryAfterMs: Long? = null
)

/**
 * Gateway to client. `seq` counts what was meant for this connection, dropped events
 * included: a gap means that something was missed. Nothing is sent again. Absent on what
 * goes to one client only.
 */
@Serializable
data class EventFrame (
    val type: String,
    val event: String,
    val payload: JsonElement? = null,

    /**
     * From 1, one more for each event.
     */
    val seq: Long? = null,

    val stateVersion: StateVersion? = null
)

/**
 * Grow with every change of what they count; tell whether a snapshot is older than an event.
 */
@Serializable
data class StateVersion (
    val presence: Long,
    val health: Long
)

@Serializable
data class EventLoopHealth (
    val degraded: Boolean,
    val reasons: List<EventLoopHealthReason>,
    val intervalMs: Double,
    val delayP99Ms: Double,
    val delayMaxMs: Double,
    val utilization: Double,
    val cpuCoreRatio: Double
)

@Serializable
enum class EventLoopHealthReason(val value: String) {
    @SerialName("cpu") CPU("cpu"),
    @SerialName("event_loop_delay") EventLoopDelay("event_loop_delay"),
    @SerialName("event_loop_utilization") EventLoopUtilization("event_loop_utilization");
}

@Serializable
enum class EventName(val value: String) {
    @SerialName("agent") Agent("agent"),
    @SerialName("channels.changed") ChannelsChanged("channels.changed"),
    @SerialName("chat") Chat("chat"),
    @SerialName("config.changed") ConfigChanged("config.changed"),
    @SerialName("connect.challenge") ConnectChallenge("connect.challenge"),
    @SerialName("device.pair.changed") DevicePairChanged("device.pair.changed"),
    @SerialName("device.pair.requested") DevicePairRequested("device.pair.requested"),
    @SerialName("device.pair.resolved") DevicePairResolved("device.pair.resolved"),
    @SerialName("device.pair.setup.completed") DevicePairSetupCompleted("device.pair.setup.completed"),
    @SerialName("health") Health("health"),
    @SerialName("node.invoke.cancel") NodeInvokeCancel("node.invoke.cancel"),
    @SerialName("node.invoke.progress") NodeInvokeProgress("node.invoke.progress"),
    @SerialName("node.invoke.request") NodeInvokeRequest("node.invoke.request"),
    @SerialName("node.pair.requested") NodePairRequested("node.pair.requested"),
    @SerialName("node.pair.resolved") NodePairResolved("node.pair.resolved"),
    @SerialName("node.presence") NodePresence("node.presence"),
    @SerialName("presence") Presence("presence"),
    @SerialName("sessions.changed") SessionsChanged("sessions.changed"),
    @SerialName("shutdown") Shutdown("shutdown"),
    @SerialName("tick") Tick("tick"),
    @SerialName("trace") Trace("trace");
}

@Serializable
data class GatewayIdentityGetResult (
    val deviceId: String,
    val publicKey: String
)

@Serializable
data class GatewayRestartRequestParams (
    val reason: String? = null,
    val delayMs: Long? = null
)

@Serializable
data class GatewayRestartRequestResult (
    val ok: Boolean,
    val delayMs: Long
)

@Serializable
data class Health (
    /**
     * No account is in trouble and the process keeps up; what is wrong stands in the parts.
     */
    val ok: Boolean,

    /**
     * Unix milliseconds.
     */
    val ts: Long,

    /**
     * How long the summary took to make.
     */
    val durationMs: Long,

    val eventLoop: EventLoopHealth? = null,
    val deliveryQueues: HealthDeliveryQueues? = null,
    val channels: Map<String, ChannelHealth>,
    val channelOrder: List<String>,
    val channelLabels: Map<String, String>,

    /**
     * 0: no heartbeats.
     */
    val heartbeatSeconds: Long,

    val defaultAgentId: String,
    val agents: List<AgentHealth>,
    val sessions: RecentSessions
)

/**
 * What waits for a person.
 */
@Serializable
data class HealthDeliveryQueues (
    val failed: List<HealthDeliveryQueuesFailed>
)

@Serializable
data class HealthDeliveryQueuesFailed (
    val queueName: String,
    val count: Long,

    /**
     * Unix milliseconds.
     */
    val oldestFailedAt: Long? = null
)

@Serializable
data class HealthParams (
    val probe: Boolean? = null
)

/**
 * The answer to `connect`.
 */
@Serializable
data class HelloOk (
    val type: String,
    val protocol: Long,
    val server: HelloOkServer,
    val features: HelloOkFeatures,
    val snapshot: Snapshot,

    /**
     * Where what agents publish is shown, by the surface's name, e.g. `canvas`: for nodes that
     * declare it among their `caps`, and for operators that may read. Each address is good for
     * ten minutes; `node.pluginSurface.refresh` and `plugin.surface.refresh` give another.
     * Behind it are documents, at the paths that `canvas.document.list` tells, and at
     * `/__openclaw__/a2ui/` the page that draws A2UI. Whoever has it may read what is behind
     * it: do not log it.
     */
    val pluginSurfaceUrls: Map<String, String>? = null,

    val auth: HelloOkAuth,
    val policy: HelloOkPolicy
)

/**
 * What this connection may do.
 */
@Serializable
data class HelloOkAuth (
    val method: HelloOkAuthMethod? = null,
    val role: String,

    /**
     * Those of the scopes asked for that were granted.
     */
    val scopes: List<String>,

    /**
     * The device's own token: keep it, and send it when connecting again.
     */
    val deviceToken: String? = null,

    /**
     * When the device's token was made, Unix milliseconds.
     */
    val issuedAtMs: Long? = null,

    /**
     * The tokens for the device's other roles, once, when it came in with a setup code.
     */
    val deviceTokens: List<HelloOkAuthDeviceToken>? = null
)

@Serializable
data class HelloOkAuthDeviceToken (
    val deviceToken: String,
    val role: String,
    val scopes: List<String>,
    val issuedAtMs: Long
)

/**
 * What the gateway let the client in for.
 */
@Serializable
enum class HelloOkAuthMethod(val value: String) {
    @SerialName("bootstrap-token") BootstrapToken("bootstrap-token"),
    @SerialName("device-token") DeviceToken("device-token"),
    @SerialName("none") None("none"),
    @SerialName("password") Password("password"),
    @SerialName("tailscale") Tailscale("tailscale"),
    @SerialName("token") Token("token"),
    @SerialName("trusted-proxy") TrustedProxy("trusted-proxy");
}

/**
 * Only what this gateway can do.
 */
@Serializable
data class HelloOkFeatures (
    val methods: List<String>,
    val events: List<String>,
    val capabilities: List<String>? = null
)

/**
 * What a client has to keep to. Sizes in bytes.
 */
@Serializable
data class HelloOkPolicy (
    /**
     * The largest frame that may be sent.
     */
    val maxPayload: Long,

    /**
     * What may wait for a client that reads slowly; more, and it is closed.
     */
    val maxBufferedBytes: Long,

    /**
     * How often `tick` comes.
     */
    val tickIntervalMs: Long,

    val attachments: HelloOkPolicyAttachments? = null
)

@Serializable
data class HelloOkPolicyAttachments (
    val maxBytes: Long,
    val maxImageBytes: Long
)

/**
 * `connId` names this connection in the gateway's log.
 */
@Serializable
data class HelloOkServer (
    val version: String,
    val connId: String
)

/**
 * How things stand at the moment of the answer.
 */
@Serializable
data class Snapshot (
    /**
     * Empty for those who may not see who is there.
     */
    val presence: List<Presence>,

    val health: SnapshotHealth,
    val stateVersion: StateVersion,
    val uptimeMs: Long,
    val sessionDefaults: SessionDefaults? = null
)

/**
 * Nothing of it before the first is made. No `ok` when not all is well: clients know it as
 * `true` only.
 */
@Serializable
data class SnapshotHealth (
    /**
     * No account is in trouble and the process keeps up; what is wrong stands in the parts.
     */
    val ok: Boolean? = null,

    /**
     * Unix milliseconds.
     */
    val ts: Long? = null,

    /**
     * How long the summary took to make.
     */
    val durationMs: Long? = null,

    val eventLoop: EventLoopHealth? = null,
    val deliveryQueues: SnapshotHealthDeliveryQueues? = null,
    val channels: Map<String, ChannelHealth>? = null,
    val channelOrder: List<String>? = null,
    val channelLabels: Map<String, String>? = null,

    /**
     * 0: no heartbeats.
     */
    val heartbeatSeconds: Long? = null,

    val defaultAgentId: String? = null,
    val agents: List<AgentHealth>? = null,
    val sessions: RecentSessions? = null
)

/**
 * What waits for a person.
 */
@Serializable
data class SnapshotHealthDeliveryQueues (
    val failed: List<SnapshotHealthDeliveryQueuesFailed>
)

@Serializable
data class SnapshotHealthDeliveryQueuesFailed (
    val queueName: String,
    val count: Long,

    /**
     * Unix milliseconds.
     */
    val oldestFailedAt: Long? = null
)

@Serializable
data class Presence (
    val host: String? = null,

    /**
     * Absent for clients on the gateway's own machine.
     */
    val ip: String? = null,

    val version: String? = null,
    val platform: String? = null,
    val deviceFamily: String? = null,
    val modelIdentifier: String? = null,
    val timeZone: String? = null,
    val mode: String? = null,
    val lastInputSeconds: Long? = null,

    /**
     * `self`, `connect`, `disconnect`.
     */
    val reason: String? = null,

    val tags: List<String>? = null,
    val text: String? = null,

    /**
     * Unix milliseconds.
     */
    val ts: Long,

    /**
     * Unix milliseconds.
     */
    val onlineSince: Long? = null,

    /**
     * Unix milliseconds.
     */
    val lastActivityAt: Long? = null,

    val deviceId: String? = null,
    val roles: List<String>? = null,
    val scopes: List<String>? = null,
    val instanceId: String? = null
)

/**
 * Which agent and session a client begins with.
 */
@Serializable
data class SessionDefaults (
    val defaultAgentId: String,

    /**
     * The short name of the main session.
     */
    val mainKey: String,

    /**
     * The main session of the default agent.
     */
    val mainSessionKey: String,

    val modelConfigured: Boolean? = null
)

@Serializable
data class LimitsGetParams (
    val tenant: String? = null
)

@Serializable
data class LimitsGetResult (
    val limits: TenantLimits,
    val own: TenantLimits,
    val used: LimitsGetResultUsed,

    /**
     * Today in UTC.
     */
    val date: String
)

/**
 * Days and months are those of UTC.
 */
@Serializable
data class TenantLimits (
    val accounts: TenantLimitsAccounts? = null,
    val messagesPerDay: TenantLimitsMessagesPerDay? = null,
    val mediaBytesPerDay: TenantLimitsMediaBytesPerDay? = null,
    val runsPerDay: TenantLimitsRunsPerDay? = null,
    val tokensPerDay: TenantLimitsTokensPerDay? = null,
    val tokensPerMonth: TenantLimitsTokensPerMonth? = null
)

/**
 * Accounts besides those of the configuration.
 */
@Serializable
data class TenantLimitsAccounts (
    /**
     * Beyond it operators are warned, once.
     */
    val soft: Long? = null,

    /**
     * Beyond it nothing is taken.
     */
    val hard: Long? = null
)

/**
 * Bytes of files that people send, as far as platforms tell their sizes.
 */
@Serializable
data class TenantLimitsMediaBytesPerDay (
    /**
     * Beyond it operators are warned, once.
     */
    val soft: Long? = null,

    /**
     * Beyond it nothing is taken.
     */
    val hard: Long? = null
)

/**
 * Messages, commands and presses of people who were let in.
 */
@Serializable
data class TenantLimitsMessagesPerDay (
    /**
     * Beyond it operators are warned, once.
     */
    val soft: Long? = null,

    /**
     * Beyond it nothing is taken.
     */
    val hard: Long? = null
)

/**
 * Runs of agents.
 */
@Serializable
data class TenantLimitsRunsPerDay (
    /**
     * Beyond it operators are warned, once.
     */
    val soft: Long? = null,

    /**
     * Beyond it nothing is taken.
     */
    val hard: Long? = null
)

/**
 * Tokens, in and out.
 */
@Serializable
data class TenantLimitsTokensPerDay (
    /**
     * Beyond it operators are warned, once.
     */
    val soft: Long? = null,

    /**
     * Beyond it nothing is taken.
     */
    val hard: Long? = null
)

/**
 * Tokens, in and out.
 */
@Serializable
data class TenantLimitsTokensPerMonth (
    /**
     * Beyond it operators are warned, once.
     */
    val soft: Long? = null,

    /**
     * Beyond it nothing is taken.
     */
    val hard: Long? = null
)

@Serializable
data class LimitsGetResultUsed (
    val accounts: Long,
    val messagesPerDay: Long,
    val mediaBytesPerDay: Long,
    val runsPerDay: Long,
    val tokensPerDay: Long,
    val tokensPerMonth: Long
)

@Serializable
data class LimitsSetParams (
    val tenant: String? = null,
    val limits: LimitsSetParamsLimits
)

@Serializable
data class LimitsSetParamsLimits (
    val accounts: LimitsSetParamsLimitsAccounts? = null,
    val messagesPerDay: LimitsSetParamsLimitsMessagesPerDay? = null,
    val mediaBytesPerDay: LimitsSetParamsLimitsMediaBytesPerDay? = null,
    val runsPerDay: LimitsSetParamsLimitsRunsPerDay? = null,
    val tokensPerDay: LimitsSetParamsLimitsTokensPerDay? = null,
    val tokensPerMonth: LimitsSetParamsLimitsTokensPerMonth? = null
)

@Serializable
data class LimitsSetParamsLimitsAccounts (
    val soft: Long? = null,
    val hard: Long? = null
)

@Serializable
data class LimitsSetParamsLimitsMediaBytesPerDay (
    val soft: Long? = null,
    val hard: Long? = null
)

@Serializable
data class LimitsSetParamsLimitsMessagesPerDay (
    val soft: Long? = null,
    val hard: Long? = null
)

@Serializable
data class LimitsSetParamsLimitsRunsPerDay (
    val soft: Long? = null,
    val hard: Long? = null
)

@Serializable
data class LimitsSetParamsLimitsTokensPerDay (
    val soft: Long? = null,
    val hard: Long? = null
)

@Serializable
data class LimitsSetParamsLimitsTokensPerMonth (
    val soft: Long? = null,
    val hard: Long? = null
)

@Serializable
data class LimitsSetResult (
    val own: TenantLimits,
    val limits: TenantLimits
)

/**
 * A step as it happens, with everything it belongs to.
 */
@Serializable
data class LiveStep (
    /**
     * Unix milliseconds.
     */
    val at: Long,

    val step: String,
    val subject: String,
    val event: String? = null,
    val turn: String? = null,
    val delivery: String? = null,
    val session: String? = null,
    val channel: String? = null,
    val accountId: String? = null,
    val detail: JsonElement? = null
)

@Serializable
data class LogsTailParams (
    /**
     * The `cursor` of the answer before.
     */
    val cursor: Long? = null,

    /**
     * Default 500.
     */
    val limit: Long? = null,

    /**
     * Default 250000.
     */
    val maxBytes: Long? = null
)

@Serializable
data class LogsTailResult (
    /**
     * The file's name; its whole path for admins.
     */
    val file: String,

    val cursor: Long,
    val size: Long,
    val lines: List<String>,

    /**
     * Older lines were left out: there were more than `limit` or `maxBytes` allow.
     */
    val truncated: Boolean? = null,

    /**
     * What `cursor` pointed at is gone; these are the newest lines.
     */
    val reset: Boolean? = null,

    val skippedBytes: Long? = null
)

@Serializable
data class MediaGetParams (
    val blob: String,
    val offset: Long? = null,
    val length: Long? = null
)

@Serializable
data class MediaGetResult (
    val content: String,
    val offset: Long,
    val sizeBytes: Long,
    val mimeType: String? = null,
    val fileName: String? = null
)

@Serializable
data class MediaPutParams (
    val content: String,
    val mimeType: String? = null,
    val fileName: String? = null
)

@Serializable
data class MediaPutResult (
    val blob: String,
    val sizeBytes: Long,
    val mimeType: String? = null
)

@Serializable
data class MessageActionParams (
    val channel: String,
    val action: String,
    val params: JsonObject,
    val idempotencyKey: String,
    val accountId: String? = null,

    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val sessionKey: String? = null,

    val agentId: String? = null,
    val reply: MessageActionParamsReply? = null
)

@Serializable
data class MessageActionParamsReply (
    val replyToId: String
)

/**
 * Open: what a channel tells of the action.
 */
@Serializable
data class MessageActionResult (
    val ok: Boolean,
    val action: MessageActionResultAction,
    val channel: String,
    val accountId: String,
    val messageId: String,
    val chatId: String
)

@Serializable
enum class MessageActionResultAction(val value: String) {
    @SerialName("delete") Delete("delete"),
    @SerialName("edit") Edit("edit"),
    @SerialName("react") React("react"),
    @SerialName("send") Send("send");
}

@Serializable
enum class MethodName(val value: String) {
    @SerialName("agent") Agent("agent"),
    @SerialName("agent.identity.get") AgentIdentityGet("agent.identity.get"),
    @SerialName("agent.wait") AgentWait("agent.wait"),
    @SerialName("agents.list") AgentsList("agents.list"),
    @SerialName("alerts.test") AlertsTest("alerts.test"),
    @SerialName("auditLog.export") AuditLogExport("auditLog.export"),
    @SerialName("auditLog.list") AuditLogList("auditLog.list"),
    @SerialName("auditLog.verify") AuditLogVerify("auditLog.verify"),
    @SerialName("backup.create") BackupCreate("backup.create"),
    @SerialName("canvas.document.list") CanvasDocumentList("canvas.document.list"),
    @SerialName("canvas.document.put") CanvasDocumentPut("canvas.document.put"),
    @SerialName("canvas.document.remove") CanvasDocumentRemove("canvas.document.remove"),
    @SerialName("channels.act") ChannelsAct("channels.act"),
    @SerialName("channels.add") ChannelsAdd("channels.add"),
    @SerialName("channels.install") ChannelsInstall("channels.install"),
    @SerialName("channels.list") ChannelsList("channels.list"),
    @SerialName("channels.logout") ChannelsLogout("channels.logout"),
    @SerialName("channels.manifest") ChannelsManifest("channels.manifest"),
    @SerialName("channels.pairing.approve") ChannelsPairingApprove("channels.pairing.approve"),
    @SerialName("channels.pairing.dismiss") ChannelsPairingDismiss("channels.pairing.dismiss"),
    @SerialName("channels.pairing.list") ChannelsPairingList("channels.pairing.list"),
    @SerialName("channels.remove") ChannelsRemove("channels.remove"),
    @SerialName("channels.start") ChannelsStart("channels.start"),
    @SerialName("channels.status") ChannelsStatus("channels.status"),
    @SerialName("channels.stop") ChannelsStop("channels.stop"),
    @SerialName("chat.abort") ChatAbort("chat.abort"),
    @SerialName("chat.history") ChatHistory("chat.history"),
    @SerialName("chat.inject") ChatInject("chat.inject"),
    @SerialName("chat.message.get") ChatMessageGet("chat.message.get"),
    @SerialName("chat.metadata") ChatMetadata("chat.metadata"),
    @SerialName("chat.send") ChatSend("chat.send"),
    @SerialName("chat.startup") ChatStartup("chat.startup"),
    @SerialName("commands.list") CommandsList("commands.list"),
    @SerialName("config.apply") ConfigApply("config.apply"),
    @SerialName("config.get") ConfigGet("config.get"),
    @SerialName("config.patch") ConfigPatch("config.patch"),
    @SerialName("config.schema") ConfigSchema("config.schema"),
    @SerialName("config.schema.lookup") ConfigSchemaLookup("config.schema.lookup"),
    @SerialName("config.set") ConfigSet("config.set"),
    @SerialName("config.validate") ConfigValidate("config.validate"),
    @SerialName("cron.list") CronList("cron.list"),
    @SerialName("cron.status") CronStatus("cron.status"),
    @SerialName("deadLetters.discard") DeadLettersDiscard("deadLetters.discard"),
    @SerialName("deadLetters.get") DeadLettersGet("deadLetters.get"),
    @SerialName("deadLetters.list") DeadLettersList("deadLetters.list"),
    @SerialName("deadLetters.replay") DeadLettersReplay("deadLetters.replay"),
    @SerialName("deliveries.get") DeliveriesGet("deliveries.get"),
    @SerialName("deliveries.list") DeliveriesList("deliveries.list"),
    @SerialName("device.pair.approve") DevicePairApprove("device.pair.approve"),
    @SerialName("device.pair.list") DevicePairList("device.pair.list"),
    @SerialName("device.pair.reject") DevicePairReject("device.pair.reject"),
    @SerialName("device.pair.remove") DevicePairRemove("device.pair.remove"),
    @SerialName("device.pair.rename") DevicePairRename("device.pair.rename"),
    @SerialName("device.pair.setupCode") DevicePairSetupCode("device.pair.setupCode"),
    @SerialName("device.pair.setupStatus") DevicePairSetupStatus("device.pair.setupStatus"),
    @SerialName("device.scopes.requestUpgrade") DeviceScopesRequestUpgrade("device.scopes.requestUpgrade"),
    @SerialName("device.scopes.waitUpgrade") DeviceScopesWaitUpgrade("device.scopes.waitUpgrade"),
    @SerialName("device.token.revoke") DeviceTokenRevoke("device.token.revoke"),
    @SerialName("device.token.rotate") DeviceTokenRotate("device.token.rotate"),
    @SerialName("gateway.identity.get") GatewayIdentityGet("gateway.identity.get"),
    @SerialName("gateway.restart.request") GatewayRestartRequest("gateway.restart.request"),
    @SerialName("health") Health("health"),
    @SerialName("last-heartbeat") LastHeartbeat("last-heartbeat"),
    @SerialName("limits.get") LimitsGet("limits.get"),
    @SerialName("limits.set") LimitsSet("limits.set"),
    @SerialName("logs.tail") LogsTail("logs.tail"),
    @SerialName("media.get") MediaGet("media.get"),
    @SerialName("media.put") MediaPut("media.put"),
    @SerialName("message.action") MessageAction("message.action"),
    @SerialName("models.list") ModelsList("models.list"),
    @SerialName("node.describe") NodeDescribe("node.describe"),
    @SerialName("node.event") NodeEvent("node.event"),
    @SerialName("node.invoke") NodeInvoke("node.invoke"),
    @SerialName("node.invoke.progress") NodeInvokeProgress("node.invoke.progress"),
    @SerialName("node.invoke.result") NodeInvokeResult("node.invoke.result"),
    @SerialName("node.list") NodeList("node.list"),
    @SerialName("node.pair.approve") NodePairApprove("node.pair.approve"),
    @SerialName("node.pair.list") NodePairList("node.pair.list"),
    @SerialName("node.pair.reject") NodePairReject("node.pair.reject"),
    @SerialName("node.pair.remove") NodePairRemove("node.pair.remove"),
    @SerialName("node.pending.ack") NodePendingAck("node.pending.ack"),
    @SerialName("node.pending.drain") NodePendingDrain("node.pending.drain"),
    @SerialName("node.pending.enqueue") NodePendingEnqueue("node.pending.enqueue"),
    @SerialName("node.pending.pull") NodePendingPull("node.pending.pull"),
    @SerialName("node.pluginSurface.refresh") NodePluginSurfaceRefresh("node.pluginSurface.refresh"),
    @SerialName("node.rename") NodeRename("node.rename"),
    @SerialName("people.resetLink") PeopleResetLink("people.resetLink"),
    @SerialName("plugin.surface.refresh") PluginSurfaceRefresh("plugin.surface.refresh"),
    @SerialName("poll") Poll("poll"),
    @SerialName("send") Send("send"),
    @SerialName("sessions.abort") SessionsAbort("sessions.abort"),
    @SerialName("sessions.compact") SessionsCompact("sessions.compact"),
    @SerialName("sessions.create") SessionsCreate("sessions.create"),
    @SerialName("sessions.delete") SessionsDelete("sessions.delete"),
    @SerialName("sessions.describe") SessionsDescribe("sessions.describe"),
    @SerialName("sessions.get") SessionsGet("sessions.get"),
    @SerialName("sessions.list") SessionsList("sessions.list"),
    @SerialName("sessions.messages.subscribe") SessionsMessagesSubscribe("sessions.messages.subscribe"),
    @SerialName("sessions.messages.unsubscribe") SessionsMessagesUnsubscribe("sessions.messages.unsubscribe"),
    @SerialName("sessions.patch") SessionsPatch("sessions.patch"),
    @SerialName("sessions.preview") SessionsPreview("sessions.preview"),
    @SerialName("sessions.reset") SessionsReset("sessions.reset"),
    @SerialName("sessions.resolve") SessionsResolve("sessions.resolve"),
    @SerialName("sessions.send") SessionsSend("sessions.send"),
    @SerialName("sessions.subscribe") SessionsSubscribe("sessions.subscribe"),
    @SerialName("sessions.transcript") SessionsTranscript("sessions.transcript"),
    @SerialName("sessions.usage") SessionsUsage("sessions.usage"),
    @SerialName("set-heartbeats") SetHeartbeats("set-heartbeats"),
    @SerialName("status") Status("status"),
    @SerialName("system-event") SystemEvent("system-event"),
    @SerialName("system.info") SystemInfo("system.info"),
    @SerialName("system-presence") SystemPresence("system-presence"),
    @SerialName("tenants.create") TenantsCreate("tenants.create"),
    @SerialName("tenants.createKey") TenantsCreateKey("tenants.createKey"),
    @SerialName("tenants.list") TenantsList("tenants.list"),
    @SerialName("tenants.remove") TenantsRemove("tenants.remove"),
    @SerialName("tenants.resume") TenantsResume("tenants.resume"),
    @SerialName("tenants.suspend") TenantsSuspend("tenants.suspend"),
    @SerialName("trace.get") TraceGet("trace.get"),
    @SerialName("trace.subscribe") TraceSubscribe("trace.subscribe"),
    @SerialName("trace.unsubscribe") TraceUnsubscribe("trace.unsubscribe"),
    @SerialName("usage.cost") UsageCost("usage.cost"),
    @SerialName("usage.days") UsageDays("usage.days"),
    @SerialName("usage.records") UsageRecords("usage.records"),
    @SerialName("usage.report") UsageReport("usage.report"),
    @SerialName("users.self") UsersSelf("users.self"),
    @SerialName("vault.rotate") VaultRotate("vault.rotate"),
    @SerialName("vault.shred") VaultShred("vault.shred"),
    @SerialName("vault.status") VaultStatus("vault.status"),
    @SerialName("vault.verify") VaultVerify("vault.verify"),
    @SerialName("web.login.start") WebLoginStart("web.login.start"),
    @SerialName("web.login.wait") WebLoginWait("web.login.wait");
}

@Serializable
data class ModelsListParams (
    val agentId: String? = null
)

@Serializable
data class ModelsListResult (
    val models: List<ModelsListResultModel>
)

@Serializable
data class ModelsListResultModel (
    val id: String,
    val name: String,
    val provider: String,
    val contextWindow: Long? = null,
    val supportsTools: Boolean? = null,
    val input: List<ModelsListResultModelInput>? = null
)

@Serializable
enum class ModelsListResultModelInput(val value: String) {
    @SerialName("image") Image("image"),
    @SerialName("text") Text("text");
}

/**
 * `caps`, `commands` and `permissions` are those in effect: declared, approved, and for
 * commands also allowed.
 */
@Serializable
data class Node (
    val nodeId: String,
    val displayName: String? = null,
    val platform: String? = null,
    val version: String? = null,
    val clientId: String? = null,
    val clientMode: String? = null,
    val deviceFamily: String? = null,
    val modelIdentifier: String? = null,
    val remoteIp: String? = null,
    val caps: List<String>,
    val commands: List<String>,
    val permissions: Map<String, Boolean>? = null,
    val pathEnv: String? = null,
    val approvalState: NodeApprovalState,

    /**
     * These four: only for those who may decide.
     */
    val pendingRequestId: String? = null,

    val pendingDeclaredCaps: List<String>? = null,
    val pendingDeclaredCommands: List<String>? = null,
    val pendingDeclaredPermissions: Map<String, Boolean>? = null,

    /**
     * Unix milliseconds.
     */
    val connectedAtMs: Long? = null,

    /**
     * Unix milliseconds.
     */
    val lastConnectedAtMs: Long? = null,

    /**
     * Unix milliseconds.
     */
    val lastDisconnectedAtMs: Long? = null,

    /**
     * Unix milliseconds.
     */
    val lastSeenAtMs: Long? = null,

    val lastSeenReason: String? = null,

    /**
     * Unix milliseconds.
     */
    val lastActiveAtMs: Long? = null,

    /**
     * Unix milliseconds.
     */
    val approvedAtMs: Long? = null,

    val paired: Boolean,
    val connected: Boolean,

    /**
     * The one that a person used last.
     */
    val active: Boolean? = null
)

@Serializable
enum class NodeApprovalState(val value: String) {
    @SerialName("approved") Approved("approved"),
    @SerialName("pending-approval") PendingApproval("pending-approval"),
    @SerialName("pending-reapproval") PendingReapproval("pending-reapproval"),
    @SerialName("unapproved") Unapproved("unapproved");
}

@Serializable
data class NodeDescribeParams (
    val nodeId: String
)

@Serializable
data class NodeDescribeResult (
    /**
     * Unix milliseconds.
     */
    val ts: Long,

    val nodeId: String,
    val displayName: String? = null,
    val platform: String? = null,
    val version: String? = null,
    val clientId: String? = null,
    val clientMode: String? = null,
    val deviceFamily: String? = null,
    val modelIdentifier: String? = null,
    val remoteIp: String? = null,
    val caps: List<String>,
    val commands: List<String>,
    val permissions: Map<String, Boolean>? = null,
    val pathEnv: String? = null,
    val approvalState: NodeApprovalState,

    /**
     * These four: only for those who may decide.
     */
    val pendingRequestId: String? = null,

    val pendingDeclaredCaps: List<String>? = null,
    val pendingDeclaredCommands: List<String>? = null,
    val pendingDeclaredPermissions: Map<String, Boolean>? = null,

    /**
     * Unix milliseconds.
     */
    val connectedAtMs: Long? = null,

    /**
     * Unix milliseconds.
     */
    val lastConnectedAtMs: Long? = null,

    /**
     * Unix milliseconds.
     */
    val lastDisconnectedAtMs: Long? = null,

    /**
     * Unix milliseconds.
     */
    val lastSeenAtMs: Long? = null,

    val lastSeenReason: String? = null,

    /**
     * Unix milliseconds.
     */
    val lastActiveAtMs: Long? = null,

    /**
     * Unix milliseconds.
     */
    val approvedAtMs: Long? = null,

    val paired: Boolean,
    val connected: Boolean,

    /**
     * The one that a person used last.
     */
    val active: Boolean? = null
)

@Serializable
data class NodeEventParams (
    val event: String,
    val payload: JsonElement? = null,

    @SerialName("payloadJSON")
    val payloadJson: String? = null
)

@Serializable
data class NodeEventResult (
    val ok: Boolean,
    val event: String,
    val handled: Boolean,
    val reason: String? = null
)

@Serializable
data class NodeInvokeCancelEvent (
    val invokeId: String,
    val nodeId: String
)

@Serializable
data class NodeInvokeParams (
    val nodeId: String,
    val command: String,
    val params: JsonElement? = null,

    /**
     * Default 30000, at most 600000.
     */
    val timeoutMs: Long? = null,

    val idempotencyKey: String,
    val sessionKey: String? = null,

    /**
     * Ours: what the node says while it works comes as `node.invoke.progress`, to this
     * connection only.
     */
    val progress: Boolean? = null
)

@Serializable
data class NodeInvokeProgressEvent (
    val nodeId: String,
    val idempotencyKey: String,
    val seq: Long,
    val chunk: String
)

@Serializable
data class NodeInvokeProgressParams (
    val invokeId: String,
    val nodeId: String,
    val seq: Long,
    val chunk: String
)

@Serializable
data class NodeInvokeProgressResult (
    val ok: Boolean,
    val ignored: Boolean? = null
)

@Serializable
data class NodeInvokeRequestEvent (
    val id: String,
    val nodeId: String,
    val command: String,

    @SerialName("paramsJSON")
    val paramsJson: String? = null,

    val timeoutMs: Long? = null,
    val idempotencyKey: String? = null,
    val sessionKey: String? = null
)

@Serializable
data class NodeInvokeResult (
    val ok: Boolean,
    val nodeId: String,
    val command: String,
    val payload: JsonElement? = null,

    @SerialName("payloadJSON")
    val payloadJson: String? = null
)

@Serializable
data class NodeInvokeResultParams (
    val id: String,
    val nodeId: String,
    val ok: Boolean,
    val payload: JsonElement? = null,

    @SerialName("payloadJSON")
    val payloadJson: String? = null,

    val error: NodeInvokeResultParamsError? = null
)

@Serializable
data class NodeInvokeResultParamsError (
    val code: String? = null,
    val message: String? = null
)

@Serializable
data class NodeInvokeResultResult (
    val ok: Boolean,
    val ignored: Boolean? = null
)

@Serializable
data class NodeListResult (
    /**
     * Unix milliseconds.
     */
    val ts: Long,

    val activeNodeId: String? = null,
    val nodes: List<Node>
)

@Serializable
data class NodePairApproveParams (
    val requestId: String
)

@Serializable
data class NodePairApproveResult (
    val requestId: String,
    val node: ApprovedNode
)

@Serializable
data class NodePairListResult (
    val pending: List<PendingNode>,
    val paired: List<ApprovedNode>
)

/**
 * What a node offers beyond what was approved for it, until somebody decides. It does not
 * expire.
 */
@Serializable
data class PendingNode (
    val requestId: String,
    val nodeId: String,
    val displayName: String? = null,
    val platform: String? = null,
    val version: String? = null,
    val clientId: String? = null,
    val clientMode: String? = null,
    val deviceFamily: String? = null,
    val modelIdentifier: String? = null,
    val remoteIp: String? = null,
    val caps: List<String>? = null,
    val commands: List<String>? = null,
    val permissions: Map<String, Boolean>? = null,

    /**
     * What an approver must hold besides `operator.pairing`.
     */
    val requiredApproveScopes: List<String>,

    /**
     * Unix milliseconds.
     */
    val ts: Long
)

@Serializable
data class NodePairRejectParams (
    val requestId: String
)

@Serializable
data class NodePairRejectResult (
    val requestId: String,
    val nodeId: String
)

@Serializable
data class NodePairRemoveParams (
    val nodeId: String
)

@Serializable
data class NodePairRemoveResult (
    val nodeId: String
)

@Serializable
data class NodePairResolvedEvent (
    val requestId: String,
    val nodeId: String,
    val decision: NodePairResolvedEventDecision,

    /**
     * Unix milliseconds.
     */
    val ts: Long
)

@Serializable
enum class NodePairResolvedEventDecision(val value: String) {
    @SerialName("approved") Approved("approved"),
    @SerialName("rejected") Rejected("rejected"),
    @SerialName("removed") Removed("removed");
}

@Serializable
data class NodePendingAckParams (
    val ids: List<String>
)

@Serializable
data class NodePendingAckResult (
    val nodeId: String,
    val ackedIds: List<String>,
    val remainingCount: Long
)

@Serializable
data class NodePendingDrainParams (
    /**
     * Default 4.
     */
    val maxItems: Long? = null
)

@Serializable
data class NodePendingDrainResult (
    val nodeId: String,
    val revision: Long,
    val items: List<NodePendingDrainResultItem>,
    val hasMore: Boolean
)

@Serializable
data class NodePendingDrainResultItem (
    val id: String,
    val type: NodePendingEnqueueParamsType,
    val priority: NodePendingEnqueueParamsPriority,

    /**
     * Unix milliseconds.
     */
    val createdAtMs: Long,

    /**
     * Unix milliseconds.
     */
    val expiresAtMs: Long? = null
)

@Serializable
enum class NodePendingEnqueueParamsPriority(val value: String) {
    @SerialName("high") High("high"),
    @SerialName("normal") Normal("normal");
}

@Serializable
enum class NodePendingEnqueueParamsType(val value: String) {
    @SerialName("location.request") LocationRequest("location.request"),
    @SerialName("status.request") StatusRequest("status.request");
}

@Serializable
data class NodePendingEnqueueParams (
    val nodeId: String,
    val type: NodePendingEnqueueParamsType,
    val priority: NodePendingEnqueueParamsPriority? = null,

    /**
     * Default ten minutes.
     */
    val expiresInMs: Long? = null,

    /**
     * Has no effect here: there is no push service.
     */
    val wake: Boolean? = null
)

@Serializable
data class NodePendingEnqueueResult (
    val nodeId: String,
    val revision: Long,
    val queued: NodePendingEnqueueResultQueued,
    val wakeTriggered: Boolean
)

@Serializable
data class NodePendingEnqueueResultQueued (
    val id: String,
    val type: NodePendingEnqueueParamsType,
    val priority: NodePendingEnqueueParamsPriority,

    /**
     * Unix milliseconds.
     */
    val createdAtMs: Long,

    /**
     * Unix milliseconds.
     */
    val expiresAtMs: Long? = null
)

@Serializable
data class NodePendingPullResult (
    val nodeId: String,
    val actions: List<NodePendingPullResultAction>
)

@Serializable
data class NodePendingPullResultAction (
    val id: String,
    val command: String,

    @SerialName("paramsJSON")
    val paramsJson: String? = null,

    /**
     * Unix milliseconds.
     */
    val enqueuedAtMs: Long
)

@Serializable
data class NodePluginSurfaceRefreshParams (
    val surface: String,
    val observedUrl: String? = null
)

@Serializable
data class NodePluginSurfaceRefreshResult (
    val surface: String,

    /**
     * By the surface's name. Whoever has such an address may read what is behind it: do not log
     * it.
     */
    val pluginSurfaceUrls: Map<String, String>,

    /**
     * Unix milliseconds.
     */
    val expiresAtMs: Long? = null
)

@Serializable
data class NodePresenceEvent (
    val nodeId: String,
    val connected: Boolean,

    /**
     * Unix milliseconds.
     */
    val lastActiveAtMs: Long? = null,

    /**
     * Unix milliseconds.
     */
    val ts: Long
)

@Serializable
data class NodeRenameParams (
    val nodeId: String,
    val displayName: String
)

@Serializable
data class NodeRenameResult (
    val nodeId: String,
    val displayName: String
)

@Serializable
data class PeopleResetLinkParams (
    val email: String
)

@Serializable
data class PeopleResetLinkResult (
    val link: String
)

@Serializable
data class PluginSurfaceRefreshParams (
    val surface: String,

    /**
     * Lower case, so that it is the same name on every file system.
     */
    val documentId: String? = null
)

@Serializable
data class PluginSurfaceRefreshResult (
    val surface: String,

    /**
     * By the surface's name. Whoever has such an address may read what is behind it: do not log
     * it.
     */
    val pluginSurfaceUrls: Map<String, String>,

    /**
     * Unix milliseconds.
     */
    val expiresAtMs: Long? = null
)

@Serializable
data class PollParams (
    val to: String,
    val question: String,
    val options: List<String>,
    val maxSelections: Long? = null,
    val durationSeconds: Long? = null,
    val durationHours: Long? = null,
    val silent: Boolean? = null,
    val isAnonymous: Boolean? = null,
    val threadId: String? = null,
    val channel: String? = null,
    val accountId: String? = null,
    val idempotencyKey: String
)

@Serializable
data class PollResult (
    val runId: String,
    val messageId: String,
    val channel: String,
    val pollId: String? = null
)

@Serializable
data class PresenceEvent (
    val presence: List<Presence>
)

/**
 * What waits in one of the three queues.
 */
@Serializable
data class QueueDepth (
    val depth: Long,
    val oldestAgeMs: Long
)

/**
 * Client to gateway. Unknown keys are ignored.
 */
@Serializable
data class RequestFrame (
    val type: String,

    /**
     * The client's own; comes back with the answer.
     */
    val id: String,

    val method: String,
    val params: JsonElement? = null,

    /**
     * W3C trace context, for whoever follows a request through several programs.
     */
    val traceparent: String? = null
)

/**
 * Gateway to client: the answer to one request. `agent` answers twice under one id.
 */
@Serializable
data class ResponseFrame (
    val type: String,

    /**
     * The request's.
     */
    val id: String,

    val ok: Boolean,

    /**
     * The method's result, when `ok`.
     */
    val payload: JsonElement? = null,

    val error: ErrorShape? = null
)

@Serializable
data class SendParams (
    val to: String,
    val idempotencyKey: String,
    val message: String? = null,
    val mediaUrl: String? = null,
    val mediaUrls: List<String>? = null,

    /**
     * Base64.
     */
    val buffer: String? = null,

    val filename: String? = null,
    val contentType: String? = null,
    val asVoice: Boolean? = null,
    val channel: String? = null,
    val accountId: String? = null,
    val agentId: String? = null,
    val replyToId: String? = null,
    val threadId: String? = null,
    val silent: Boolean? = null,

    /**
     * Pictures and films as files, as they are.
     */
    val forceDocument: Boolean? = null,

    /**
     * Refused: messages are Markdown.
     */
    val parseMode: String? = null,

    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val sessionKey: String? = null,

    /**
     * Not before this; until then the delivery is `scheduled`. Unix milliseconds.
     */
    val sendAt: Long? = null,

    val priority: DeliveryPriority? = null
)

@Serializable
data class SendResult (
    val runId: String,

    /**
     * The platform's id; a delivery's id when it is scheduled or still on its way.
     */
    val messageId: String,

    val channel: String,
    val chatId: String? = null,
    val conversationId: String? = null,
    val deliveryIds: List<String>,
    val state: SendResultState
)

@Serializable
enum class SendResultState(val value: String) {
    @SerialName("queued") Queued("queued"),
    @SerialName("scheduled") Scheduled("scheduled"),
    @SerialName("sent") Sent("sent");
}

/**
 * What was chosen for a session.
 */
@Serializable
data class SessionEntry (
    val sessionId: String,

    /**
     * Unix milliseconds.
     */
    val updatedAt: Long,

    val label: String? = null,
    val model: String? = null,
    val thinkingLevel: String? = null,
    val verbosity: String? = null,
    val reasoningLevel: String? = null
)

@Serializable
data class SessionsAbortParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String? = null,

    val runId: String? = null,
    val agentId: String? = null,

    /**
     * False: what waits behind the running one stays. Default true.
     */
    val clearQueued: Boolean? = null
)

@Serializable
data class SessionsAbortResult (
    val ok: Boolean,
    val abortedRunId: String? = null,
    val status: SessionsAbortResultStatus
)

@Serializable
enum class SessionsAbortResultStatus(val value: String) {
    @SerialName("aborted") Aborted("aborted"),
    @SerialName("no-active-run") NoActiveRun("no-active-run");
}

@Serializable
data class SessionsChangedEvent (
    /**
     * Unix milliseconds.
     */
    val ts: Long,

    val sessionKey: String? = null,
    val agentId: String? = null,
    val reason: String? = null,
    val session: SessionRow? = null
)

@Serializable
data class SessionsCompactParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String,

    val agentId: String? = null,
    val expectedSessionId: String? = null,
    val maxLines: Long? = null
)

@Serializable
data class SessionsCompactResult (
    val ok: Boolean,
    val key: String,
    val compacted: Boolean,
    val kept: Long,
    val removed: Long,
    val reason: String? = null
)

@Serializable
data class SessionsCreateParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String? = null,

    val idempotencyKey: String? = null,
    val agentId: String? = null,
    val label: String? = null,
    val displayName: String? = null,
    val model: String? = null,
    val thinkingLevel: String? = null,

    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val parentSessionKey: String? = null,

    val task: String? = null,

    /**
     * The same as `task`.
     */
    val message: String? = null,

    val attachments: List<ChatAttachment>? = null
)

@Serializable
data class SessionsCreateResult (
    val ok: Boolean,
    val key: String,
    val sessionId: String,
    val entry: SessionEntry,
    val runStarted: Boolean,
    val runId: String? = null,
    val runError: ErrorShape? = null
)

@Serializable
data class SessionsDeleteParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String,

    val agentId: String? = null,
    val expectedSessionId: String? = null,
    val deleteTranscript: Boolean? = null,
    val archivedOnly: Boolean? = null
)

@Serializable
data class SessionsDeleteResult (
    val ok: Boolean,
    val key: String,
    val deleted: Boolean,

    /**
     * Always empty: nothing is kept.
     */
    val archived: List<String>
)

@Serializable
data class SessionsDescribeParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String,

    val agentId: String? = null
)

@Serializable
data class SessionsDescribeResult (
    val session: SessionRow? = null
)

@Serializable
data class SessionsGetParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String? = null,

    /**
     * Another name of `key`.
     */
    val sessionKey: String? = null,

    val agentId: String? = null,

    /**
     * Default 200.
     */
    val limit: Long? = null
)

@Serializable
data class SessionsGetResult (
    val messages: List<ChatMessage>
)

@Serializable
data class SessionsListParams (
    val limit: Long? = null,
    val offset: Long? = null,
    val activeMinutes: Long? = null,

    /**
     * Only those that are answering.
     */
    val activeOnly: Boolean? = null,

    val agentId: String? = null,
    val channel: String? = null,
    val label: String? = null,
    val search: String? = null,
    val archived: JsonElement? = null,

    /**
     * No session is made by another one here: any key finds nothing.
     */
    val spawnedBy: String? = null
)

@Serializable
data class SessionsListResult (
    /**
     * Unix milliseconds.
     */
    val ts: Long,

    /**
     * Where the store is; `[redacted]` without admin.
     */
    val path: String,

    val count: Long,
    val totalCount: Long,
    val limitApplied: Long? = null,
    val offset: Long? = null,
    val nextOffset: Long? = null,
    val hasMore: Boolean,
    val defaults: SessionsListResultDefaults,
    val sessions: List<SessionRow>
)

@Serializable
data class SessionsListResultDefaults (
    val modelProvider: String? = null,
    val model: String? = null,
    val contextTokens: Long? = null
)

@Serializable
data class SessionsMessagesSubscribeParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String,

    val agentId: String? = null
)

@Serializable
data class SessionsMessagesSubscribeResult (
    val subscribed: Boolean,
    val key: String
)

@Serializable
data class SessionsMessagesUnsubscribeParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String,

    val agentId: String? = null
)

@Serializable
data class SessionsMessagesUnsubscribeResult (
    val subscribed: Boolean,
    val key: String
)

@Serializable
data class SessionsPatchParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String,

    val agentId: String? = null,
    val expectedSessionId: String? = null,
    val label: String? = null,
    val model: String? = null,
    val thinkingLevel: String? = null,
    val verbosity: String? = null,
    val reasoningLevel: String? = null
)

@Serializable
data class SessionsPatchResult (
    val ok: Boolean,

    /**
     * Where the store is; `[redacted]` without admin.
     */
    val path: String,

    val key: String,
    val entry: SessionEntry,
    val resolved: SessionsPatchResultResolved
)

@Serializable
data class SessionsPatchResultResolved (
    val modelProvider: String,
    val model: String
)

@Serializable
data class SessionsPreviewParams (
    val keys: List<String>,

    /**
     * Default 12.
     */
    val limit: Long? = null,

    /**
     * Default 240.
     */
    val maxChars: Long? = null
)

@Serializable
data class SessionsPreviewResult (
    /**
     * Unix milliseconds.
     */
    val ts: Long,

    val previews: List<SessionsPreviewResultPreview>
)

@Serializable
data class SessionsPreviewResultPreview (
    val key: String,
    val status: SessionsPreviewResultPreviewStatus,
    val items: List<SessionsPreviewResultPreviewItem>
)

@Serializable
data class SessionsPreviewResultPreviewItem (
    val role: SessionsPreviewResultPreviewItemRole,
    val text: String
)

@Serializable
enum class SessionsPreviewResultPreviewItemRole(val value: String) {
    @SerialName("assistant") Assistant("assistant"),
    @SerialName("other") Other("other"),
    @SerialName("system") SessionsPreviewResultPreviewItemRoleSystem("system"),
    @SerialName("tool") Tool("tool"),
    @SerialName("user") User("user");
}

@Serializable
enum class SessionsPreviewResultPreviewStatus(val value: String) {
    @SerialName("empty") Empty("empty"),
    @SerialName("error") Error("error"),
    @SerialName("missing") Missing("missing"),
    @SerialName("ok") Ok("ok");
}

@Serializable
data class SessionsResetParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String,

    val agentId: String? = null,
    val expectedSessionId: String? = null,
    val reason: SessionsResetParamsReason? = null
)

@Serializable
enum class SessionsResetParamsReason(val value: String) {
    @SerialName("new") New("new"),
    @SerialName("reset") Reset("reset");
}

@Serializable
data class SessionsResetResult (
    val ok: Boolean,
    val key: String,
    val entry: SessionEntry,
    val session: SessionRow
)

@Serializable
data class SessionsResolveParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String? = null,

    val sessionId: String? = null,
    val label: String? = null,
    val shortId: String? = null,
    val agentId: String? = null,
    val spawnedBy: String? = null,
    val allowMissing: Boolean? = null
)

@Serializable
data class SessionsResolveResult (
    val ok: Boolean,
    val key: String? = null,
    val agentId: String? = null,
    val displayName: String? = null,

    /**
     * Where a label stands for several.
     */
    val candidates: List<SessionsResolveResultCandidate>? = null
)

@Serializable
data class SessionsResolveResultCandidate (
    val key: String,
    val agentId: String,
    val displayName: String? = null
)

@Serializable
data class SessionsSendParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String,

    val agentId: String? = null,
    val message: String,
    val thinking: String? = null,
    val attachments: List<ChatAttachment>? = null,
    val timeoutMs: Long? = null,
    val idempotencyKey: String? = null
)

/**
 * What became of a message for an agent.
 */
@Serializable
data class SessionsSendResult (
    val runId: String,
    val status: ChatSendResultStatus,

    /**
     * The message's `__openclaw.seq`: known when its run has ended, so only a repetition is
     * told.
     */
    val messageSeq: Long? = null,

    /**
     * An answer that was being written was stopped for it.
     */
    val interruptedActiveRun: Boolean? = null,

    val summary: String? = null,
    val stopReason: String? = null,

    /**
     * Unix milliseconds.
     */
    val endedAt: Long? = null
)

@Serializable
data class SessionsSubscribeParams (
    val limit: Long? = null,
    val offset: Long? = null,
    val activeMinutes: Long? = null,

    /**
     * Only those that are answering.
     */
    val activeOnly: Boolean? = null,

    val agentId: String? = null,
    val channel: String? = null,
    val label: String? = null,
    val search: String? = null,
    val archived: JsonElement? = null,

    /**
     * No session is made by another one here: any key finds nothing.
     */
    val spawnedBy: String? = null
)

@Serializable
data class SessionsSubscribeResult (
    val subscribed: Boolean,
    val list: SessionsSubscribeResultList? = null
)

@Serializable
data class SessionsSubscribeResultList (
    /**
     * Unix milliseconds.
     */
    val ts: Long,

    /**
     * Where the store is; `[redacted]` without admin.
     */
    val path: String,

    val count: Long,
    val totalCount: Long,
    val limitApplied: Long? = null,
    val offset: Long? = null,
    val nextOffset: Long? = null,
    val hasMore: Boolean,
    val defaults: SessionsSubscribeResultListDefaults,
    val sessions: List<SessionRow>
)

@Serializable
data class SessionsSubscribeResultListDefaults (
    val modelProvider: String? = null,
    val model: String? = null,
    val contextTokens: Long? = null
)

@Serializable
data class SessionsTranscriptParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String,

    /**
     * Default 50.
     */
    val limit: Long? = null,

    val before: Long? = null
)

@Serializable
data class SessionsTranscriptResult (
    val session: SessionRow,
    val entries: List<TranscriptEntry>,
    val preferences: Map<String, String>,
    val hasMore: Boolean
)

@Serializable
data class TranscriptEntry (
    val seq: Long,
    val sessionId: String,
    val turn: String? = null,
    val role: TranscriptEntryRole,

    /**
     * Markdown.
     */
    val text: String,

    /**
     * Unix milliseconds.
     */
    val at: Long,

    val sender: String? = null,
    val attachments: JsonArray? = null,
    val thinking: String? = null,
    val partial: Boolean? = null,
    val extra: JsonElement? = null
)

@Serializable
enum class TranscriptEntryRole(val value: String) {
    @SerialName("assistant") Assistant("assistant"),
    @SerialName("note") Note("note"),
    @SerialName("notice") Notice("notice"),
    @SerialName("user") User("user");
}

@Serializable
data class SessionsUsageParams (
    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val key: String? = null,

    val agentId: String? = null,
    val startDate: String? = null,
    val endDate: String? = null,
    val range: SessionsUsageParamsRange? = null,
    val mode: SessionsUsageParamsMode? = null,

    /**
     * With `mode: "specific"`, e.g. `UTC+2` or `UTC-03:30`.
     */
    val utcOffset: String? = null,

    /**
     * Sessions; default 50.
     */
    val limit: Long? = null
)

@Serializable
enum class SessionsUsageParamsMode(val value: String) {
    @SerialName("gateway") Gateway("gateway"),
    @SerialName("specific") Specific("specific"),
    @SerialName("utc") UTC("utc");
}

@Serializable
enum class SessionsUsageParamsRange(val value: String) {
    @SerialName("all") All("all"),
    @SerialName("1y") The1Y("1y"),
    @SerialName("30d") The30D("30d"),
    @SerialName("7d") The7D("7d"),
    @SerialName("90d") The90D("90d");
}

@Serializable
data class SessionsUsageResult (
    /**
     * Unix milliseconds.
     */
    val updatedAt: Long,

    val startDate: String,
    val endDate: String,

    /**
     * The biggest first.
     */
    val sessions: List<SessionsUsageResultSession>,

    val totals: SessionsUsageResultTotals,
    val aggregates: SessionsUsageResultAggregates
)

@Serializable
data class SessionsUsageResultAggregates (
    val byModel: List<SessionsUsageResultAggregatesByModel>,
    val byAgent: List<SessionsUsageResultAggregatesByAgent>,
    val byChannel: List<SessionsUsageResultAggregatesByChannel>,

    /**
     * `messages`: turns.
     */
    val daily: List<SessionsUsageResultAggregatesDaily>
)

@Serializable
data class SessionsUsageResultAggregatesByAgent (
    val agentId: String,
    val totals: SessionsUsageResultAggregatesByAgentTotals
)

/**
 * Costs are always 0: nothing here knows prices. `missingCostEntries` counts the turns they
 * are missing for.
 */
@Serializable
data class SessionsUsageResultAggregatesByAgentTotals (
    val input: Long,
    val output: Long,
    val cacheRead: Long,
    val cacheWrite: Long,
    val totalTokens: Long,
    val totalCost: Double,
    val inputCost: Double,
    val outputCost: Double,
    val cacheReadCost: Double,
    val cacheWriteCost: Double,
    val missingCostEntries: Long
)

@Serializable
data class SessionsUsageResultAggregatesByChannel (
    val channel: String,
    val totals: SessionsUsageResultAggregatesByChannelTotals
)

/**
 * Costs are always 0: nothing here knows prices. `missingCostEntries` counts the turns they
 * are missing for.
 */
@Serializable
data class SessionsUsageResultAggregatesByChannelTotals (
    val input: Long,
    val output: Long,
    val cacheRead: Long,
    val cacheWrite: Long,
    val totalTokens: Long,
    val totalCost: Double,
    val inputCost: Double,
    val outputCost: Double,
    val cacheReadCost: Double,
    val cacheWriteCost: Double,
    val missingCostEntries: Long
)

@Serializable
data class SessionsUsageResultAggregatesByModel (
    val provider: String? = null,
    val model: String? = null,
    val count: Long,
    val totals: SessionsUsageResultAggregatesByModelTotals
)

/**
 * Costs are always 0: nothing here knows prices. `missingCostEntries` counts the turns they
 * are missing for.
 */
@Serializable
data class SessionsUsageResultAggregatesByModelTotals (
    val input: Long,
    val output: Long,
    val cacheRead: Long,
    val cacheWrite: Long,
    val totalTokens: Long,
    val totalCost: Double,
    val inputCost: Double,
    val outputCost: Double,
    val cacheReadCost: Double,
    val cacheWriteCost: Double,
    val missingCostEntries: Long
)

@Serializable
data class SessionsUsageResultAggregatesDaily (
    val date: String,
    val tokens: Long,
    val cost: Double,
    val messages: Long,
    val toolCalls: Long,
    val errors: Long
)

@Serializable
data class SessionsUsageResultSession (
    val key: String,
    val label: String? = null,
    val sessionId: String? = null,

    /**
     * Unix milliseconds.
     */
    val updatedAt: Long? = null,

    val agentId: String? = null,
    val channel: String? = null,
    val chatType: String? = null,
    val modelProvider: String? = null,
    val model: String? = null,
    val usage: SessionsUsageResultSessionUsage
)

@Serializable
data class SessionsUsageResultSessionUsage (
    val input: Long,
    val output: Long,
    val cacheRead: Long,
    val cacheWrite: Long,
    val totalTokens: Long,
    val totalCost: Double,
    val inputCost: Double,
    val outputCost: Double,
    val cacheReadCost: Double,
    val cacheWriteCost: Double,
    val missingCostEntries: Long,

    /**
     * Unix milliseconds.
     */
    val firstActivity: Long,

    /**
     * Unix milliseconds.
     */
    val lastActivity: Long
)

/**
 * Costs are always 0: nothing here knows prices. `missingCostEntries` counts the turns they
 * are missing for.
 */
@Serializable
data class SessionsUsageResultTotals (
    val input: Long,
    val output: Long,
    val cacheRead: Long,
    val cacheWrite: Long,
    val totalTokens: Long,
    val totalCost: Double,
    val inputCost: Double,
    val outputCost: Double,
    val cacheReadCost: Double,
    val cacheWriteCost: Double,
    val missingCostEntries: Long
)

@Serializable
data class SetHeartbeatsParams (
    val enabled: Boolean
)

@Serializable
data class SetHeartbeatsResult (
    val ok: Boolean,
    val enabled: Boolean
)

@Serializable
data class ShutdownEvent (
    val reason: String,
    val restartExpectedMs: Long? = null
)

@Serializable
data class StatusParams (
    val includeChannelSummary: Boolean? = null
)

/**
 * Open: clients show what they know.
 */
@Serializable
data class StatusResult (
    val runtimeVersion: String,
    val pid: Long? = null,
    val uptimeMs: Long,

    /**
     * Unix milliseconds.
     */
    val startedAt: Long,

    val heartbeat: StatusResultHeartbeat,

    /**
     * One line a channel, for terminals.
     */
    val channelSummary: List<String>,

    val queuedSystemEvents: List<String>,
    val sessions: StatusResultSessions,
    val queues: StatusResultQueues,
    val scheduled: Long,

    /**
     * Sends whose fate nobody knows.
     */
    val unknown: Long,

    val deadLetters: Long,

    /**
     * Agents that connect by themselves, with the caller's tenant's connections to this process.
     */
    val agents: List<StatusResultAgent>,

    /**
     * Bytes of the store.
     */
    val storeSize: Long,

    /**
     * Bytes of memory in use.
     */
    val rss: Long? = null,

    /**
     * What is not as it should be, one line each; empty when all is well.
     */
    val problems: List<String>
)

@Serializable
data class StatusResultAgent (
    val id: String,
    val connections: Long
)

@Serializable
data class StatusResultHeartbeat (
    val defaultAgentId: String,
    val agents: JsonArray
)

@Serializable
data class StatusResultQueues (
    val inbox: QueueDepth,
    val turn: QueueDepth,
    val delivery: QueueDepth
)

@Serializable
data class StatusResultSessions (
    val paths: List<String>,
    val count: Long,
    val defaults: StatusResultSessionsDefaults,
    val recent: JsonArray,
    val byAgent: JsonArray
)

@Serializable
data class StatusResultSessionsDefaults (
    val model: String? = null,
    val contextTokens: Long? = null
)

@Serializable
data class SystemEventParams (
    val text: String,

    /**
     * What a client tells of a machine; what it says is shown to others.
     */
    val deviceId: String? = null,

    /**
     * What a client tells of a machine; what it says is shown to others.
     */
    val instanceId: String? = null,

    /**
     * What a client tells of a machine; what it says is shown to others.
     */
    val host: String? = null,

    /**
     * What a client tells of a machine; what it says is shown to others.
     */
    val ip: String? = null,

    /**
     * What a client tells of a machine; what it says is shown to others.
     */
    val mode: String? = null,

    /**
     * What a client tells of a machine; what it says is shown to others.
     */
    val version: String? = null,

    /**
     * What a client tells of a machine; what it says is shown to others.
     */
    val platform: String? = null,

    /**
     * What a client tells of a machine; what it says is shown to others.
     */
    val deviceFamily: String? = null,

    /**
     * What a client tells of a machine; what it says is shown to others.
     */
    val modelIdentifier: String? = null,

    val lastInputSeconds: Long? = null,

    /**
     * What a client tells of a machine; what it says is shown to others.
     */
    val reason: String? = null,

    val tags: List<String>? = null,
    val sessionKey: String? = null,
    val wake: Boolean? = null
)

@Serializable
data class SystemEventResult (
    val ok: Boolean
)

@Serializable
data class SystemInfoResult (
    val machineName: String,
    val hostname: String,
    val platform: String,
    val release: String,
    val arch: String,
    val osLabel: String,
    val lanAddress: String? = null,
    val port: Long? = null,
    val nodeVersion: String,
    val pid: Long,

    /**
     * Of the gateway, not of the machine.
     */
    val uptimeMs: Long,

    val cpuCount: Long,
    val cpuModel: String? = null,
    val memoryTotalBytes: Long,
    val memoryFreeBytes: Long,

    /**
     * Of the disk that holds the state directory.
     */
    val diskTotalBytes: Long? = null,

    val diskAvailableBytes: Long? = null
)

@Serializable
data class TenantsCreateKeyParams (
    val id: String,
    val name: String,
    val scopes: List<TenantsCreateKeyParamsScope>? = null,

    /**
     * Unix milliseconds.
     */
    val expiresAt: Long? = null
)

@Serializable
enum class TenantsCreateKeyParamsScope(val value: String) {
    @SerialName("agents:run") AgentsRun("agents:run"),
    @SerialName("audit:read") AuditRead("audit:read"),
    @SerialName("channels:read") ChannelsRead("channels:read"),
    @SerialName("channels:write") ChannelsWrite("channels:write"),
    @SerialName("devices:read") DevicesRead("devices:read"),
    @SerialName("devices:write") DevicesWrite("devices:write"),
    @SerialName("keys:read") KeysRead("keys:read"),
    @SerialName("keys:write") KeysWrite("keys:write"),
    @SerialName("members:read") MembersRead("members:read"),
    @SerialName("members:write") MembersWrite("members:write"),
    @SerialName("messages:read") MessagesRead("messages:read"),
    @SerialName("messages:write") MessagesWrite("messages:write"),
    @SerialName("sessions:read") SessionsRead("sessions:read"),
    @SerialName("sessions:write") SessionsWrite("sessions:write"),
    @SerialName("tenant:write") TenantWrite("tenant:write"),
    @SerialName("usage:read") UsageRead("usage:read");
}

@Serializable
data class TenantsCreateKeyResult (
    val id: String,
    val tenant: String,
    val name: String,
    val scopes: List<String>,

    /**
     * Unix milliseconds.
     */
    val expiresAt: Long? = null,

    val secret: String
)

@Serializable
data class TenantsCreateParams (
    val name: String,
    val owner: String? = null
)

@Serializable
data class TenantsCreateResult (
    val id: String,
    val name: String,
    val link: String? = null
)

@Serializable
data class TenantsListResult (
    val tenants: List<TenantsListResultTenant>
)

@Serializable
data class TenantsListResultTenant (
    val id: String,
    val name: String,

    /**
     * Unix milliseconds.
     */
    val createdAt: Long,

    /**
     * Unix milliseconds.
     */
    val suspendedAt: Long? = null,

    val members: Long
)

@Serializable
data class TenantsRemoveParams (
    val id: String
)

@Serializable
data class TenantsRemoveResult (
    val id: String,
    val accounts: Long,
    val sessions: Long
)

@Serializable
data class TenantsResumeParams (
    val id: String
)

@Serializable
data class TenantsResumeResult (
    val id: String,
    val started: Long
)

@Serializable
data class TenantsSuspendParams (
    val id: String
)

@Serializable
data class TenantsSuspendResult (
    val id: String,
    val stopped: Long
)

@Serializable
data class TickEvent (
    /**
     * Unix milliseconds.
     */
    val ts: Long
)

@Serializable
data class TraceGetParams (
    val id: String
)

@Serializable
data class TraceGetResult (
    val id: String,

    /**
     * One line: where it is now.
     */
    val summary: String,

    /**
     * What came in, or else what goes out, in short.
     */
    val preview: String? = null,

    val events: List<String>,
    val turn: String? = null,
    val deliveries: List<String>,
    val steps: List<TraceStep>
)

@Serializable
data class TraceStep (
    /**
     * Unix milliseconds.
     */
    val at: Long,

    /**
     * A state or a verb in the past, e.g. `received`, `queued`, `sending`,
     * `waiting-for-rate-limit`.
     */
    val step: String,

    /**
     * The id of the inbox event, turn or delivery it happened to.
     */
    val subject: String,

    val detail: JsonElement? = null
)

/**
 * One message by any of its ids, one session, or everything.
 */
@Serializable
data class TraceSubscribeParams (
    val id: String? = null,

    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val session: String? = null
)

@Serializable
data class TraceSubscribeResult (
    val subscribed: Boolean
)

/**
 * One message by any of its ids, one session, or everything.
 */
@Serializable
data class TraceUnsubscribeParams (
    val id: String? = null,

    /**
     *
     * `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
     */
    val session: String? = null
)

@Serializable
data class TraceUnsubscribeResult (
    val subscribed: Boolean
)

@Serializable
data class UsageCostParams (
    /**
     * Default 30.
     */
    val days: Long? = null,

    val startDate: String? = null,
    val endDate: String? = null,
    val tenant: String? = null
)

@Serializable
data class UsageCostResult (
    /**
     * Unix milliseconds.
     */
    val updatedAt: Long,

    val days: Long,
    val daily: List<UsageCostResultDaily>,
    val totals: UsageCostResultTotals
)

@Serializable
data class UsageCostResultDaily (
    val date: String,
    val input: Long,
    val output: Long,
    val cacheRead: Long,
    val cacheWrite: Long,
    val totalTokens: Long,
    val totalCost: Double,
    val inputCost: Double,
    val outputCost: Double,
    val cacheReadCost: Double,
    val cacheWriteCost: Double,

    /**
     * Runs whose cost is not known; only the sum is known of the others.
     */
    val missingCostEntries: Long
)

@Serializable
data class UsageCostResultTotals (
    val input: Long,
    val output: Long,
    val cacheRead: Long,
    val cacheWrite: Long,
    val totalTokens: Long,
    val totalCost: Double,
    val inputCost: Double,
    val outputCost: Double,
    val cacheReadCost: Double,
    val cacheWriteCost: Double,

    /**
     * Runs whose cost is not known; only the sum is known of the others.
     */
    val missingCostEntries: Long
)

@Serializable
data class UsageDaysParams (
    val from: String? = null,
    val to: String? = null,
    val tenant: String? = null
)

@Serializable
data class UsageDaysResult (
    val days: List<UsageDaysResultDay>
)

@Serializable
data class UsageDaysResultDay (
    val date: String,
    val messagesIn: Long,
    val messagesOut: Long,

    /**
     * Bytes.
     */
    val mediaIn: Long,

    val mediaOut: Long,
    val runs: Long,
    val inputTokens: Long,
    val outputTokens: Long
)

@Serializable
data class UsageRecordsParams (
    val from: String? = null,
    val to: String? = null,

    /**
     * Default 50.
     */
    val limit: Long? = null,

    /**
     * The `cursor` of the page before.
     */
    val cursor: String? = null,

    val tenant: String? = null
)

@Serializable
data class UsageRecordsResult (
    val currency: String,
    val records: List<UsageRecordsResultRecord>,
    val cursor: String? = null
)

@Serializable
data class UsageRecordsResultRecord (
    val turn: String,

    /**
     * Unix milliseconds.
     */
    val at: Long,

    val channel: String,
    val accountId: String,
    val session: String,
    val agentId: String,
    val outcome: UsageRecordsResultRecordOutcome,
    val tries: Long,
    val durationMs: Long,
    val provider: String? = null,
    val model: String? = null,
    val inputTokens: Long? = null,
    val outputTokens: Long? = null,
    val cachedTokens: Long? = null,
    val reasoningTokens: Long? = null,

    /**
     * In the currency; absent when it is not known.
     */
    val cost: Double? = null
)

/**
 * `retried`: a try that failed after it had used something.
 */
@Serializable
enum class UsageRecordsResultRecordOutcome(val value: String) {
    @SerialName("aborted") Aborted("aborted"),
    @SerialName("done") Done("done"),
    @SerialName("expired") Expired("expired"),
    @SerialName("failed") Failed("failed"),
    @SerialName("retried") Retried("retried");
}

@Serializable
data class UsageReportParams (
    val from: String? = null,
    val to: String? = null,
    val by: UsageReportParamsBy? = null,
    val tenant: String? = null
)

@Serializable
enum class UsageReportParamsBy(val value: String) {
    @SerialName("account") Account("account"),
    @SerialName("agent") Agent("agent"),
    @SerialName("day") Day("day"),
    @SerialName("model") Model("model"),
    @SerialName("session") Session("session");
}

@Serializable
data class UsageReportResult (
    val from: String,
    val to: String,
    val currency: String,
    val rows: List<UsageReportResultRow>
)

@Serializable
data class UsageReportResultRow (
    /**
     * The date, `channel:account`, agent, session or model; empty for no model.
     */
    val key: String,

    val runs: Long,
    val failed: Long,

    /**
     * Tries that failed after they had used something; their tokens and costs are in the sums.
     */
    val retried: Long,

    val durationMs: Long,
    val inputTokens: Long,
    val outputTokens: Long,
    val cachedTokens: Long,
    val reasoningTokens: Long,

    /**
     * In the currency.
     */
    val cost: Double,

    /**
     * Records whose cost is not known.
     */
    val unpriced: Long
)

@Serializable
data class UsersSelfResult (
    val profile: UsersSelfResultProfile
)

@Serializable
data class UsersSelfResultProfile (
    val id: String,
    val displayName: String? = null,
    val avatarMime: JsonElement? = null,
    val mergedInto: JsonElement? = null,

    /**
     * Unix milliseconds.
     */
    val createdAt: Long,

    /**
     * Unix milliseconds.
     */
    val updatedAt: Long,

    val emails: List<String>,
    val githubIdentity: JsonElement? = null,
    val hasAvatar: Boolean
)

@Serializable
data class VaultRotateParams (
    val after: String? = null,
    val dataKeys: Boolean? = null,
    val forgetOld: Boolean? = null
)

@Serializable
data class VaultRotateResult (
    val master: String,

    /**
     * An earlier rotation's key was taken.
     */
    val resumed: Boolean,

    val tenants: Long,
    val rewrapped: Long,
    val resealed: Long,

    /**
     * Ids of master keys that are not kept any more.
     */
    val forgotten: List<String>,

    val next: String? = null
)

@Serializable
data class VaultShredParams (
    val tenant: String,
    val confirm: String
)

@Serializable
data class VaultShredResult (
    val keys: Long,
    val accounts: Long
)

@Serializable
data class VaultStatusParams (
    val after: String? = null
)

@Serializable
data class VaultStatusResult (
    val provider: VaultStatusResultProvider,
    val place: String,

    /**
     * `wraps`: how many keys of tenants.
     */
    val masters: List<VaultStatusResultMaster>,

    val tenants: List<VaultStatusResultTenant>,
    val trouble: String? = null,
    val next: String? = null
)

@Serializable
data class VaultStatusResultMaster (
    val id: String,
    val atHand: Boolean,
    val seals: Boolean,
    val wraps: Long
)

@Serializable
enum class VaultStatusResultProvider(val value: String) {
    @SerialName("environment") Environment("environment"),
    @SerialName("file") File("file"),
    @SerialName("system") VaultStatusResultProviderSystem("system");
}

@Serializable
data class VaultStatusResultTenant (
    val tenant: String,
    val keys: List<VaultStatusResultTenantKey>,
    val values: Long,

    /**
     * Sealed with none of the keys.
     */
    val keyless: Long
)

@Serializable
data class VaultStatusResultTenantKey (
    val id: String,
    val purpose: VaultStatusResultTenantKeyPurpose,
    val generation: Long,
    val master: String,

    /**
     * Unix milliseconds.
     */
    val createdAt: Long,

    val values: Long
)

@Serializable
enum class VaultStatusResultTenantKeyPurpose(val value: String) {
    @SerialName("derive") Derive("derive"),
    @SerialName("seal") Seal("seal");
}

@Serializable
data class VaultVerifyParams (
    val after: String? = null
)

@Serializable
data class VaultVerifyResult (
    val keys: Long,
    val values: Long,
    val unopened: List<VaultVerifyResultUnopened>,
    val trouble: String? = null,
    val next: String? = null
)

@Serializable
data class VaultVerifyResultUnopened (
    val tenant: String,
    val channel: String? = null,
    val account: String? = null,
    val kind: VaultVerifyResultUnopenedKind,
    val key: String,
    val why: String
)

@Serializable
enum class VaultVerifyResultUnopenedKind(val value: String) {
    @SerialName("credential") Credential("credential"),
    @SerialName("key") Key("key"),
    @SerialName("memory") Memory("memory");
}

@Serializable
data class WebLoginStartParams (
    val channel: String? = null,
    val accountId: String? = null,
    val force: Boolean? = null,
    val timeoutMs: Long? = null
)

@Serializable
data class WebLoginStartResult (
    val message: String,
    val connected: Boolean,

    /**
     * A PNG as a `data:` URL.
     */
    val qrDataUrl: String? = null,

    val sessionKey: String? = null
)

@Serializable
data class WebLoginWaitParams (
    val channel: String? = null,
    val accountId: String? = null,
    val sessionKey: String? = null,
    val timeoutMs: Long? = null,

    /**
     * A PNG as a `data:` URL.
     */
    val currentQrDataUrl: String? = null
)

@Serializable
data class WebLoginWaitResult (
    val connected: Boolean,
    val message: String,

    /**
     * A PNG as a `data:` URL.
     */
    val qrDataUrl: String? = null
)

typealias AgentsListParams = JsonObject

typealias AlertsTestParams = JsonObject

typealias ConfigGetParams = JsonObject

typealias ConfigSchemaLookupResultChildrenType = JsonElement

typealias ConfigSchemaParams = JsonObject

typealias CronStatusParams = JsonObject

typealias DevicePairChangedEvent = JsonObject

typealias DevicePairListParams = JsonObject

typealias GatewayIdentityGetParams = JsonObject

typealias LastHeartbeatParams = JsonObject

typealias LastHeartbeatResult = JsonElement

typealias NodeListParams = JsonObject

typealias NodePairListParams = JsonObject

typealias NodePendingPullParams = JsonObject

typealias SessionsListParamsArchived = JsonElement

typealias SessionsSubscribeParamsArchived = JsonElement

typealias SystemInfoParams = JsonObject

typealias SystemPresenceParams = JsonObject

typealias SystemPresenceResult = List<Presence>

typealias TenantsListParams = JsonObject

typealias UsersSelfParams = JsonObject
