// Switchboard gateway protocol. Made from the schemas of packages/protocol (npm run docs); do not edit.
// A type that may be one of several objects has the fields of all: its `state` or `type` says which it is.
// JSONDecoder ignores fields it does not know: a newer gateway may send more than stands here.

import Foundation

// MARK: - AgentAccepted
public struct AgentAccepted: Codable {
    public var runId: String
    public var sessionKey: String
    public var agentId: String
    public var status: String
    /// Unix milliseconds.
    public var acceptedAt: Int

    public enum CodingKeys: String, CodingKey {
        case runId
        case sessionKey
        case agentId
        case status
        case acceptedAt
    }

    public init(runId: String, sessionKey: String, agentId: String, status: String, acceptedAt: Int) {
        self.runId = runId
        self.sessionKey = sessionKey
        self.agentId = agentId
        self.status = status
        self.acceptedAt = acceptedAt
    }
}

/// `stream` says what `data` is: `lifecycle` (phase start, end, error), `assistant` (text,
/// delta), `thinking`, `tool` (phase start, result; name, toolCallId), `error`.
// MARK: - AgentEvent
public struct AgentEvent: Codable {
    public var runId: String
    public var seq: Int
    public var stream: String
    /// Unix milliseconds.
    public var ts: Int
    public var data: [String: JSONAny]
    public var sessionKey: String?
    public var agentId: String?

    public enum CodingKeys: String, CodingKey {
        case runId
        case seq
        case stream
        case ts
        case data
        case sessionKey
        case agentId
    }

    public init(runId: String, seq: Int, stream: String, ts: Int, data: [String: JSONAny], sessionKey: String? = nil, agentId: String? = nil) {
        self.runId = runId
        self.seq = seq
        self.stream = stream
        self.ts = ts
        self.data = data
        self.sessionKey = sessionKey
        self.agentId = agentId
    }
}

// MARK: - AgentHealth
public struct AgentHealth: Codable {
    public var agentId: String
    public var name: String?
    public var isDefault: Bool
    public var heartbeat: AgentHealthHeartbeat
    public var sessions: RecentSessions

    public enum CodingKeys: String, CodingKey {
        case agentId
        case name
        case isDefault
        case heartbeat
        case sessions
    }

    public init(agentId: String, name: String? = nil, isDefault: Bool, heartbeat: AgentHealthHeartbeat, sessions: RecentSessions) {
        self.agentId = agentId
        self.name = name
        self.isDefault = isDefault
        self.heartbeat = heartbeat
        self.sessions = sessions
    }
}

// MARK: - AgentHealthHeartbeat
public struct AgentHealthHeartbeat: Codable {
    public var enabled: Bool
    public var every: String
    public var everyMs: Int?
    public var prompt: String
    public var target: String
    public var ackMaxChars: Int

    public enum CodingKeys: String, CodingKey {
        case enabled
        case every
        case everyMs
        case prompt
        case target
        case ackMaxChars
    }

    public init(enabled: Bool, every: String, everyMs: Int? = nil, prompt: String, target: String, ackMaxChars: Int) {
        self.enabled = enabled
        self.every = every
        self.everyMs = everyMs
        self.prompt = prompt
        self.target = target
        self.ackMaxChars = ackMaxChars
    }
}

// MARK: - RecentSessions
public struct RecentSessions: Codable {
    public var path: String
    public var count: Int
    public var recent: [RecentSessionsRecent]

    public enum CodingKeys: String, CodingKey {
        case path
        case count
        case recent
    }

    public init(path: String, count: Int, recent: [RecentSessionsRecent]) {
        self.path = path
        self.count = count
        self.recent = recent
    }
}

// MARK: - RecentSessionsRecent
public struct RecentSessionsRecent: Codable {
    public var key: String
    public var updatedAt: Int?
    public var age: Int?

    public enum CodingKeys: String, CodingKey {
        case key
        case updatedAt
        case age
    }

    public init(key: String, updatedAt: Int? = nil, age: Int? = nil) {
        self.key = key
        self.updatedAt = updatedAt
        self.age = age
    }
}

// MARK: - AgentIdentityGetParams
public struct AgentIdentityGetParams: Codable {
    public var agentId: String?
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var sessionKey: String?

    public enum CodingKeys: String, CodingKey {
        case agentId
        case sessionKey
    }

    public init(agentId: String? = nil, sessionKey: String? = nil) {
        self.agentId = agentId
        self.sessionKey = sessionKey
    }
}

// MARK: - AgentIdentityGetResult
public struct AgentIdentityGetResult: Codable {
    public var agentId: String
    public var name: String
    public var nameSource: AgentIdentityGetResultNameSource
    public var avatarStatus: String

    public enum CodingKeys: String, CodingKey {
        case agentId
        case name
        case nameSource
        case avatarStatus
    }

    public init(agentId: String, name: String, nameSource: AgentIdentityGetResultNameSource, avatarStatus: String) {
        self.agentId = agentId
        self.name = name
        self.nameSource = nameSource
        self.avatarStatus = avatarStatus
    }
}

public enum AgentIdentityGetResultNameSource: String, Codable {
    case agentIdentityGetResultNameSourceDefault = "default"
    case config = "config"
}

// MARK: - AgentParams
public struct AgentParams: Codable {
    public var message: String
    public var idempotencyKey: String
    public var agentId: String?
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var sessionKey: String?
    /// By itself: the session of this id. With another way to name the session: it must still be
    /// of this id.
    public var sessionId: String?
    /// Nothing is run unless the session is there and still of this id.
    public var expectedExistingSessionId: String?
    public var to: String?
    /// With a session: where its conversation must be.
    public var channel: String?
    public var accountId: String?
    public var threadId: String?
    /// Also send the answer to the session's own conversation.
    public var deliver: Bool?
    public var thinking: String?
    public var model: String?
    public var attachments: [ChatAttachment]?
    /// Seconds.
    public var timeout: Int?
    /// Follows the agent's own instructions, for this run only.
    public var extraSystemPrompt: String?
    /// What the session is called from now on; no other session may be called so.
    public var label: String?

    public enum CodingKeys: String, CodingKey {
        case message
        case idempotencyKey
        case agentId
        case sessionKey
        case sessionId
        case expectedExistingSessionId
        case to
        case channel
        case accountId
        case threadId
        case deliver
        case thinking
        case model
        case attachments
        case timeout
        case extraSystemPrompt
        case label
    }

    public init(message: String, idempotencyKey: String, agentId: String? = nil, sessionKey: String? = nil, sessionId: String? = nil, expectedExistingSessionId: String? = nil, to: String? = nil, channel: String? = nil, accountId: String? = nil, threadId: String? = nil, deliver: Bool? = nil, thinking: String? = nil, model: String? = nil, attachments: [ChatAttachment]? = nil, timeout: Int? = nil, extraSystemPrompt: String? = nil, label: String? = nil) {
        self.message = message
        self.idempotencyKey = idempotencyKey
        self.agentId = agentId
        self.sessionKey = sessionKey
        self.sessionId = sessionId
        self.expectedExistingSessionId = expectedExistingSessionId
        self.to = to
        self.channel = channel
        self.accountId = accountId
        self.threadId = threadId
        self.deliver = deliver
        self.thinking = thinking
        self.model = model
        self.attachments = attachments
        self.timeout = timeout
        self.extraSystemPrompt = extraSystemPrompt
        self.label = label
    }
}

/// A file with a message: its bytes here as base64 in `content`, or put before with
/// `media.put` as `blob`.
// MARK: - ChatAttachment
public struct ChatAttachment: Codable {
    public var type: String?
    public var mimeType: String?
    public var fileName: String?
    public var content: String?
    public var blob: String?
    public var sizeBytes: Double?
    public var durationMs: Double?
    public var width: Double?
    public var height: Double?

    public enum CodingKeys: String, CodingKey {
        case type
        case mimeType
        case fileName
        case content
        case blob
        case sizeBytes
        case durationMs
        case width
        case height
    }

    public init(type: String? = nil, mimeType: String? = nil, fileName: String? = nil, content: String? = nil, blob: String? = nil, sizeBytes: Double? = nil, durationMs: Double? = nil, width: Double? = nil, height: Double? = nil) {
        self.type = type
        self.mimeType = mimeType
        self.fileName = fileName
        self.content = content
        self.blob = blob
        self.sizeBytes = sizeBytes
        self.durationMs = durationMs
        self.width = width
        self.height = height
    }
}

// MARK: - AgentResult
public struct AgentResult: Codable {
    public var runId: String
    public var status: AgentResultStatus
    public var summary: AgentResultSummary
    public var stopReason: String?
    public var result: AgentResultResult?
    public var error: ErrorRecord?

    public enum CodingKeys: String, CodingKey {
        case runId
        case status
        case summary
        case stopReason
        case result
        case error
    }

    public init(runId: String, status: AgentResultStatus, summary: AgentResultSummary, stopReason: String? = nil, result: AgentResultResult? = nil, error: ErrorRecord? = nil) {
        self.runId = runId
        self.status = status
        self.summary = summary
        self.stopReason = stopReason
        self.result = result
        self.error = error
    }
}

// MARK: - ErrorRecord
public struct ErrorRecord: Codable {
    public var code: String
    public var message: String
    public var retryable: Bool
    public var delivered: ErrorRecordDelivered?
    public var scope: ErrorRecordScope?
    public var retryAfterMs: Int?
    public var details: [String: JSONAny]?

    public enum CodingKeys: String, CodingKey {
        case code
        case message
        case retryable
        case delivered
        case scope
        case retryAfterMs
        case details
    }

    public init(code: String, message: String, retryable: Bool, delivered: ErrorRecordDelivered? = nil, scope: ErrorRecordScope? = nil, retryAfterMs: Int? = nil, details: [String: JSONAny]? = nil) {
        self.code = code
        self.message = message
        self.retryable = retryable
        self.delivered = delivered
        self.scope = scope
        self.retryAfterMs = retryAfterMs
        self.details = details
    }
}

public enum ErrorRecordDelivered: String, Codable {
    case no = "no"
    case unknown = "unknown"
}

public enum ErrorRecordScope: String, Codable {
    case account = "account"
    case conversation = "conversation"
    case message = "message"
}

// MARK: - AgentResultResult
public struct AgentResultResult: Codable {
    public var payloads: [AgentResultResultPayload]
    public var meta: [String: JSONAny]

    public enum CodingKeys: String, CodingKey {
        case payloads
        case meta
    }

    public init(payloads: [AgentResultResultPayload], meta: [String: JSONAny]) {
        self.payloads = payloads
        self.meta = meta
    }
}

// MARK: - AgentResultResultPayload
public struct AgentResultResultPayload: Codable {
    public var text: String?
    public var mediaUrl: String?

    public enum CodingKeys: String, CodingKey {
        case text
        case mediaUrl
    }

    public init(text: String? = nil, mediaUrl: String? = nil) {
        self.text = text
        self.mediaUrl = mediaUrl
    }
}

public enum AgentResultStatus: String, Codable {
    case error = "error"
    case ok = "ok"
    case timeout = "timeout"
}

public enum AgentResultSummary: String, Codable {
    case aborted = "aborted"
    case completed = "completed"
    case failed = "failed"
}

// MARK: - AgentWaitParams
public struct AgentWaitParams: Codable {
    public var runId: String
    /// Default 30000.
    public var timeoutMs: Int?

    public enum CodingKeys: String, CodingKey {
        case runId
        case timeoutMs
    }

    public init(runId: String, timeoutMs: Int? = nil) {
        self.runId = runId
        self.timeoutMs = timeoutMs
    }
}

// MARK: - AgentWaitResult
public struct AgentWaitResult: Codable {
    public var runId: String
    public var status: AgentWaitResultStatus
    /// Unix milliseconds.
    public var startedAt: Int?
    /// Unix milliseconds.
    public var endedAt: Int?
    public var error: String?
    public var stopReason: String?

    public enum CodingKeys: String, CodingKey {
        case runId
        case status
        case startedAt
        case endedAt
        case error
        case stopReason
    }

    public init(runId: String, status: AgentWaitResultStatus, startedAt: Int? = nil, endedAt: Int? = nil, error: String? = nil, stopReason: String? = nil) {
        self.runId = runId
        self.status = status
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.error = error
        self.stopReason = stopReason
    }
}

public enum AgentWaitResultStatus: String, Codable {
    case error = "error"
    case ok = "ok"
    case pending = "pending"
    case timeout = "timeout"
}

// MARK: - AgentsList
public struct AgentsList: Codable {
    public var defaultId: String
    public var mainKey: String
    public var scope: AgentsListScope
    public var agents: [AgentsListAgent]

    public enum CodingKeys: String, CodingKey {
        case defaultId
        case mainKey
        case scope
        case agents
    }

    public init(defaultId: String, mainKey: String, scope: AgentsListScope, agents: [AgentsListAgent]) {
        self.defaultId = defaultId
        self.mainKey = mainKey
        self.scope = scope
        self.agents = agents
    }
}

// MARK: - AgentsListAgent
public struct AgentsListAgent: Codable {
    public var id: String
    public var name: String?
    public var model: AgentsListAgentModel?

    public enum CodingKeys: String, CodingKey {
        case id
        case name
        case model
    }

    public init(id: String, name: String? = nil, model: AgentsListAgentModel? = nil) {
        self.id = id
        self.name = name
        self.model = model
    }
}

// MARK: - AgentsListAgentModel
public struct AgentsListAgentModel: Codable {
    public var primary: String?

    public enum CodingKeys: String, CodingKey {
        case primary
    }

    public init(primary: String? = nil) {
        self.primary = primary
    }
}

public enum AgentsListScope: String, Codable {
    case global = "global"
    case perSender = "per-sender"
}

// MARK: - AlertsTestResult
public struct AlertsTestResult: Codable {
    public var id: String
    public var ways: [AlertsTestResultWay]

    public enum CodingKeys: String, CodingKey {
        case id
        case ways
    }

    public init(id: String, ways: [AlertsTestResultWay]) {
        self.id = id
        self.ways = ways
    }
}

// MARK: - AlertsTestResultWay
public struct AlertsTestResultWay: Codable {
    public var by: AlertsTestResultWayBy
    public var to: String
    public var arrived: Bool
    public var status: Int?
    public var deliveryIds: [String]?
    public var state: AlertsTestResultWayState?
    public var error: AlertsTestResultWayError?

    public enum CodingKeys: String, CodingKey {
        case by
        case to
        case arrived
        case status
        case deliveryIds
        case state
        case error
    }

    public init(by: AlertsTestResultWayBy, to: String, arrived: Bool, status: Int? = nil, deliveryIds: [String]? = nil, state: AlertsTestResultWayState? = nil, error: AlertsTestResultWayError? = nil) {
        self.by = by
        self.to = to
        self.arrived = arrived
        self.status = status
        self.deliveryIds = deliveryIds
        self.state = state
        self.error = error
    }
}

public enum AlertsTestResultWayBy: String, Codable {
    case chat = "chat"
    case webhook = "webhook"
}

// MARK: - AlertsTestResultWayError
public struct AlertsTestResultWayError: Codable {
    public var code: String
    public var message: String
    public var action: String

    public enum CodingKeys: String, CodingKey {
        case code
        case message
        case action
    }

    public init(code: String, message: String, action: String) {
        self.code = code
        self.message = message
        self.action = action
    }
}

public enum AlertsTestResultWayState: String, Codable {
    case queued = "queued"
    case sent = "sent"
}

/// A node with the surface that an operator approved.
// MARK: - ApprovedNode
public struct ApprovedNode: Codable {
    public var nodeId: String
    public var displayName: String?
    public var platform: String?
    public var version: String?
    public var clientId: String?
    public var clientMode: String?
    public var deviceFamily: String?
    public var modelIdentifier: String?
    public var remoteIp: String?
    public var caps: [String]
    public var commands: [String]
    public var permissions: [String: Bool]
    /// Unix milliseconds.
    public var createdAtMs: Int
    /// Unix milliseconds.
    public var approvedAtMs: Int
    /// Unix milliseconds.
    public var lastConnectedAtMs: Int?

    public enum CodingKeys: String, CodingKey {
        case nodeId
        case displayName
        case platform
        case version
        case clientId
        case clientMode
        case deviceFamily
        case modelIdentifier
        case remoteIp
        case caps
        case commands
        case permissions
        case createdAtMs
        case approvedAtMs
        case lastConnectedAtMs
    }

    public init(nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, clientId: String? = nil, clientMode: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, remoteIp: String? = nil, caps: [String], commands: [String], permissions: [String: Bool], createdAtMs: Int, approvedAtMs: Int, lastConnectedAtMs: Int? = nil) {
        self.nodeId = nodeId
        self.displayName = displayName
        self.platform = platform
        self.version = version
        self.clientId = clientId
        self.clientMode = clientMode
        self.deviceFamily = deviceFamily
        self.modelIdentifier = modelIdentifier
        self.remoteIp = remoteIp
        self.caps = caps
        self.commands = commands
        self.permissions = permissions
        self.createdAtMs = createdAtMs
        self.approvedAtMs = approvedAtMs
        self.lastConnectedAtMs = lastConnectedAtMs
    }
}

// MARK: - AttemptRow
public struct AttemptRow: Codable {
    /// 1-based.
    public var number: Int
    public var state: AttemptRowState
    /// Unix milliseconds.
    public var startedAt: Int
    /// Unix milliseconds.
    public var finishedAt: Int?
    public var messageIds: [String]?
    public var error: ErrorRecord?

    public enum CodingKeys: String, CodingKey {
        case number
        case state
        case startedAt
        case finishedAt
        case messageIds
        case error
    }

    public init(number: Int, state: AttemptRowState, startedAt: Int, finishedAt: Int? = nil, messageIds: [String]? = nil, error: ErrorRecord? = nil) {
        self.number = number
        self.state = state
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.messageIds = messageIds
        self.error = error
    }
}

public enum AttemptRowState: String, Codable {
    case failed = "failed"
    case sending = "sending"
    case sent = "sent"
    case unknown = "unknown"
}

// MARK: - AuditLogExportParams
public struct AuditLogExportParams: Codable {
    public var after: Int?
    /// Default 50.
    public var limit: Int?
    public var tenant: String?

    public enum CodingKeys: String, CodingKey {
        case after
        case limit
        case tenant
    }

    public init(after: Int? = nil, limit: Int? = nil, tenant: String? = nil) {
        self.after = after
        self.limit = limit
        self.tenant = tenant
    }
}

// MARK: - AuditLogExportResult
public struct AuditLogExportResult: Codable {
    public var tenant: String
    public var begin: AuditLogExportResultBegin
    public var head: AuditLogExportResultHead
    public var rows: [AuditLogExportResultRow]
    /// Where to go on; absent at the end.
    public var next: Int?

    public enum CodingKeys: String, CodingKey {
        case tenant
        case begin
        case head
        case rows
        case next
    }

    public init(tenant: String, begin: AuditLogExportResultBegin, head: AuditLogExportResultHead, rows: [AuditLogExportResultRow], next: Int? = nil) {
        self.tenant = tenant
        self.begin = begin
        self.head = head
        self.rows = rows
        self.next = next
    }
}

/// How far a chain goes, or where it begins.
// MARK: - AuditLogExportResultBegin
public struct AuditLogExportResultBegin: Codable {
    public var position: Int
    public var hash: String

    public enum CodingKeys: String, CodingKey {
        case position
        case hash
    }

    public init(position: Int, hash: String) {
        self.position = position
        self.hash = hash
    }
}

/// How far a chain goes, or where it begins.
// MARK: - AuditLogExportResultHead
public struct AuditLogExportResultHead: Codable {
    public var position: Int
    public var hash: String

    public enum CodingKeys: String, CodingKey {
        case position
        case hash
    }

    public init(position: Int, hash: String) {
        self.position = position
        self.hash = hash
    }
}

// MARK: - AuditLogExportResultRow
public struct AuditLogExportResultRow: Codable {
    public var seq: Int
    /// Unix milliseconds.
    public var at: Int
    public var actor: String
    public var action: String
    public var subject: String
    public var outcome: String
    /// Its place in the tenant's chain, the hash of the row before, and its own.
    public var position: Int
    public var previous: String
    public var hash: String
    public var tenant: String
    /// The text of its JSON.
    public var detail: String?

    public enum CodingKeys: String, CodingKey {
        case seq
        case at
        case actor
        case action
        case subject
        case outcome
        case position
        case previous
        case hash
        case tenant
        case detail
    }

    public init(seq: Int, at: Int, actor: String, action: String, subject: String, outcome: String, position: Int, previous: String, hash: String, tenant: String, detail: String? = nil) {
        self.seq = seq
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.outcome = outcome
        self.position = position
        self.previous = previous
        self.hash = hash
        self.tenant = tenant
        self.detail = detail
    }
}

// MARK: - AuditLogListParams
public struct AuditLogListParams: Codable {
    /// Default 50.
    public var limit: Int?
    /// The `cursor` of the page before.
    public var cursor: String?
    public var action: String?

    public enum CodingKeys: String, CodingKey {
        case limit
        case cursor
        case action
    }

    public init(limit: Int? = nil, cursor: String? = nil, action: String? = nil) {
        self.limit = limit
        self.cursor = cursor
        self.action = action
    }
}

// MARK: - AuditLogListResult
public struct AuditLogListResult: Codable {
    public var entries: [AuditLogListResultEntry]
    public var cursor: String?

    public enum CodingKeys: String, CodingKey {
        case entries
        case cursor
    }

    public init(entries: [AuditLogListResultEntry], cursor: String? = nil) {
        self.entries = entries
        self.cursor = cursor
    }
}

// MARK: - AuditLogListResultEntry
public struct AuditLogListResultEntry: Codable {
    public var seq: Int
    /// Unix milliseconds.
    public var at: Int
    /// `system`, `operator:<id>` or `peer:<hash>`.
    public var actor: String
    public var action: String
    public var subject: String
    public var outcome: AuditLogListResultEntryOutcome
    /// Its place in the tenant's chain, the hash of the row before, and its own.
    public var position: Int
    public var previous: String
    public var hash: String
    public var detail: JSONAny?

    public enum CodingKeys: String, CodingKey {
        case seq
        case at
        case actor
        case action
        case subject
        case outcome
        case position
        case previous
        case hash
        case detail
    }

    public init(seq: Int, at: Int, actor: String, action: String, subject: String, outcome: AuditLogListResultEntryOutcome, position: Int, previous: String, hash: String, detail: JSONAny? = nil) {
        self.seq = seq
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.outcome = outcome
        self.position = position
        self.previous = previous
        self.hash = hash
        self.detail = detail
    }
}

public enum AuditLogListResultEntryOutcome: String, Codable {
    case denied = "denied"
    case failed = "failed"
    case ok = "ok"
}

// MARK: - AuditLogVerifyParams
public struct AuditLogVerifyParams: Codable {
    /// A head that was noted earlier, `<position>:<hash>`: it must still be part of the chain.
    /// See `notedGone` for one that is older than what is left.
    public var noted: String?
    public var tenant: String?

    public enum CodingKeys: String, CodingKey {
        case noted
        case tenant
    }

    public init(noted: String? = nil, tenant: String? = nil) {
        self.noted = noted
        self.tenant = tenant
    }
}

// MARK: - AuditLogVerifyResult
public struct AuditLogVerifyResult: Codable {
    public var tenant: String
    public var rows: Int
    public var begin: AuditLogVerifyResultBegin
    public var head: AuditLogVerifyResultHead
    /// Signed heads, and of these what could not be proven because the vault's key is not at
    /// hand.
    public var seals: Int
    public var unproven: Int
    /// The noted head lies before `begin`: whether it was part of the chain cannot be checked
    /// any more.
    public var notedGone: Bool?
    public var broken: AuditLogVerifyResultBroken?

    public enum CodingKeys: String, CodingKey {
        case tenant
        case rows
        case begin
        case head
        case seals
        case unproven
        case notedGone
        case broken
    }

    public init(tenant: String, rows: Int, begin: AuditLogVerifyResultBegin, head: AuditLogVerifyResultHead, seals: Int, unproven: Int, notedGone: Bool? = nil, broken: AuditLogVerifyResultBroken? = nil) {
        self.tenant = tenant
        self.rows = rows
        self.begin = begin
        self.head = head
        self.seals = seals
        self.unproven = unproven
        self.notedGone = notedGone
        self.broken = broken
    }
}

/// How far a chain goes, or where it begins.
// MARK: - AuditLogVerifyResultBegin
public struct AuditLogVerifyResultBegin: Codable {
    public var position: Int
    public var hash: String

    public enum CodingKeys: String, CodingKey {
        case position
        case hash
    }

    public init(position: Int, hash: String) {
        self.position = position
        self.hash = hash
    }
}

// MARK: - AuditLogVerifyResultBroken
public struct AuditLogVerifyResultBroken: Codable {
    public var position: Int
    public var problem: AuditLogVerifyResultBrokenProblem

    public enum CodingKeys: String, CodingKey {
        case position
        case problem
    }

    public init(position: Int, problem: AuditLogVerifyResultBrokenProblem) {
        self.position = position
        self.problem = problem
    }
}

public enum AuditLogVerifyResultBrokenProblem: String, Codable {
    case changed = "changed"
    case cut = "cut"
    case missing = "missing"
    case moved = "moved"
    case seal = "seal"
    case unlinked = "unlinked"
}

/// How far a chain goes, or where it begins.
// MARK: - AuditLogVerifyResultHead
public struct AuditLogVerifyResultHead: Codable {
    public var position: Int
    public var hash: String

    public enum CodingKeys: String, CodingKey {
        case position
        case hash
    }

    public init(position: Int, hash: String) {
        self.position = position
        self.hash = hash
    }
}

// MARK: - BackupCreateParams
public struct BackupCreateParams: Codable {
    public var name: String?

    public enum CodingKeys: String, CodingKey {
        case name
    }

    public init(name: String? = nil) {
        self.name = name
    }
}

// MARK: - BackupCreateResult
public struct BackupCreateResult: Codable {
    public var path: String
    public var bytes: Int
    public var durationMs: Int

    public enum CodingKeys: String, CodingKey {
        case path
        case bytes
        case durationMs
    }

    public init(path: String, bytes: Int, durationMs: Int) {
        self.path = path
        self.bytes = bytes
        self.durationMs = durationMs
    }
}

// MARK: - CanvasDocumentListParams
public struct CanvasDocumentListParams: Codable {
    public var sessionKey: String?
    public var nodeId: String?

    public enum CodingKeys: String, CodingKey {
        case sessionKey
        case nodeId
    }

    public init(sessionKey: String? = nil, nodeId: String? = nil) {
        self.sessionKey = sessionKey
        self.nodeId = nodeId
    }
}

// MARK: - CanvasDocumentListResult
public struct CanvasDocumentListResult: Codable {
    public var documents: [CanvasDocumentListResultDocument]

    public enum CodingKeys: String, CodingKey {
        case documents
    }

    public init(documents: [CanvasDocumentListResultDocument]) {
        self.documents = documents
    }
}

// MARK: - CanvasDocumentListResultDocument
public struct CanvasDocumentListResultDocument: Codable {
    public var documentId: String
    public var title: String?
    /// The session it was published for.
    public var sessionKey: String?
    /// The only node that may show it.
    public var nodeId: String?
    /// Unix milliseconds.
    public var updatedAtMs: Int
    public var bytes: Int
    public var files: [CanvasDocumentListResultDocumentFile]
    /// Goes behind a surface URL.
    public var path: String

    public enum CodingKeys: String, CodingKey {
        case documentId
        case title
        case sessionKey
        case nodeId
        case updatedAtMs
        case bytes
        case files
        case path
    }

    public init(documentId: String, title: String? = nil, sessionKey: String? = nil, nodeId: String? = nil, updatedAtMs: Int, bytes: Int, files: [CanvasDocumentListResultDocumentFile], path: String) {
        self.documentId = documentId
        self.title = title
        self.sessionKey = sessionKey
        self.nodeId = nodeId
        self.updatedAtMs = updatedAtMs
        self.bytes = bytes
        self.files = files
        self.path = path
    }
}

// MARK: - CanvasDocumentListResultDocumentFile
public struct CanvasDocumentListResultDocumentFile: Codable {
    public var path: String
    public var mimeType: String
    public var bytes: Int

    public enum CodingKeys: String, CodingKey {
        case path
        case mimeType
        case bytes
    }

    public init(path: String, mimeType: String, bytes: Int) {
        self.path = path
        self.mimeType = mimeType
        self.bytes = bytes
    }
}

// MARK: - CanvasDocumentPutParams
public struct CanvasDocumentPutParams: Codable {
    /// Lower case, so that it is the same name on every file system.
    public var documentId: String?
    public var title: String?
    public var sessionKey: String?
    public var nodeId: String?
    public var files: [CanvasDocumentPutParamsFile]

    public enum CodingKeys: String, CodingKey {
        case documentId
        case title
        case sessionKey
        case nodeId
        case files
    }

    public init(documentId: String? = nil, title: String? = nil, sessionKey: String? = nil, nodeId: String? = nil, files: [CanvasDocumentPutParamsFile]) {
        self.documentId = documentId
        self.title = title
        self.sessionKey = sessionKey
        self.nodeId = nodeId
        self.files = files
    }
}

// MARK: - CanvasDocumentPutParamsFile
public struct CanvasDocumentPutParamsFile: Codable {
    /// E.g. `index.html` or `images/logo.png`.
    public var path: String
    public var text: String?
    /// Base64.
    public var content: String?
    /// One of those that this gateway serves; default by the path's ending.
    public var mimeType: String?

    public enum CodingKeys: String, CodingKey {
        case path
        case text
        case content
        case mimeType
    }

    public init(path: String, text: String? = nil, content: String? = nil, mimeType: String? = nil) {
        self.path = path
        self.text = text
        self.content = content
        self.mimeType = mimeType
    }
}

// MARK: - CanvasDocumentPutResult
public struct CanvasDocumentPutResult: Codable {
    public var documentId: String
    public var title: String?
    /// The session it was published for.
    public var sessionKey: String?
    /// The only node that may show it.
    public var nodeId: String?
    /// Unix milliseconds.
    public var updatedAtMs: Int
    public var bytes: Int
    public var files: [CanvasDocumentPutResultFile]
    /// Goes behind a surface URL.
    public var path: String

    public enum CodingKeys: String, CodingKey {
        case documentId
        case title
        case sessionKey
        case nodeId
        case updatedAtMs
        case bytes
        case files
        case path
    }

    public init(documentId: String, title: String? = nil, sessionKey: String? = nil, nodeId: String? = nil, updatedAtMs: Int, bytes: Int, files: [CanvasDocumentPutResultFile], path: String) {
        self.documentId = documentId
        self.title = title
        self.sessionKey = sessionKey
        self.nodeId = nodeId
        self.updatedAtMs = updatedAtMs
        self.bytes = bytes
        self.files = files
        self.path = path
    }
}

// MARK: - CanvasDocumentPutResultFile
public struct CanvasDocumentPutResultFile: Codable {
    public var path: String
    public var mimeType: String
    public var bytes: Int

    public enum CodingKeys: String, CodingKey {
        case path
        case mimeType
        case bytes
    }

    public init(path: String, mimeType: String, bytes: Int) {
        self.path = path
        self.mimeType = mimeType
        self.bytes = bytes
    }
}

// MARK: - CanvasDocumentRemoveParams
public struct CanvasDocumentRemoveParams: Codable {
    /// Lower case, so that it is the same name on every file system.
    public var documentId: String

    public enum CodingKeys: String, CodingKey {
        case documentId
    }

    public init(documentId: String) {
        self.documentId = documentId
    }
}

// MARK: - CanvasDocumentRemoveResult
public struct CanvasDocumentRemoveResult: Codable {
    public var documentId: String
    public var removed: Bool

    public enum CodingKeys: String, CodingKey {
        case documentId
        case removed
    }

    public init(documentId: String, removed: Bool) {
        self.documentId = documentId
        self.removed = removed
    }
}

/// What the gateway says first.
// MARK: - Challenge
public struct Challenge: Codable {
    /// Goes into the device's signature.
    public var nonce: String
    /// The gateway's clock. Unix milliseconds.
    public var ts: Int
    public var capabilities: [String]?

    public enum CodingKeys: String, CodingKey {
        case nonce
        case ts
        case capabilities
    }

    public init(nonce: String, ts: Int, capabilities: [String]? = nil) {
        self.nonce = nonce
        self.ts = ts
        self.capabilities = capabilities
    }
}

/// Open: later fields may come.
// MARK: - ChannelAccount
public struct ChannelAccount: Codable {
    public var accountId: String
    /// As the platform names it.
    public var name: String?
    public var enabled: Bool?
    public var configured: Bool?
    public var linked: Bool?
    /// It was asked to run and has not been given up.
    public var running: Bool?
    public var connected: Bool?
    public var reconnectAttempts: Int?
    public var lastConnectedAt: Int?
    public var lastError: String?
    /// The connection's state, lower case, e.g. `connected`, `permanently_failed`.
    public var healthState: String?
    public var lastInboundAt: Int?
    public var lastOutboundAt: Int?
    public var lastTransportActivityAt: Int?
    public var lastProbeAt: Int?
    /// The transport in use.
    public var mode: String?
    public var dmPolicy: String?
    public var webhookUrl: String?
    public var source: ChannelAccountSource?
    public var state: ChannelAccountState?
    public var evidence: ChannelAccountEvidence?
    public var note: String?
    public var breaker: ChannelAccountBreaker?
    public var error: ErrorRecord?

    public enum CodingKeys: String, CodingKey {
        case accountId
        case name
        case enabled
        case configured
        case linked
        case running
        case connected
        case reconnectAttempts
        case lastConnectedAt
        case lastError
        case healthState
        case lastInboundAt
        case lastOutboundAt
        case lastTransportActivityAt
        case lastProbeAt
        case mode
        case dmPolicy
        case webhookUrl
        case source
        case state
        case evidence
        case note
        case breaker
        case error
    }

    public init(accountId: String, name: String? = nil, enabled: Bool? = nil, configured: Bool? = nil, linked: Bool? = nil, running: Bool? = nil, connected: Bool? = nil, reconnectAttempts: Int? = nil, lastConnectedAt: Int? = nil, lastError: String? = nil, healthState: String? = nil, lastInboundAt: Int? = nil, lastOutboundAt: Int? = nil, lastTransportActivityAt: Int? = nil, lastProbeAt: Int? = nil, mode: String? = nil, dmPolicy: String? = nil, webhookUrl: String? = nil, source: ChannelAccountSource? = nil, state: ChannelAccountState? = nil, evidence: ChannelAccountEvidence? = nil, note: String? = nil, breaker: ChannelAccountBreaker? = nil, error: ErrorRecord? = nil) {
        self.accountId = accountId
        self.name = name
        self.enabled = enabled
        self.configured = configured
        self.linked = linked
        self.running = running
        self.connected = connected
        self.reconnectAttempts = reconnectAttempts
        self.lastConnectedAt = lastConnectedAt
        self.lastError = lastError
        self.healthState = healthState
        self.lastInboundAt = lastInboundAt
        self.lastOutboundAt = lastOutboundAt
        self.lastTransportActivityAt = lastTransportActivityAt
        self.lastProbeAt = lastProbeAt
        self.mode = mode
        self.dmPolicy = dmPolicy
        self.webhookUrl = webhookUrl
        self.source = source
        self.state = state
        self.evidence = evidence
        self.note = note
        self.breaker = breaker
        self.error = error
    }
}

/// `open`: sends wait after too many failures; `half-open`: the next one is a trial.
public enum ChannelAccountBreaker: String, Codable {
    case channelAccountBreakerOpen = "open"
    case closed = "closed"
    case halfOpen = "half-open"
}

/// What the state rests on (CONN-2).
// MARK: - ChannelAccountEvidence
public struct ChannelAccountEvidence: Codable {
    public var kind: ChannelAccountEvidenceKind
    /// Unix milliseconds.
    public var at: Int
    public var note: String?

    public enum CodingKeys: String, CodingKey {
        case kind
        case at
        case note
    }

    public init(kind: ChannelAccountEvidenceKind, at: Int, note: String? = nil) {
        self.kind = kind
        self.at = at
        self.note = note
    }
}

public enum ChannelAccountEvidenceKind: String, Codable {
    case connected = "connected"
    case event = "event"
    case pong = "pong"
    case probe = "probe"
}

/// Where the account is configured.
public enum ChannelAccountSource: String, Codable {
    case config = "config"
    case environment = "environment"
    case store = "store"
}

public enum ChannelAccountState: String, Codable {
    case connected = "CONNECTED"
    case connecting = "CONNECTING"
    case disconnected = "DISCONNECTED"
    case error = "ERROR"
    case permanentlyFailed = "PERMANENTLY_FAILED"
    case reconnecting = "RECONNECTING"
}

/// One channel in the summary.
// MARK: - ChannelHealth
public struct ChannelHealth: Codable {
    public var configured: Bool
    public var linked: Bool?
    public var accounts: [String: ChannelHealthAccount]?
    public var lastError: String?

    public enum CodingKeys: String, CodingKey {
        case configured
        case linked
        case accounts
        case lastError
    }

    public init(configured: Bool, linked: Bool? = nil, accounts: [String: ChannelHealthAccount]? = nil, lastError: String? = nil) {
        self.configured = configured
        self.linked = linked
        self.accounts = accounts
        self.lastError = lastError
    }
}

// MARK: - ChannelHealthAccount
public struct ChannelHealthAccount: Codable {
    public var connected: Bool

    public enum CodingKeys: String, CodingKey {
        case connected
    }

    public init(connected: Bool) {
        self.connected = connected
    }
}

// MARK: - ChannelsActParams
public struct ChannelsActParams: Codable {
    public var channel: String
    public var accountId: String?
    public var action: String
    public var params: [String: JSONAny]?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case action
        case params
    }

    public init(channel: String, accountId: String? = nil, action: String, params: [String: JSONAny]? = nil) {
        self.channel = channel
        self.accountId = accountId
        self.action = action
        self.params = params
    }
}

// MARK: - ChannelsActResult
public struct ChannelsActResult: Codable {
    public var channel: String
    public var accountId: String
    public var action: String
    /// What the platform said.
    public var result: [String: JSONAny]

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case action
        case result
    }

    public init(channel: String, accountId: String, action: String, result: [String: JSONAny]) {
        self.channel = channel
        self.accountId = accountId
        self.action = action
        self.result = result
    }
}

// MARK: - ChannelsAddParams
public struct ChannelsAddParams: Codable {
    public var channel: String
    public var accountId: String?
    public var config: [String: JSONAny]
    public var settings: ChannelsAddParamsSettings?
    public var enabled: Bool?
    public var replace: Bool?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case config
        case settings
        case enabled
        case replace
    }

    public init(channel: String, accountId: String? = nil, config: [String: JSONAny], settings: ChannelsAddParamsSettings? = nil, enabled: Bool? = nil, replace: Bool? = nil) {
        self.channel = channel
        self.accountId = accountId
        self.config = config
        self.settings = settings
        self.enabled = enabled
        self.replace = replace
    }
}

/// Who may talk on an account, and how what they say is queued.
// MARK: - ChannelsAddParamsSettings
public struct ChannelsAddParamsSettings: Codable {
    public var dmPolicy: ChannelsAddParamsSettingsDmPolicy?
    public var strangers: ChannelsAddParamsSettingsStrangers?
    /// Peer ids that may write directly.
    public var allowFrom: [String]?
    public var groupPolicy: ChannelsAddParamsSettingsGroupPolicy?
    /// Conversation ids of allowed groups.
    public var groups: [String]?
    /// Peer ids that are heard in groups; empty means everyone in an allowed group.
    public var groupAllowFrom: [String]?
    /// In groups only what is addressed to the account is answered.
    public var requireMention: Bool?
    /// Peer ids that may use the commands that change a group's session: /new, /stop, /model and
    /// the like.
    public var owners: [String]?
    public var groupCommands: ChannelsAddParamsSettingsGroupCommands?
    /// Where requests of people and devices that want to be let in are shown with buttons,
    /// written as `switchboard send` takes it: the platform's own id, never a name, and where it
    /// has threads `<conversation>:<thread>`. Only owners can press them, whatever else is heard
    /// there; everybody there can read who asks.
    public var approvals: String?
    public var queueMode: ChannelsAddParamsSettingsQueueMode?
    /// Wait this long for more before answering.
    public var debounceMs: Int?
    /// But no longer than this.
    public var debounceMaxMs: Int?
    public var rateLimit: ChannelsAddParamsSettingsRateLimit?
    public var conversationRateLimit: ChannelsAddParamsSettingsConversationRateLimit?
    /// Ask the agent to say what matters within so many characters, e.g. 300 where every message
    /// is paid for; what is longer all the same is split. Default: as long as it likes.
    public var answerCharacters: Int?
    /// Show long answers while they are written, by edits.
    public var streaming: Bool?
    public var unknownSends: ChannelsAddParamsSettingsUnknownSends?

    public enum CodingKeys: String, CodingKey {
        case dmPolicy
        case strangers
        case allowFrom
        case groupPolicy
        case groups
        case groupAllowFrom
        case requireMention
        case owners
        case groupCommands
        case approvals
        case queueMode
        case debounceMs
        case debounceMaxMs
        case rateLimit
        case conversationRateLimit
        case answerCharacters
        case streaming
        case unknownSends
    }

    public init(dmPolicy: ChannelsAddParamsSettingsDmPolicy? = nil, strangers: ChannelsAddParamsSettingsStrangers? = nil, allowFrom: [String]? = nil, groupPolicy: ChannelsAddParamsSettingsGroupPolicy? = nil, groups: [String]? = nil, groupAllowFrom: [String]? = nil, requireMention: Bool? = nil, owners: [String]? = nil, groupCommands: ChannelsAddParamsSettingsGroupCommands? = nil, approvals: String? = nil, queueMode: ChannelsAddParamsSettingsQueueMode? = nil, debounceMs: Int? = nil, debounceMaxMs: Int? = nil, rateLimit: ChannelsAddParamsSettingsRateLimit? = nil, conversationRateLimit: ChannelsAddParamsSettingsConversationRateLimit? = nil, answerCharacters: Int? = nil, streaming: Bool? = nil, unknownSends: ChannelsAddParamsSettingsUnknownSends? = nil) {
        self.dmPolicy = dmPolicy
        self.strangers = strangers
        self.allowFrom = allowFrom
        self.groupPolicy = groupPolicy
        self.groups = groups
        self.groupAllowFrom = groupAllowFrom
        self.requireMention = requireMention
        self.owners = owners
        self.groupCommands = groupCommands
        self.approvals = approvals
        self.queueMode = queueMode
        self.debounceMs = debounceMs
        self.debounceMaxMs = debounceMaxMs
        self.rateLimit = rateLimit
        self.conversationRateLimit = conversationRateLimit
        self.answerCharacters = answerCharacters
        self.streaming = streaming
        self.unknownSends = unknownSends
    }
}

/// Sends into one conversation; default what the platform allows.
// MARK: - ChannelsAddParamsSettingsConversationRateLimit
public struct ChannelsAddParamsSettingsConversationRateLimit: Codable {
    public var perSecond: Double
    public var burst: Int

    public enum CodingKeys: String, CodingKey {
        case perSecond
        case burst
    }

    public init(perSecond: Double, burst: Int) {
        self.perSecond = perSecond
        self.burst = burst
    }
}

/// Who may write directly. With `pairing` a stranger gets a code that lets an owner approve
/// them.
public enum ChannelsAddParamsSettingsDmPolicy: String, Codable {
    case allowlist = "allowlist"
    case channelsAddParamsSettingsDmPolicyOpen = "open"
    case disabled = "disabled"
    case pairing = "pairing"
}

/// Who may use those commands in groups. In a direct chat they are everyone's own.
public enum ChannelsAddParamsSettingsGroupCommands: String, Codable {
    case everyone = "everyone"
    case owners = "owners"
}

/// In which groups the agent takes part.
public enum ChannelsAddParamsSettingsGroupPolicy: String, Codable {
    case allowlist = "allowlist"
    case channelsAddParamsSettingsGroupPolicyOpen = "open"
    case disabled = "disabled"
}

/// What a message does that arrives while the agent is busy.
public enum ChannelsAddParamsSettingsQueueMode: String, Codable {
    case collect = "collect"
    case followup = "followup"
    case interrupt = "interrupt"
}

/// Sends of the whole account; default what the platform allows.
// MARK: - ChannelsAddParamsSettingsRateLimit
public struct ChannelsAddParamsSettingsRateLimit: Codable {
    public var perSecond: Double
    public var burst: Int

    public enum CodingKeys: String, CodingKey {
        case perSecond
        case burst
    }

    public init(perSecond: Double, burst: Int) {
        self.perSecond = perSecond
        self.burst = burst
    }
}

/// What a stranger gets under `pairing`: always a code, or no answer any more once the
/// account has an owner, who still learns of the request.
public enum ChannelsAddParamsSettingsStrangers: String, Codable {
    case code = "code"
    case silentOnceOwned = "silent-once-owned"
}

/// A send whose fate nobody knows: again with a note, or into the dead letters.
public enum ChannelsAddParamsSettingsUnknownSends: String, Codable {
    case hold = "hold"
    case resend = "resend"
}

// MARK: - ChannelsAddResult
public struct ChannelsAddResult: Codable {
    public var channel: String
    public var accountId: String
    public var replaced: Bool

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case replaced
    }

    public init(channel: String, accountId: String, replaced: Bool) {
        self.channel = channel
        self.accountId = accountId
        self.replaced = replaced
    }
}

// MARK: - ChannelsChangedEvent
public struct ChannelsChangedEvent: Codable {
    /// Unix milliseconds.
    public var ts: Int
    public var channel: String
    public var account: ChannelAccount

    public enum CodingKeys: String, CodingKey {
        case ts
        case channel
        case account
    }

    public init(ts: Int, channel: String, account: ChannelAccount) {
        self.ts = ts
        self.channel = channel
        self.account = account
    }
}

// MARK: - ChannelsInstallParams
public struct ChannelsInstallParams: Codable {
    public var channel: String
    /// The account from which the app is known.
    public var accountId: String?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
    }

    public init(channel: String, accountId: String? = nil) {
        self.channel = channel
        self.accountId = accountId
    }
}

// MARK: - ChannelsInstallResult
public struct ChannelsInstallResult: Codable {
    public var channel: String
    public var accountId: String
    public var url: String
    /// Unix milliseconds.
    public var expiresAt: Int

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case url
        case expiresAt
    }

    public init(channel: String, accountId: String, url: String, expiresAt: Int) {
        self.channel = channel
        self.accountId = accountId
        self.url = url
        self.expiresAt = expiresAt
    }
}

// MARK: - ChannelsListParams
public struct ChannelsListParams: Codable {
    public var channel: String?

    public enum CodingKeys: String, CodingKey {
        case channel
    }

    public init(channel: String? = nil) {
        self.channel = channel
    }
}

// MARK: - ChannelsListResult
public struct ChannelsListResult: Codable {
    public var channels: [ChannelsListResultChannel]
    public var accounts: [ChannelsListResultAccount]

    public enum CodingKeys: String, CodingKey {
        case channels
        case accounts
    }

    public init(channels: [ChannelsListResultChannel], accounts: [ChannelsListResultAccount]) {
        self.channels = channels
        self.accounts = accounts
    }
}

// MARK: - ChannelsListResultAccount
public struct ChannelsListResultAccount: Codable {
    public var channel: String
    public var accountId: String
    public var source: ChannelAccountSource
    public var enabled: Bool
    public var config: [String: JSONAny]
    public var settings: [String: JSONAny]
    public var status: ChannelAccount?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case source
        case enabled
        case config
        case settings
        case status
    }

    public init(channel: String, accountId: String, source: ChannelAccountSource, enabled: Bool, config: [String: JSONAny], settings: [String: JSONAny], status: ChannelAccount? = nil) {
        self.channel = channel
        self.accountId = accountId
        self.source = source
        self.enabled = enabled
        self.config = config
        self.settings = settings
        self.status = status
    }
}

// MARK: - ChannelsListResultChannel
public struct ChannelsListResultChannel: Codable {
    public var id: String
    public var label: String
    public var transports: [ChannelsListResultChannelTransport]
    /// JSON Schema of `config`.
    public var configSchema: [String: JSONAny]
    /// Properties of `config` that are secrets.
    public var secrets: [String]
    /// Environment variable to property.
    public var env: [String: String]
    /// What `channels.act` can do there.
    public var actions: [ChannelsListResultChannelAction]

    public enum CodingKeys: String, CodingKey {
        case id
        case label
        case transports
        case configSchema
        case secrets
        case env
        case actions
    }

    public init(id: String, label: String, transports: [ChannelsListResultChannelTransport], configSchema: [String: JSONAny], secrets: [String], env: [String: String], actions: [ChannelsListResultChannelAction]) {
        self.id = id
        self.label = label
        self.transports = transports
        self.configSchema = configSchema
        self.secrets = secrets
        self.env = env
        self.actions = actions
    }
}

// MARK: - ChannelsListResultChannelAction
public struct ChannelsListResultChannelAction: Codable {
    public var name: String
    public var description: String
    /// JSON Schema of `params`.
    public var params: [String: JSONAny]

    public enum CodingKeys: String, CodingKey {
        case name
        case description
        case params
    }

    public init(name: String, description: String, params: [String: JSONAny]) {
        self.name = name
        self.description = description
        self.params = params
    }
}

public enum ChannelsListResultChannelTransport: String, Codable {
    case polling = "polling"
    case webhook = "webhook"
    case websocket = "websocket"
}

/// `accountId`: default the channel's default account.
// MARK: - ChannelsLogoutParams
public struct ChannelsLogoutParams: Codable {
    public var channel: String
    public var accountId: String?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
    }

    public init(channel: String, accountId: String? = nil) {
        self.channel = channel
        self.accountId = accountId
    }
}

// MARK: - ChannelsLogoutResult
public struct ChannelsLogoutResult: Codable {
    public var channel: String
    public var accountId: String
    /// Whether there was something to forget.
    public var cleared: Bool
    /// Whether the platform was told.
    public var loggedOut: Bool

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case cleared
        case loggedOut
    }

    public init(channel: String, accountId: String, cleared: Bool, loggedOut: Bool) {
        self.channel = channel
        self.accountId = accountId
        self.cleared = cleared
        self.loggedOut = loggedOut
    }
}

// MARK: - ChannelsManifestParams
public struct ChannelsManifestParams: Codable {
    public var channel: String
    public var accountId: String?
    /// What people see the account called. Default Switchboard.
    public var name: String?
    public var events: ChannelsManifestParamsEvents?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case name
        case events
    }

    public init(channel: String, accountId: String? = nil, name: String? = nil, events: ChannelsManifestParamsEvents? = nil) {
        self.channel = channel
        self.accountId = accountId
        self.name = name
        self.events = events
    }
}

public enum ChannelsManifestParamsEvents: String, Codable {
    case calls = "calls"
    case sockets = "sockets"
}

// MARK: - ChannelsManifestResult
public struct ChannelsManifestResult: Codable {
    public var channel: String
    public var accountId: String
    /// Media type of `body`.
    public var type: String
    public var body: String

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case type
        case body
    }

    public init(channel: String, accountId: String, type: String, body: String) {
        self.channel = channel
        self.accountId = accountId
        self.type = type
        self.body = body
    }
}

// MARK: - ChannelsPairingApproveParams
public struct ChannelsPairingApproveParams: Codable {
    public var channel: String
    public var accountId: String
    public var requestId: String?
    public var code: String?
    public var notify: Bool?
    public var bootstrapCommandOwner: Bool?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case requestId
        case code
        case notify
        case bootstrapCommandOwner
    }

    public init(channel: String, accountId: String, requestId: String? = nil, code: String? = nil, notify: Bool? = nil, bootstrapCommandOwner: Bool? = nil) {
        self.channel = channel
        self.accountId = accountId
        self.requestId = requestId
        self.code = code
        self.notify = notify
        self.bootstrapCommandOwner = bootstrapCommandOwner
    }
}

// MARK: - ChannelsPairingApproveResult
public struct ChannelsPairingApproveResult: Codable {
    public var requestId: String
    public var senderId: String
    public var notification: ChannelsPairingApproveResultNotification
    public var commandOwnerBootstrap: ChannelsPairingApproveResultCommandOwnerBootstrap

    public enum CodingKeys: String, CodingKey {
        case requestId
        case senderId
        case notification
        case commandOwnerBootstrap
    }

    public init(requestId: String, senderId: String, notification: ChannelsPairingApproveResultNotification, commandOwnerBootstrap: ChannelsPairingApproveResultCommandOwnerBootstrap) {
        self.requestId = requestId
        self.senderId = senderId
        self.notification = notification
        self.commandOwnerBootstrap = commandOwnerBootstrap
    }
}

public enum ChannelsPairingApproveResultCommandOwnerBootstrap: String, Codable {
    case alreadyConfigured = "already-configured"
    case configured = "configured"
    case notRequested = "not-requested"
    case unavailable = "unavailable"
}

/// `failed`: they were not told and will not be.
public enum ChannelsPairingApproveResultNotification: String, Codable {
    case failed = "failed"
    case notRequested = "not-requested"
    case sent = "sent"
    case unsupported = "unsupported"
}

/// By `requestId`, as listed; or, ours, by the `code` that the person was told. Exactly one
/// of them.
// MARK: - ChannelsPairingDismissParams
public struct ChannelsPairingDismissParams: Codable {
    public var channel: String
    public var accountId: String
    public var requestId: String?
    public var code: String?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case requestId
        case code
    }

    public init(channel: String, accountId: String, requestId: String? = nil, code: String? = nil) {
        self.channel = channel
        self.accountId = accountId
        self.requestId = requestId
        self.code = code
    }
}

// MARK: - ChannelsPairingDismissResult
public struct ChannelsPairingDismissResult: Codable {
    public var requestId: String
    public var senderId: String

    public enum CodingKeys: String, CodingKey {
        case requestId
        case senderId
    }

    public init(requestId: String, senderId: String) {
        self.requestId = requestId
        self.senderId = senderId
    }
}

// MARK: - ChannelsPairingListParams
public struct ChannelsPairingListParams: Codable {
    public var channel: String?
    public var accountId: String?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
    }

    public init(channel: String? = nil, accountId: String? = nil) {
        self.channel = channel
        self.accountId = accountId
    }
}

// MARK: - ChannelsPairingListResult
public struct ChannelsPairingListResult: Codable {
    public var accounts: [ChannelsPairingListResultAccount]
    public var requests: [ChannelsPairingListResultRequest]
    /// Every account in question has an owner.
    public var commandOwnerConfigured: Bool
    public var limits: ChannelsPairingListResultLimits

    public enum CodingKeys: String, CodingKey {
        case accounts
        case requests
        case commandOwnerConfigured
        case limits
    }

    public init(accounts: [ChannelsPairingListResultAccount], requests: [ChannelsPairingListResultRequest], commandOwnerConfigured: Bool, limits: ChannelsPairingListResultLimits) {
        self.accounts = accounts
        self.requests = requests
        self.commandOwnerConfigured = commandOwnerConfigured
        self.limits = limits
    }
}

// MARK: - ChannelsPairingListResultAccount
public struct ChannelsPairingListResultAccount: Codable {
    public var channel: String
    public var channelLabel: String
    public var accountId: String
    public var accountLabel: String?
    /// Whether somebody who is let in can be told so.
    public var notifySupported: Bool

    public enum CodingKeys: String, CodingKey {
        case channel
        case channelLabel
        case accountId
        case accountLabel
        case notifySupported
    }

    public init(channel: String, channelLabel: String, accountId: String, accountLabel: String? = nil, notifySupported: Bool) {
        self.channel = channel
        self.channelLabel = channelLabel
        self.accountId = accountId
        self.accountLabel = accountLabel
        self.notifySupported = notifySupported
    }
}

// MARK: - ChannelsPairingListResultLimits
public struct ChannelsPairingListResultLimits: Codable {
    public var pendingPerAccount: Int
    public var ttlMs: Int

    public enum CodingKeys: String, CodingKey {
        case pendingPerAccount
        case ttlMs
    }

    public init(pendingPerAccount: Int, ttlMs: Int) {
        self.pendingPerAccount = pendingPerAccount
        self.ttlMs = ttlMs
    }
}

// MARK: - ChannelsPairingListResultRequest
public struct ChannelsPairingListResultRequest: Codable {
    public var requestId: String
    public var channel: String
    public var channelLabel: String
    public var accountId: String
    public var accountLabel: String?
    /// Whether somebody who is let in can be told so.
    public var notifySupported: Bool
    public var senderId: String
    /// What they call themselves, which proves nothing; else their id.
    public var senderLabel: String
    public var metadata: [String: String]?
    public var createdAt: String
    public var lastSeenAt: String
    public var expiresAt: String

    public enum CodingKeys: String, CodingKey {
        case requestId
        case channel
        case channelLabel
        case accountId
        case accountLabel
        case notifySupported
        case senderId
        case senderLabel
        case metadata
        case createdAt
        case lastSeenAt
        case expiresAt
    }

    public init(requestId: String, channel: String, channelLabel: String, accountId: String, accountLabel: String? = nil, notifySupported: Bool, senderId: String, senderLabel: String, metadata: [String: String]? = nil, createdAt: String, lastSeenAt: String, expiresAt: String) {
        self.requestId = requestId
        self.channel = channel
        self.channelLabel = channelLabel
        self.accountId = accountId
        self.accountLabel = accountLabel
        self.notifySupported = notifySupported
        self.senderId = senderId
        self.senderLabel = senderLabel
        self.metadata = metadata
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.expiresAt = expiresAt
    }
}

// MARK: - ChannelsRemoveParams
public struct ChannelsRemoveParams: Codable {
    public var channel: String
    public var accountId: String?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
    }

    public init(channel: String, accountId: String? = nil) {
        self.channel = channel
        self.accountId = accountId
    }
}

// MARK: - ChannelsRemoveResult
public struct ChannelsRemoveResult: Codable {
    public var channel: String
    public var accountId: String
    public var removed: Bool

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case removed
    }

    public init(channel: String, accountId: String, removed: Bool) {
        self.channel = channel
        self.accountId = accountId
        self.removed = removed
    }
}

/// `accountId`: default the channel's default account.
// MARK: - ChannelsStartParams
public struct ChannelsStartParams: Codable {
    public var channel: String
    public var accountId: String?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
    }

    public init(channel: String, accountId: String? = nil) {
        self.channel = channel
        self.accountId = accountId
    }
}

// MARK: - ChannelsStartResult
public struct ChannelsStartResult: Codable {
    public var channel: String
    public var accountId: String
    public var started: Bool
    public var outcome: ChannelsStartResultOutcome

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case started
        case outcome
    }

    public init(channel: String, accountId: String, started: Bool, outcome: ChannelsStartResultOutcome) {
        self.channel = channel
        self.accountId = accountId
        self.started = started
        self.outcome = outcome
    }
}

// MARK: - ChannelsStartResultOutcome
public struct ChannelsStartResultOutcome: Codable {
    public var status: ChannelsStartResultOutcomeStatus
    public var reason: String?

    public enum CodingKeys: String, CodingKey {
        case status
        case reason
    }

    public init(status: ChannelsStartResultOutcomeStatus, reason: String? = nil) {
        self.status = status
        self.reason = reason
    }
}

public enum ChannelsStartResultOutcomeStatus: String, Codable {
    case handedOff = "handed-off"
    case retry = "retry"
    case skipped = "skipped"
}

// MARK: - ChannelsStatusParams
public struct ChannelsStatusParams: Codable {
    public var probe: Bool?
    public var timeoutMs: Int?
    public var channel: String?

    public enum CodingKeys: String, CodingKey {
        case probe
        case timeoutMs
        case channel
    }

    public init(probe: Bool? = nil, timeoutMs: Int? = nil, channel: String? = nil) {
        self.probe = probe
        self.timeoutMs = timeoutMs
        self.channel = channel
    }
}

// MARK: - ChannelsStatusResult
public struct ChannelsStatusResult: Codable {
    /// Unix milliseconds.
    public var ts: Int
    public var channelOrder: [String]
    public var channelLabels: [String: String]
    public var channelMeta: [ChannelsStatusResultChannelMeta]?
    public var channels: [String: ChannelsStatusResultChannel]
    public var channelAccounts: [String: [ChannelAccount]]
    public var channelDefaultAccountId: [String: String]
    public var partial: Bool?
    public var warnings: [String]?

    public enum CodingKeys: String, CodingKey {
        case ts
        case channelOrder
        case channelLabels
        case channelMeta
        case channels
        case channelAccounts
        case channelDefaultAccountId
        case partial
        case warnings
    }

    public init(ts: Int, channelOrder: [String], channelLabels: [String: String], channelMeta: [ChannelsStatusResultChannelMeta]? = nil, channels: [String: ChannelsStatusResultChannel], channelAccounts: [String: [ChannelAccount]], channelDefaultAccountId: [String: String], partial: Bool? = nil, warnings: [String]? = nil) {
        self.ts = ts
        self.channelOrder = channelOrder
        self.channelLabels = channelLabels
        self.channelMeta = channelMeta
        self.channels = channels
        self.channelAccounts = channelAccounts
        self.channelDefaultAccountId = channelDefaultAccountId
        self.partial = partial
        self.warnings = warnings
    }
}

// MARK: - ChannelsStatusResultChannelMeta
public struct ChannelsStatusResultChannelMeta: Codable {
    public var id: String
    public var label: String
    public var detailLabel: String

    public enum CodingKeys: String, CodingKey {
        case id
        case label
        case detailLabel
    }

    public init(id: String, label: String, detailLabel: String) {
        self.id = id
        self.label = label
        self.detailLabel = detailLabel
    }
}

// MARK: - ChannelsStatusResultChannel
public struct ChannelsStatusResultChannel: Codable {
    public var configured: Bool
    public var lastError: String?

    public enum CodingKeys: String, CodingKey {
        case configured
        case lastError
    }

    public init(configured: Bool, lastError: String? = nil) {
        self.configured = configured
        self.lastError = lastError
    }
}

/// `accountId`: default the channel's default account.
// MARK: - ChannelsStopParams
public struct ChannelsStopParams: Codable {
    public var channel: String
    public var accountId: String?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
    }

    public init(channel: String, accountId: String? = nil) {
        self.channel = channel
        self.accountId = accountId
    }
}

// MARK: - ChannelsStopResult
public struct ChannelsStopResult: Codable {
    public var channel: String
    public var accountId: String
    public var stopped: Bool

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case stopped
    }

    public init(channel: String, accountId: String, stopped: Bool) {
        self.channel = channel
        self.accountId = accountId
        self.stopped = stopped
    }
}

// MARK: - ChatAbortParams
public struct ChatAbortParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var sessionKey: String
    public var agentId: String?
    public var runId: String?

    public enum CodingKeys: String, CodingKey {
        case sessionKey
        case agentId
        case runId
    }

    public init(sessionKey: String, agentId: String? = nil, runId: String? = nil) {
        self.sessionKey = sessionKey
        self.agentId = agentId
        self.runId = runId
    }
}

// MARK: - ChatAbortResult
public struct ChatAbortResult: Codable {
    public var ok: Bool
    public var aborted: Bool
    public var runIds: [String]

    public enum CodingKeys: String, CodingKey {
        case ok
        case aborted
        case runIds
    }

    public init(ok: Bool, aborted: Bool, runIds: [String]) {
        self.ok = ok
        self.aborted = aborted
        self.runIds = runIds
    }
}

/// Told apart by `state`.
// MARK: - ChatEvent
public struct ChatEvent: Codable {
    public var runId: String
    public var sessionKey: String
    public var agentId: String?
    /// Counts within the run; not the frame's `seq`.
    public var seq: Int
    public var state: ChatEventState
    public var phase: ChatEventStatusPhase?
    public var deltaText: String?
    public var replace: Bool?
    public var message: ChatMessage?
    public var usage: RunUsage?
    public var stopReason: String?
    public var errorMessage: String?
    public var errorKind: ChatEventErrorErrorKind?

    public enum CodingKeys: String, CodingKey {
        case runId
        case sessionKey
        case agentId
        case seq
        case state
        case phase
        case deltaText
        case replace
        case message
        case usage
        case stopReason
        case errorMessage
        case errorKind
    }

    public init(runId: String, sessionKey: String, agentId: String? = nil, seq: Int, state: ChatEventState, phase: ChatEventStatusPhase? = nil, deltaText: String? = nil, replace: Bool? = nil, message: ChatMessage? = nil, usage: RunUsage? = nil, stopReason: String? = nil, errorMessage: String? = nil, errorKind: ChatEventErrorErrorKind? = nil) {
        self.runId = runId
        self.sessionKey = sessionKey
        self.agentId = agentId
        self.seq = seq
        self.state = state
        self.phase = phase
        self.deltaText = deltaText
        self.replace = replace
        self.message = message
        self.usage = usage
        self.stopReason = stopReason
        self.errorMessage = errorMessage
        self.errorKind = errorKind
    }
}

public enum ChatEventErrorErrorKind: String, Codable {
    case contextLength = "context_length"
    case rateLimit = "rate_limit"
    case refusal = "refusal"
    case timeout = "timeout"
    case unknown = "unknown"
}

// MARK: - ChatMessage
public struct ChatMessage: Codable {
    public var role: ChatMessageRole
    public var content: [MessagePart]
    /// Unix milliseconds.
    public var timestamp: Int
    public var sender: String?
    public var runId: String?
    /// The answer is not whole: stopped or broken off.
    public var partial: Bool?
    public var openclaw: ChatMessageOpenclaw?

    public enum CodingKeys: String, CodingKey {
        case role
        case content
        case timestamp
        case sender
        case runId
        case partial
        case openclaw
    }

    public init(role: ChatMessageRole, content: [MessagePart], timestamp: Int, sender: String? = nil, runId: String? = nil, partial: Bool? = nil, openclaw: ChatMessageOpenclaw? = nil) {
        self.role = role
        self.content = content
        self.timestamp = timestamp
        self.sender = sender
        self.runId = runId
        self.partial = partial
        self.openclaw = openclaw
    }
}

/// A piece of a message. Clients skip kinds they do not know.
// MARK: - MessagePart
public struct MessagePart: Codable {
    public var type: MessagePartType
    public var text: String?
    public var thinking: String?
    public var mimeType: String?
    public var fileName: String?
    public var sizeBytes: Int?
    public var blob: String?
    public var url: String?
    public var controls: [[JSONAny]]?

    public enum CodingKeys: String, CodingKey {
        case type
        case text
        case thinking
        case mimeType
        case fileName
        case sizeBytes
        case blob
        case url
        case controls
    }

    public init(type: MessagePartType, text: String? = nil, thinking: String? = nil, mimeType: String? = nil, fileName: String? = nil, sizeBytes: Int? = nil, blob: String? = nil, url: String? = nil, controls: [[JSONAny]]? = nil) {
        self.type = type
        self.text = text
        self.thinking = thinking
        self.mimeType = mimeType
        self.fileName = fileName
        self.sizeBytes = sizeBytes
        self.blob = blob
        self.url = url
        self.controls = controls
    }
}

public enum MessagePartType: String, Codable {
    case audio = "audio"
    case controls = "controls"
    case document = "document"
    case image = "image"
    case sticker = "sticker"
    case text = "text"
    case thinking = "thinking"
    case video = "video"
    case voice = "voice"
}

// MARK: - ChatMessageOpenclaw
public struct ChatMessageOpenclaw: Codable {
    public var id: String
    /// Grows within a session.
    public var seq: Int
    public var kind: String?

    public enum CodingKeys: String, CodingKey {
        case id
        case seq
        case kind
    }

    public init(id: String, seq: Int, kind: String? = nil) {
        self.id = id
        self.seq = seq
        self.kind = kind
    }
}

/// `note`: something nobody said, e.g. an edit or a failure.
public enum ChatMessageRole: String, Codable {
    case assistant = "assistant"
    case note = "note"
    case system = "system"
    case user = "user"
}

public enum ChatEventStatusPhase: String, Codable {
    case preparingContext = "preparing_context"
    case startingModel = "starting_model"
}

public enum ChatEventState: String, Codable {
    case aborted = "aborted"
    case chatEventStateFinal = "final"
    case delta = "delta"
    case error = "error"
    case status = "status"
}

/// What the model counted.
// MARK: - RunUsage
public struct RunUsage: Codable {
    public var model: String?
    public var inputTokens: Int?
    public var outputTokens: Int?

    public enum CodingKeys: String, CodingKey {
        case model
        case inputTokens
        case outputTokens
    }

    public init(model: String? = nil, inputTokens: Int? = nil, outputTokens: Int? = nil) {
        self.model = model
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }
}

// MARK: - ChatHistoryParams
public struct ChatHistoryParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var sessionKey: String
    public var agentId: String?
    public var sessionId: String?
    public var limit: Int?
    public var maxChars: Int?
    /// Of all messages as JSON; older ones are left out. Default 6 MiB.
    public var maxBytes: Int?
    public var offset: Int?
    /// Only messages with a smaller `__openclaw.seq`.
    public var before: Int?
    public var cursor: String?

    public enum CodingKeys: String, CodingKey {
        case sessionKey
        case agentId
        case sessionId
        case limit
        case maxChars
        case maxBytes
        case offset
        case before
        case cursor
    }

    public init(sessionKey: String, agentId: String? = nil, sessionId: String? = nil, limit: Int? = nil, maxChars: Int? = nil, maxBytes: Int? = nil, offset: Int? = nil, before: Int? = nil, cursor: String? = nil) {
        self.sessionKey = sessionKey
        self.agentId = agentId
        self.sessionId = sessionId
        self.limit = limit
        self.maxChars = maxChars
        self.maxBytes = maxBytes
        self.offset = offset
        self.before = before
        self.cursor = cursor
    }
}

// MARK: - ChatHistoryResult
public struct ChatHistoryResult: Codable {
    public var sessionKey: String?
    public var sessionId: String?
    public var messages: JSONAny?
    public var pendingInputs: JSONAny?
    public var offset: Int?
    public var nextOffset: Int?
    public var hasMore: Bool?
    public var totalMessages: Int?
    /// Give it as `cursor` to read only what is said from now on. Only with the newest messages.
    public var deltaCursor: String?
    /// Everything there is, at its whole length.
    public var completeSnapshot: Bool?
    public var defaults: ChatHistoryResult1Defaults?
    public var sessionInfo: SessionRow?
    public var thinkingLevel: String?
    public var inFlightRun: JSONAny?
    public var kind: ChatHistoryResultKind?

    public enum CodingKeys: String, CodingKey {
        case sessionKey
        case sessionId
        case messages
        case pendingInputs
        case offset
        case nextOffset
        case hasMore
        case totalMessages
        case deltaCursor
        case completeSnapshot
        case defaults
        case sessionInfo
        case thinkingLevel
        case inFlightRun
        case kind
    }

    public init(sessionKey: String? = nil, sessionId: String? = nil, messages: JSONAny? = nil, pendingInputs: JSONAny? = nil, offset: Int? = nil, nextOffset: Int? = nil, hasMore: Bool? = nil, totalMessages: Int? = nil, deltaCursor: String? = nil, completeSnapshot: Bool? = nil, defaults: ChatHistoryResult1Defaults? = nil, sessionInfo: SessionRow? = nil, thinkingLevel: String? = nil, inFlightRun: JSONAny? = nil, kind: ChatHistoryResultKind? = nil) {
        self.sessionKey = sessionKey
        self.sessionId = sessionId
        self.messages = messages
        self.pendingInputs = pendingInputs
        self.offset = offset
        self.nextOffset = nextOffset
        self.hasMore = hasMore
        self.totalMessages = totalMessages
        self.deltaCursor = deltaCursor
        self.completeSnapshot = completeSnapshot
        self.defaults = defaults
        self.sessionInfo = sessionInfo
        self.thinkingLevel = thinkingLevel
        self.inFlightRun = inFlightRun
        self.kind = kind
    }
}

/// What holds for sessions of this agent in which nobody chose otherwise.
// MARK: - ChatHistoryResult1Defaults
public struct ChatHistoryResult1Defaults: Codable {
    public var modelProvider: String
    public var model: String?
    public var contextTokens: Int

    public enum CodingKeys: String, CodingKey {
        case modelProvider
        case model
        case contextTokens
    }

    public init(modelProvider: String, model: String? = nil, contextTokens: Int) {
        self.modelProvider = modelProvider
        self.model = model
        self.contextTokens = contextTokens
    }
}

public enum ChatHistoryResultKind: String, Codable {
    case delta = "delta"
    case reset = "reset"
}

/// Open: later fields may come.
// MARK: - SessionRow
public struct SessionRow: Codable {
    public var key: String
    public var sessionId: String?
    public var kind: SessionRowKind
    public var chatType: SessionRowChatType?
    public var displayName: String?
    /// What an operator calls it.
    public var label: String?
    public var lastMessagePreview: String?
    public var channel: String?
    public var accountId: String?
    public var agentId: String?
    public var updatedAt: Int?
    /// Unix milliseconds.
    public var lastActivityAt: Int?
    /// Unix milliseconds.
    public var createdAt: Int?
    public var hasActiveRun: Bool?
    public var activeRunIds: [String]?
    /// What is in force; the levels only where somebody chose them.
    public var model: String?
    public var modelProvider: String?
    public var thinkingLevel: String?
    public var verbosity: String?
    public var reasoningLevel: String?
    /// Entries of the transcript.
    public var entries: Int?

    public enum CodingKeys: String, CodingKey {
        case key
        case sessionId
        case kind
        case chatType
        case displayName
        case label
        case lastMessagePreview
        case channel
        case accountId
        case agentId
        case updatedAt
        case lastActivityAt
        case createdAt
        case hasActiveRun
        case activeRunIds
        case model
        case modelProvider
        case thinkingLevel
        case verbosity
        case reasoningLevel
        case entries
    }

    public init(key: String, sessionId: String? = nil, kind: SessionRowKind, chatType: SessionRowChatType? = nil, displayName: String? = nil, label: String? = nil, lastMessagePreview: String? = nil, channel: String? = nil, accountId: String? = nil, agentId: String? = nil, updatedAt: Int? = nil, lastActivityAt: Int? = nil, createdAt: Int? = nil, hasActiveRun: Bool? = nil, activeRunIds: [String]? = nil, model: String? = nil, modelProvider: String? = nil, thinkingLevel: String? = nil, verbosity: String? = nil, reasoningLevel: String? = nil, entries: Int? = nil) {
        self.key = key
        self.sessionId = sessionId
        self.kind = kind
        self.chatType = chatType
        self.displayName = displayName
        self.label = label
        self.lastMessagePreview = lastMessagePreview
        self.channel = channel
        self.accountId = accountId
        self.agentId = agentId
        self.updatedAt = updatedAt
        self.lastActivityAt = lastActivityAt
        self.createdAt = createdAt
        self.hasActiveRun = hasActiveRun
        self.activeRunIds = activeRunIds
        self.model = model
        self.modelProvider = modelProvider
        self.thinkingLevel = thinkingLevel
        self.verbosity = verbosity
        self.reasoningLevel = reasoningLevel
        self.entries = entries
    }
}

public enum SessionRowChatType: String, Codable {
    case channel = "channel"
    case direct = "direct"
    case group = "group"
}

public enum SessionRowKind: String, Codable {
    case direct = "direct"
    case global = "global"
    case group = "group"
    case unknown = "unknown"
}

// MARK: - ChatInjectParams
public struct ChatInjectParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var sessionKey: String
    public var agentId: String?
    public var message: String
    public var label: String?

    public enum CodingKeys: String, CodingKey {
        case sessionKey
        case agentId
        case message
        case label
    }

    public init(sessionKey: String, agentId: String? = nil, message: String, label: String? = nil) {
        self.sessionKey = sessionKey
        self.agentId = agentId
        self.message = message
        self.label = label
    }
}

// MARK: - ChatInjectResult
public struct ChatInjectResult: Codable {
    public var ok: Bool
    public var messageId: String

    public enum CodingKeys: String, CodingKey {
        case ok
        case messageId
    }

    public init(ok: Bool, messageId: String) {
        self.ok = ok
        self.messageId = messageId
    }
}

// MARK: - ChatMessageGetParams
public struct ChatMessageGetParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var sessionKey: String
    public var agentId: String?
    public var messageId: String
    /// Default 500000.
    public var maxChars: Int?

    public enum CodingKeys: String, CodingKey {
        case sessionKey
        case agentId
        case messageId
        case maxChars
    }

    public init(sessionKey: String, agentId: String? = nil, messageId: String, maxChars: Int? = nil) {
        self.sessionKey = sessionKey
        self.agentId = agentId
        self.messageId = messageId
        self.maxChars = maxChars
    }
}

// MARK: - ChatMessageGetResult
public struct ChatMessageGetResult: Codable {
    public var ok: Bool
    public var message: ChatMessage?
    public var unavailableReason: ChatMessageGetResultUnavailableReason?

    public enum CodingKeys: String, CodingKey {
        case ok
        case message
        case unavailableReason
    }

    public init(ok: Bool, message: ChatMessage? = nil, unavailableReason: ChatMessageGetResultUnavailableReason? = nil) {
        self.ok = ok
        self.message = message
        self.unavailableReason = unavailableReason
    }
}

public enum ChatMessageGetResultUnavailableReason: String, Codable {
    case notFound = "not_found"
    case oversized = "oversized"
}

// MARK: - ChatMetadataParams
public struct ChatMetadataParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var sessionKey: String?
    public var agentId: String?

    public enum CodingKeys: String, CodingKey {
        case sessionKey
        case agentId
    }

    public init(sessionKey: String? = nil, agentId: String? = nil) {
        self.sessionKey = sessionKey
        self.agentId = agentId
    }
}

// MARK: - ChatMetadataResult
public struct ChatMetadataResult: Codable {
    public var commands: [CommandEntry]
    public var models: [ModelChoice]
    public var agentId: String

    public enum CodingKeys: String, CodingKey {
        case commands
        case models
        case agentId
    }

    public init(commands: [CommandEntry], models: [ModelChoice], agentId: String) {
        self.commands = commands
        self.models = models
        self.agentId = agentId
    }
}

/// A chat command.
// MARK: - CommandEntry
public struct CommandEntry: Codable {
    public var name: String
    public var nativeName: String?
    public var textAliases: [String]?
    public var description: String
    public var source: String
    public var acceptsArgs: Bool
    public var scope: String
    public var category: CommandEntryCategory?

    public enum CodingKeys: String, CodingKey {
        case name
        case nativeName
        case textAliases
        case description
        case source
        case acceptsArgs
        case scope
        case category
    }

    public init(name: String, nativeName: String? = nil, textAliases: [String]? = nil, description: String, source: String, acceptsArgs: Bool, scope: String, category: CommandEntryCategory? = nil) {
        self.name = name
        self.nativeName = nativeName
        self.textAliases = textAliases
        self.description = description
        self.source = source
        self.acceptsArgs = acceptsArgs
        self.scope = scope
        self.category = category
    }
}

public enum CommandEntryCategory: String, Codable {
    case management = "management"
    case options = "options"
    case session = "session"
    case status = "status"
}

// MARK: - ModelChoice
public struct ModelChoice: Codable {
    public var id: String
    public var name: String
    public var provider: String
    public var contextWindow: Int?

    public enum CodingKeys: String, CodingKey {
        case id
        case name
        case provider
        case contextWindow
    }

    public init(id: String, name: String, provider: String, contextWindow: Int? = nil) {
        self.id = id
        self.name = name
        self.provider = provider
        self.contextWindow = contextWindow
    }
}

// MARK: - ChatSendParams
public struct ChatSendParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var sessionKey: String
    public var message: String
    public var idempotencyKey: String
    public var agentId: String?
    /// The session must still be of this id, if it is there.
    public var sessionId: String?
    public var thinking: String?
    public var queueMode: QueueMode?
    /// Also send the answer to the session's own conversation.
    public var deliver: Bool?
    public var attachments: [ChatAttachment]?
    public var timeoutMs: Int?
    public var suppressCommandInterpretation: Bool?

    public enum CodingKeys: String, CodingKey {
        case sessionKey
        case message
        case idempotencyKey
        case agentId
        case sessionId
        case thinking
        case queueMode
        case deliver
        case attachments
        case timeoutMs
        case suppressCommandInterpretation
    }

    public init(sessionKey: String, message: String, idempotencyKey: String, agentId: String? = nil, sessionId: String? = nil, thinking: String? = nil, queueMode: QueueMode? = nil, deliver: Bool? = nil, attachments: [ChatAttachment]? = nil, timeoutMs: Int? = nil, suppressCommandInterpretation: Bool? = nil) {
        self.sessionKey = sessionKey
        self.message = message
        self.idempotencyKey = idempotencyKey
        self.agentId = agentId
        self.sessionId = sessionId
        self.thinking = thinking
        self.queueMode = queueMode
        self.deliver = deliver
        self.attachments = attachments
        self.timeoutMs = timeoutMs
        self.suppressCommandInterpretation = suppressCommandInterpretation
    }
}

public enum QueueMode: String, Codable {
    case collect = "collect"
    case followup = "followup"
    case interrupt = "interrupt"
    case steer = "steer"
}

/// What became of a message for an agent.
// MARK: - ChatSendResult
public struct ChatSendResult: Codable {
    public var runId: String
    public var status: ChatSendResultStatus
    /// The message's `__openclaw.seq`: known when its run has ended, so only a repetition is
    /// told.
    public var messageSeq: Int?
    /// An answer that was being written was stopped for it.
    public var interruptedActiveRun: Bool?
    public var summary: String?
    public var stopReason: String?
    /// Unix milliseconds.
    public var endedAt: Int?

    public enum CodingKeys: String, CodingKey {
        case runId
        case status
        case messageSeq
        case interruptedActiveRun
        case summary
        case stopReason
        case endedAt
    }

    public init(runId: String, status: ChatSendResultStatus, messageSeq: Int? = nil, interruptedActiveRun: Bool? = nil, summary: String? = nil, stopReason: String? = nil, endedAt: Int? = nil) {
        self.runId = runId
        self.status = status
        self.messageSeq = messageSeq
        self.interruptedActiveRun = interruptedActiveRun
        self.summary = summary
        self.stopReason = stopReason
        self.endedAt = endedAt
    }
}

/// `ok`: it has ended. `timeout` with `summary: "aborted"`: it was stopped.
public enum ChatSendResultStatus: String, Codable {
    case inFlight = "in_flight"
    case ok = "ok"
    case started = "started"
    case timeout = "timeout"
}

// MARK: - ChatStartupParams
public struct ChatStartupParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var sessionKey: String
    public var agentId: String?
    public var sessionId: String?
    public var limit: Int?
    public var maxChars: Int?
    /// Of all messages as JSON; older ones are left out. Default 6 MiB.
    public var maxBytes: Int?
    public var offset: Int?
    /// Only messages with a smaller `__openclaw.seq`.
    public var before: Int?

    public enum CodingKeys: String, CodingKey {
        case sessionKey
        case agentId
        case sessionId
        case limit
        case maxChars
        case maxBytes
        case offset
        case before
    }

    public init(sessionKey: String, agentId: String? = nil, sessionId: String? = nil, limit: Int? = nil, maxChars: Int? = nil, maxBytes: Int? = nil, offset: Int? = nil, before: Int? = nil) {
        self.sessionKey = sessionKey
        self.agentId = agentId
        self.sessionId = sessionId
        self.limit = limit
        self.maxChars = maxChars
        self.maxBytes = maxBytes
        self.offset = offset
        self.before = before
    }
}

// MARK: - ChatStartupResult
public struct ChatStartupResult: Codable {
    public var sessionKey: String
    public var sessionId: String
    public var messages: [ChatMessage]
    public var pendingInputs: ChatStartupResultPendingInputs
    public var offset: Int?
    public var nextOffset: Int?
    public var hasMore: Bool?
    public var totalMessages: Int?
    /// Give it as `cursor` to read only what is said from now on. Only with the newest messages.
    public var deltaCursor: String?
    /// Everything there is, at its whole length.
    public var completeSnapshot: Bool?
    public var defaults: ChatStartupResultDefaults
    public var sessionInfo: SessionRow?
    public var thinkingLevel: String?
    public var inFlightRun: ChatStartupResultInFlightRun?
    public var agentsList: AgentsList
    public var metadata: ChatStartupResultMetadata

    public enum CodingKeys: String, CodingKey {
        case sessionKey
        case sessionId
        case messages
        case pendingInputs
        case offset
        case nextOffset
        case hasMore
        case totalMessages
        case deltaCursor
        case completeSnapshot
        case defaults
        case sessionInfo
        case thinkingLevel
        case inFlightRun
        case agentsList
        case metadata
    }

    public init(sessionKey: String, sessionId: String, messages: [ChatMessage], pendingInputs: ChatStartupResultPendingInputs, offset: Int? = nil, nextOffset: Int? = nil, hasMore: Bool? = nil, totalMessages: Int? = nil, deltaCursor: String? = nil, completeSnapshot: Bool? = nil, defaults: ChatStartupResultDefaults, sessionInfo: SessionRow? = nil, thinkingLevel: String? = nil, inFlightRun: ChatStartupResultInFlightRun? = nil, agentsList: AgentsList, metadata: ChatStartupResultMetadata) {
        self.sessionKey = sessionKey
        self.sessionId = sessionId
        self.messages = messages
        self.pendingInputs = pendingInputs
        self.offset = offset
        self.nextOffset = nextOffset
        self.hasMore = hasMore
        self.totalMessages = totalMessages
        self.deltaCursor = deltaCursor
        self.completeSnapshot = completeSnapshot
        self.defaults = defaults
        self.sessionInfo = sessionInfo
        self.thinkingLevel = thinkingLevel
        self.inFlightRun = inFlightRun
        self.agentsList = agentsList
        self.metadata = metadata
    }
}

/// What holds for sessions of this agent in which nobody chose otherwise.
// MARK: - ChatStartupResultDefaults
public struct ChatStartupResultDefaults: Codable {
    public var modelProvider: String
    public var model: String?
    public var contextTokens: Int

    public enum CodingKeys: String, CodingKey {
        case modelProvider
        case model
        case contextTokens
    }

    public init(modelProvider: String, model: String? = nil, contextTokens: Int) {
        self.modelProvider = modelProvider
        self.model = model
        self.contextTokens = contextTokens
    }
}

/// The answer that is being written: show it, then follow its `chat` events.
// MARK: - ChatStartupResultInFlightRun
public struct ChatStartupResultInFlightRun: Codable {
    public var runId: String
    public var text: String

    public enum CodingKeys: String, CodingKey {
        case runId
        case text
    }

    public init(runId: String, text: String) {
        self.runId = runId
        self.text = text
    }
}

/// What a chat needs besides its messages: what can be typed and chosen there.
// MARK: - ChatStartupResultMetadata
public struct ChatStartupResultMetadata: Codable {
    public var commands: [CommandEntry]
    public var models: [ModelChoice]

    public enum CodingKeys: String, CodingKey {
        case commands
        case models
    }

    public init(commands: [CommandEntry], models: [ModelChoice]) {
        self.commands = commands
        self.models = models
    }
}

// MARK: - ChatStartupResultPendingInputs
public struct ChatStartupResultPendingInputs: Codable {
    public var items: [ChatStartupResultPendingInputsItem]
    public var total: Int

    public enum CodingKeys: String, CodingKey {
        case items
        case total
    }

    public init(items: [ChatStartupResultPendingInputsItem], total: Int) {
        self.items = items
        self.total = total
    }
}

// MARK: - ChatStartupResultPendingInputsItem
public struct ChatStartupResultPendingInputsItem: Codable {
    public var id: String
    public var runId: String?
    public var message: JSONAny
    /// Unix milliseconds.
    public var acceptedAt: Int
    public var state: ChatStartupResultPendingInputsItemState

    public enum CodingKeys: String, CodingKey {
        case id
        case runId
        case message
        case acceptedAt
        case state
    }

    public init(id: String, runId: String? = nil, message: JSONAny, acceptedAt: Int, state: ChatStartupResultPendingInputsItemState) {
        self.id = id
        self.runId = runId
        self.message = message
        self.acceptedAt = acceptedAt
        self.state = state
    }
}

public enum ChatStartupResultPendingInputsItemState: String, Codable {
    case cancelled = "cancelled"
    case interrupted = "interrupted"
    case queued = "queued"
}

/// What a client says of itself. None of it is proof.
// MARK: - ClientInfo
public struct ClientInfo: Codable {
    /// Which program it is, e.g. `cli`.
    public var id: String
    public var version: String
    /// The operating system, e.g. `macos 15.1`. A paired device that names another one needs to
    /// be approved again.
    public var platform: String
    public var mode: ClientMode
    /// For people.
    public var displayName: String?
    public var buildId: String?
    /// E.g. `iPhone`. A paired device that names another one needs to be approved again.
    public var deviceFamily: String?
    public var modelIdentifier: String?
    /// As in the time zone database, e.g. `Europe/Vienna`.
    public var timeZone: String?
    /// Tells several of the same program on one machine apart.
    public var instanceId: String?

    public enum CodingKeys: String, CodingKey {
        case id
        case version
        case platform
        case mode
        case displayName
        case buildId
        case deviceFamily
        case modelIdentifier
        case timeZone
        case instanceId
    }

    public init(id: String, version: String, platform: String, mode: ClientMode, displayName: String? = nil, buildId: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, timeZone: String? = nil, instanceId: String? = nil) {
        self.id = id
        self.version = version
        self.platform = platform
        self.mode = mode
        self.displayName = displayName
        self.buildId = buildId
        self.deviceFamily = deviceFamily
        self.modelIdentifier = modelIdentifier
        self.timeZone = timeZone
        self.instanceId = instanceId
    }
}

public enum ClientMode: String, Codable {
    case backend = "backend"
    case cli = "cli"
    case node = "node"
    case probe = "probe"
    case test = "test"
    case ui = "ui"
    case webchat = "webchat"
    case worker = "worker"
}

// MARK: - CommandsListParams
public struct CommandsListParams: Codable {
    public var sessionKey: String?
    public var agentId: String?
    public var provider: String?
    public var scope: CommandsListParamsScope?
    public var includeArgs: Bool?

    public enum CodingKeys: String, CodingKey {
        case sessionKey
        case agentId
        case provider
        case scope
        case includeArgs
    }

    public init(sessionKey: String? = nil, agentId: String? = nil, provider: String? = nil, scope: CommandsListParamsScope? = nil, includeArgs: Bool? = nil) {
        self.sessionKey = sessionKey
        self.agentId = agentId
        self.provider = provider
        self.scope = scope
        self.includeArgs = includeArgs
    }
}

public enum CommandsListParamsScope: String, Codable {
    case both = "both"
    case native = "native"
    case text = "text"
}

// MARK: - CommandsListResult
public struct CommandsListResult: Codable {
    public var commands: [CommandsListResultCommand]

    public enum CodingKeys: String, CodingKey {
        case commands
    }

    public init(commands: [CommandsListResultCommand]) {
        self.commands = commands
    }
}

// MARK: - CommandsListResultCommand
public struct CommandsListResultCommand: Codable {
    public var name: String
    public var nativeName: String?
    public var textAliases: [String]?
    public var description: String
    public var source: String
    public var acceptsArgs: Bool
    public var scope: CommandsListParamsScope
    public var args: [CommandsListResultCommandArg]?

    public enum CodingKeys: String, CodingKey {
        case name
        case nativeName
        case textAliases
        case description
        case source
        case acceptsArgs
        case scope
        case args
    }

    public init(name: String, nativeName: String? = nil, textAliases: [String]? = nil, description: String, source: String, acceptsArgs: Bool, scope: CommandsListParamsScope, args: [CommandsListResultCommandArg]? = nil) {
        self.name = name
        self.nativeName = nativeName
        self.textAliases = textAliases
        self.description = description
        self.source = source
        self.acceptsArgs = acceptsArgs
        self.scope = scope
        self.args = args
    }
}

// MARK: - CommandsListResultCommandArg
public struct CommandsListResultCommandArg: Codable {
    public var name: String
    public var description: String
    public var type: CommandsListResultCommandArgType
    public var commandsListResultCommandArgRequired: Bool?

    public enum CodingKeys: String, CodingKey {
        case name
        case description
        case type
        case commandsListResultCommandArgRequired
    }

    public init(name: String, description: String, type: CommandsListResultCommandArgType, commandsListResultCommandArgRequired: Bool? = nil) {
        self.name = name
        self.description = description
        self.type = type
        self.commandsListResultCommandArgRequired = commandsListResultCommandArgRequired
    }
}

public enum CommandsListResultCommandArgType: String, Codable {
    case boolean = "boolean"
    case number = "number"
    case string = "string"
}

// MARK: - ConfigApplyParams
public struct ConfigApplyParams: Codable {
    /// JSON text; refused when it is larger.
    public var raw: String
    /// `hash` of `config.get`: somebody else's change in between is an error.
    public var baseHash: String?

    public enum CodingKeys: String, CodingKey {
        case raw
        case baseHash
    }

    public init(raw: String, baseHash: String? = nil) {
        self.raw = raw
        self.baseHash = baseHash
    }
}

/// What a change did. `config`: the file's content now. What is not named in `restart.paths`
/// counts already; a path is dotted, as deep as changes are told apart.
// MARK: - ConfigApplyResult
public struct ConfigApplyResult: Codable {
    public var ok: Bool
    public var path: String?
    public var config: [String: JSONAny]
    public var hash: String
    public var configRevisionHash: String
    /// Nothing was different: nothing was written.
    public var noop: Bool?
    public var applied: [String]
    public var restart: ConfigApplyResultRestart

    public enum CodingKeys: String, CodingKey {
        case ok
        case path
        case config
        case hash
        case configRevisionHash
        case noop
        case applied
        case restart
    }

    public init(ok: Bool, path: String? = nil, config: [String: JSONAny], hash: String, configRevisionHash: String, noop: Bool? = nil, applied: [String], restart: ConfigApplyResultRestart) {
        self.ok = ok
        self.path = path
        self.config = config
        self.hash = hash
        self.configRevisionHash = configRevisionHash
        self.noop = noop
        self.applied = applied
        self.restart = restart
    }
}

// MARK: - ConfigApplyResultRestart
public struct ConfigApplyResultRestart: Codable {
    public var configApplyResultRestartRequired: Bool
    public var paths: [String]

    public enum CodingKeys: String, CodingKey {
        case configApplyResultRestartRequired
        case paths
    }

    public init(configApplyResultRestartRequired: Bool, paths: [String]) {
        self.configApplyResultRestartRequired = configApplyResultRestartRequired
        self.paths = paths
    }
}

// MARK: - ConfigChangedEvent
public struct ConfigChangedEvent: Codable {
    public var path: String
    public var hash: String
    /// Unix milliseconds.
    public var ts: Int

    public enum CodingKeys: String, CodingKey {
        case path
        case hash
        case ts
    }

    public init(path: String, hash: String, ts: Int) {
        self.path = path
        self.hash = hash
        self.ts = ts
    }
}

// MARK: - ConfigGetResult
public struct ConfigGetResult: Codable {
    public var path: String?
    public var exists: Bool
    public var valid: Bool
    /// The file's text, secrets hidden; absent when it is no JSON.
    public var raw: String?
    /// The file's content.
    public var parsed: [String: JSONAny]
    /// With environment and defaults.
    public var config: [String: JSONAny]
    public var issues: [ConfigGetResultIssue]
    /// Of the file's text; changes with it. Says nothing about what is in it.
    public var hash: String
    /// Of the content, however it is written.
    public var configRevisionHash: String
    /// The `configRevisionHash` that is wholly in force; another one while a restart is due.
    public var appliedConfigHash: String

    public enum CodingKeys: String, CodingKey {
        case path
        case exists
        case valid
        case raw
        case parsed
        case config
        case issues
        case hash
        case configRevisionHash
        case appliedConfigHash
    }

    public init(path: String? = nil, exists: Bool, valid: Bool, raw: String? = nil, parsed: [String: JSONAny], config: [String: JSONAny], issues: [ConfigGetResultIssue], hash: String, configRevisionHash: String, appliedConfigHash: String) {
        self.path = path
        self.exists = exists
        self.valid = valid
        self.raw = raw
        self.parsed = parsed
        self.config = config
        self.issues = issues
        self.hash = hash
        self.configRevisionHash = configRevisionHash
        self.appliedConfigHash = appliedConfigHash
    }
}

// MARK: - ConfigGetResultIssue
public struct ConfigGetResultIssue: Codable {
    public var path: String
    public var message: String

    public enum CodingKeys: String, CodingKey {
        case path
        case message
    }

    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

// MARK: - ConfigPatchParams
public struct ConfigPatchParams: Codable {
    /// JSON text; refused when it is larger.
    public var raw: String
    /// `hash` of `config.get`: somebody else's change in between is an error.
    public var baseHash: String?
    public var replacePaths: [String]?

    public enum CodingKeys: String, CodingKey {
        case raw
        case baseHash
        case replacePaths
    }

    public init(raw: String, baseHash: String? = nil, replacePaths: [String]? = nil) {
        self.raw = raw
        self.baseHash = baseHash
        self.replacePaths = replacePaths
    }
}

/// What a change did. `config`: the file's content now. What is not named in `restart.paths`
/// counts already; a path is dotted, as deep as changes are told apart.
// MARK: - ConfigPatchResult
public struct ConfigPatchResult: Codable {
    public var ok: Bool
    public var path: String?
    public var config: [String: JSONAny]
    public var hash: String
    public var configRevisionHash: String
    /// Nothing was different: nothing was written.
    public var noop: Bool?
    public var applied: [String]
    public var restart: ConfigPatchResultRestart

    public enum CodingKeys: String, CodingKey {
        case ok
        case path
        case config
        case hash
        case configRevisionHash
        case noop
        case applied
        case restart
    }

    public init(ok: Bool, path: String? = nil, config: [String: JSONAny], hash: String, configRevisionHash: String, noop: Bool? = nil, applied: [String], restart: ConfigPatchResultRestart) {
        self.ok = ok
        self.path = path
        self.config = config
        self.hash = hash
        self.configRevisionHash = configRevisionHash
        self.noop = noop
        self.applied = applied
        self.restart = restart
    }
}

// MARK: - ConfigPatchResultRestart
public struct ConfigPatchResultRestart: Codable {
    public var configPatchResultRestartRequired: Bool
    public var paths: [String]

    public enum CodingKeys: String, CodingKey {
        case configPatchResultRestartRequired
        case paths
    }

    public init(configPatchResultRestartRequired: Bool, paths: [String]) {
        self.configPatchResultRestartRequired = configPatchResultRestartRequired
        self.paths = paths
    }
}

// MARK: - ConfigSchemaLookupParams
public struct ConfigSchemaLookupParams: Codable {
    public var path: String

    public enum CodingKeys: String, CodingKey {
        case path
    }

    public init(path: String) {
        self.path = path
    }
}

// MARK: - ConfigSchemaLookupResult
public struct ConfigSchemaLookupResult: Codable {
    public var path: String
    public var schema: JSONAny
    public var reloadKind: ConfigSchemaLookupResultReloadKind?
    public var hint: ConfigSchemaLookupResultHint?
    public var hintPath: String?
    public var children: [ConfigSchemaLookupResultChildren]

    public enum CodingKeys: String, CodingKey {
        case path
        case schema
        case reloadKind
        case hint
        case hintPath
        case children
    }

    public init(path: String, schema: JSONAny, reloadKind: ConfigSchemaLookupResultReloadKind? = nil, hint: ConfigSchemaLookupResultHint? = nil, hintPath: String? = nil, children: [ConfigSchemaLookupResultChildren]) {
        self.path = path
        self.schema = schema
        self.reloadKind = reloadKind
        self.hint = hint
        self.hintPath = hintPath
        self.children = children
    }
}

// MARK: - ConfigSchemaLookupResultChildren
public struct ConfigSchemaLookupResultChildren: Codable {
    public var key: String
    public var path: String
    public var type: JSONAny?
    public var configSchemaLookupResultChildrenRequired: Bool
    public var hasChildren: Bool
    public var reloadKind: ConfigSchemaLookupResultReloadKind?
    public var hint: ConfigSchemaLookupResultChildrenHint?
    public var hintPath: String?

    public enum CodingKeys: String, CodingKey {
        case key
        case path
        case type
        case configSchemaLookupResultChildrenRequired
        case hasChildren
        case reloadKind
        case hint
        case hintPath
    }

    public init(key: String, path: String, type: JSONAny? = nil, configSchemaLookupResultChildrenRequired: Bool, hasChildren: Bool, reloadKind: ConfigSchemaLookupResultReloadKind? = nil, hint: ConfigSchemaLookupResultChildrenHint? = nil, hintPath: String? = nil) {
        self.key = key
        self.path = path
        self.type = type
        self.configSchemaLookupResultChildrenRequired = configSchemaLookupResultChildrenRequired
        self.hasChildren = hasChildren
        self.reloadKind = reloadKind
        self.hint = hint
        self.hintPath = hintPath
    }
}

// MARK: - ConfigSchemaLookupResultChildrenHint
public struct ConfigSchemaLookupResultChildrenHint: Codable {
    public var label: String?
    public var help: String?
    public var sensitive: Bool?

    public enum CodingKeys: String, CodingKey {
        case label
        case help
        case sensitive
    }

    public init(label: String? = nil, help: String? = nil, sensitive: Bool? = nil) {
        self.label = label
        self.help = help
        self.sensitive = sensitive
    }
}

public enum ConfigSchemaLookupResultReloadKind: String, Codable {
    case hot = "hot"
    case none = "none"
    case restart = "restart"
}

// MARK: - ConfigSchemaLookupResultHint
public struct ConfigSchemaLookupResultHint: Codable {
    public var label: String?
    public var help: String?
    public var sensitive: Bool?

    public enum CodingKeys: String, CodingKey {
        case label
        case help
        case sensitive
    }

    public init(label: String? = nil, help: String? = nil, sensitive: Bool? = nil) {
        self.label = label
        self.help = help
        self.sensitive = sensitive
    }
}

// MARK: - ConfigSchemaResult
public struct ConfigSchemaResult: Codable {
    /// A JSON Schema.
    public var schema: JSONAny
    /// By dotted path; `*` stands for any name, `[]` for any place in a list.
    public var uiHints: [String: ConfigSchemaResultUiHint]
    public var version: String
    /// ISO 8601.
    public var generatedAt: String

    public enum CodingKeys: String, CodingKey {
        case schema
        case uiHints
        case version
        case generatedAt
    }

    public init(schema: JSONAny, uiHints: [String: ConfigSchemaResultUiHint], version: String, generatedAt: String) {
        self.schema = schema
        self.uiHints = uiHints
        self.version = version
        self.generatedAt = generatedAt
    }
}

// MARK: - ConfigSchemaResultUiHint
public struct ConfigSchemaResultUiHint: Codable {
    public var label: String?
    public var help: String?
    public var sensitive: Bool?

    public enum CodingKeys: String, CodingKey {
        case label
        case help
        case sensitive
    }

    public init(label: String? = nil, help: String? = nil, sensitive: Bool? = nil) {
        self.label = label
        self.help = help
        self.sensitive = sensitive
    }
}

// MARK: - ConfigSetParams
public struct ConfigSetParams: Codable {
    /// JSON text; refused when it is larger.
    public var raw: String
    /// `hash` of `config.get`: somebody else's change in between is an error.
    public var baseHash: String?

    public enum CodingKeys: String, CodingKey {
        case raw
        case baseHash
    }

    public init(raw: String, baseHash: String? = nil) {
        self.raw = raw
        self.baseHash = baseHash
    }
}

/// What a change did. `config`: the file's content now. What is not named in `restart.paths`
/// counts already; a path is dotted, as deep as changes are told apart.
// MARK: - ConfigSetResult
public struct ConfigSetResult: Codable {
    public var ok: Bool
    public var path: String?
    public var config: [String: JSONAny]
    public var hash: String
    public var configRevisionHash: String
    /// Nothing was different: nothing was written.
    public var noop: Bool?
    public var applied: [String]
    public var restart: ConfigSetResultRestart

    public enum CodingKeys: String, CodingKey {
        case ok
        case path
        case config
        case hash
        case configRevisionHash
        case noop
        case applied
        case restart
    }

    public init(ok: Bool, path: String? = nil, config: [String: JSONAny], hash: String, configRevisionHash: String, noop: Bool? = nil, applied: [String], restart: ConfigSetResultRestart) {
        self.ok = ok
        self.path = path
        self.config = config
        self.hash = hash
        self.configRevisionHash = configRevisionHash
        self.noop = noop
        self.applied = applied
        self.restart = restart
    }
}

// MARK: - ConfigSetResultRestart
public struct ConfigSetResultRestart: Codable {
    public var configSetResultRestartRequired: Bool
    public var paths: [String]

    public enum CodingKeys: String, CodingKey {
        case configSetResultRestartRequired
        case paths
    }

    public init(configSetResultRestartRequired: Bool, paths: [String]) {
        self.configSetResultRestartRequired = configSetResultRestartRequired
        self.paths = paths
    }
}

// MARK: - ConfigValidateParams
public struct ConfigValidateParams: Codable {
    public var raw: String

    public enum CodingKeys: String, CodingKey {
        case raw
    }

    public init(raw: String) {
        self.raw = raw
    }
}

// MARK: - ConfigValidateResult
public struct ConfigValidateResult: Codable {
    public var valid: Bool
    public var issues: [ConfigValidateResultIssue]

    public enum CodingKeys: String, CodingKey {
        case valid
        case issues
    }

    public init(valid: Bool, issues: [ConfigValidateResultIssue]) {
        self.valid = valid
        self.issues = issues
    }
}

// MARK: - ConfigValidateResultIssue
public struct ConfigValidateResultIssue: Codable {
    public var path: String
    public var message: String

    public enum CodingKeys: String, CodingKey {
        case path
        case message
    }

    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

/// At most one secret is needed.
// MARK: - ConnectAuth
public struct ConnectAuth: Codable {
    /// The gateway's shared token.
    public var token: String?
    /// The gateway's shared password.
    public var password: String?
    /// What an earlier `hello-ok` gave this device.
    public var deviceToken: String?
    /// What a setup code carries. Good once.
    public var bootstrapToken: String?

    public enum CodingKeys: String, CodingKey {
        case token
        case password
        case deviceToken
        case bootstrapToken
    }

    public init(token: String? = nil, password: String? = nil, deviceToken: String? = nil, bootstrapToken: String? = nil) {
        self.token = token
        self.password = password
        self.deviceToken = deviceToken
        self.bootstrapToken = bootstrapToken
    }
}

// MARK: - ConnectParams
public struct ConnectParams: Codable {
    /// The oldest and the newest version of the protocol that the client speaks.
    public var minProtocol: Int
    public var maxProtocol: Int
    public var client: ClientInfo
    /// `operator` or `node`. Default `operator`.
    public var role: String?
    /// What the client wants to do; what it may do stands in the answer. Default: nothing.
    public var scopes: [String]?
    /// What the client understands, e.g. `tool-events`; of a node, what kinds of things it
    /// offers.
    public var caps: [String]?
    /// Of a node: the commands it offers.
    public var commands: [String]?
    /// Of a node: what its user or its system allows.
    public var permissions: [String: Bool]?
    /// Of a node: its search path for programs.
    public var pathEnv: String?
    public var device: DeviceProof?
    public var auth: ConnectAuth?
    public var locale: String?
    public var userAgent: String?

    public enum CodingKeys: String, CodingKey {
        case minProtocol
        case maxProtocol
        case client
        case role
        case scopes
        case caps
        case commands
        case permissions
        case pathEnv
        case device
        case auth
        case locale
        case userAgent
    }

    public init(minProtocol: Int, maxProtocol: Int, client: ClientInfo, role: String? = nil, scopes: [String]? = nil, caps: [String]? = nil, commands: [String]? = nil, permissions: [String: Bool]? = nil, pathEnv: String? = nil, device: DeviceProof? = nil, auth: ConnectAuth? = nil, locale: String? = nil, userAgent: String? = nil) {
        self.minProtocol = minProtocol
        self.maxProtocol = maxProtocol
        self.client = client
        self.role = role
        self.scopes = scopes
        self.caps = caps
        self.commands = commands
        self.permissions = permissions
        self.pathEnv = pathEnv
        self.device = device
        self.auth = auth
        self.locale = locale
        self.userAgent = userAgent
    }
}

/// A device's proof: see `deviceClaimV3` for what the signature covers.
// MARK: - DeviceProof
public struct DeviceProof: Codable {
    /// Lower-case hex SHA-256 of the raw public key.
    public var id: String
    /// The 32 raw Ed25519 bytes, base64url; standard base64 and PEM are read too.
    public var publicKey: String
    /// Base64url of the 64 bytes.
    public var signature: String
    /// Unix milliseconds, as signed.
    public var signedAt: Int
    /// The challenge's.
    public var nonce: String

    public enum CodingKeys: String, CodingKey {
        case id
        case publicKey
        case signature
        case signedAt
        case nonce
    }

    public init(id: String, publicKey: String, signature: String, signedAt: Int, nonce: String) {
        self.id = id
        self.publicKey = publicKey
        self.signature = signature
        self.signedAt = signedAt
        self.nonce = nonce
    }
}

// MARK: - CronListParams
public struct CronListParams: Codable {
    public var limit: Int?
    public var offset: Int?

    public enum CodingKeys: String, CodingKey {
        case limit
        case offset
    }

    public init(limit: Int? = nil, offset: Int? = nil) {
        self.limit = limit
        self.offset = offset
    }
}

// MARK: - CronListResult
public struct CronListResult: Codable {
    public var jobs: [JSONAny]
    /// Changes with the list: never, since it stays empty.
    public var snapshotRevision: String
    public var total: Int
    public var offset: Int
    public var limit: Int
    public var hasMore: Bool
    public var nextOffset: JSONNull?

    public enum CodingKeys: String, CodingKey {
        case jobs
        case snapshotRevision
        case total
        case offset
        case limit
        case hasMore
        case nextOffset
    }

    public init(jobs: [JSONAny], snapshotRevision: String, total: Int, offset: Int, limit: Int, hasMore: Bool, nextOffset: JSONNull? = nil) {
        self.jobs = jobs
        self.snapshotRevision = snapshotRevision
        self.total = total
        self.offset = offset
        self.limit = limit
        self.hasMore = hasMore
        self.nextOffset = nextOffset
    }
}

// MARK: - CronStatusResult
public struct CronStatusResult: Codable {
    public var enabled: Bool
    public var jobs: Int
    public var nextWakeAtMs: Int?

    public enum CodingKeys: String, CodingKey {
        case enabled
        case jobs
        case nextWakeAtMs
    }

    public init(enabled: Bool, jobs: Int, nextWakeAtMs: Int? = nil) {
        self.enabled = enabled
        self.jobs = jobs
        self.nextWakeAtMs = nextWakeAtMs
    }
}

/// `payload`: what could not be processed or sent, whole.
// MARK: - DeadLetterDetail
public struct DeadLetterDetail: Codable {
    public var id: String
    public var kind: DeadLetterKind
    /// The id of the inbox event, turn or delivery.
    public var subject: String
    public var channel: String
    public var accountId: String
    public var error: ErrorRecord
    /// Unix milliseconds.
    public var createdAt: Int
    public var preview: String?
    public var resolution: DeadLetterResolution?
    /// Unix milliseconds.
    public var resolvedAt: Int?
    public var payload: JSONAny?

    public enum CodingKeys: String, CodingKey {
        case id
        case kind
        case subject
        case channel
        case accountId
        case error
        case createdAt
        case preview
        case resolution
        case resolvedAt
        case payload
    }

    public init(id: String, kind: DeadLetterKind, subject: String, channel: String, accountId: String, error: ErrorRecord, createdAt: Int, preview: String? = nil, resolution: DeadLetterResolution? = nil, resolvedAt: Int? = nil, payload: JSONAny? = nil) {
        self.id = id
        self.kind = kind
        self.subject = subject
        self.channel = channel
        self.accountId = accountId
        self.error = error
        self.createdAt = createdAt
        self.preview = preview
        self.resolution = resolution
        self.resolvedAt = resolvedAt
        self.payload = payload
    }
}

/// What could not be done: take in an event, run a turn, send a delivery.
public enum DeadLetterKind: String, Codable {
    case delivery = "delivery"
    case inbox = "inbox"
    case turn = "turn"
}

public enum DeadLetterResolution: String, Codable {
    case discarded = "discarded"
    case replayed = "replayed"
}

// MARK: - DeadLetterRow
public struct DeadLetterRow: Codable {
    public var id: String
    public var kind: DeadLetterKind
    /// The id of the inbox event, turn or delivery.
    public var subject: String
    public var channel: String
    public var accountId: String
    public var error: ErrorRecord
    /// Unix milliseconds.
    public var createdAt: Int
    public var preview: String?
    public var resolution: DeadLetterResolution?
    /// Unix milliseconds.
    public var resolvedAt: Int?

    public enum CodingKeys: String, CodingKey {
        case id
        case kind
        case subject
        case channel
        case accountId
        case error
        case createdAt
        case preview
        case resolution
        case resolvedAt
    }

    public init(id: String, kind: DeadLetterKind, subject: String, channel: String, accountId: String, error: ErrorRecord, createdAt: Int, preview: String? = nil, resolution: DeadLetterResolution? = nil, resolvedAt: Int? = nil) {
        self.id = id
        self.kind = kind
        self.subject = subject
        self.channel = channel
        self.accountId = accountId
        self.error = error
        self.createdAt = createdAt
        self.preview = preview
        self.resolution = resolution
        self.resolvedAt = resolvedAt
    }
}

// MARK: - DeadLettersDiscardParams
public struct DeadLettersDiscardParams: Codable {
    public var id: String

    public enum CodingKeys: String, CodingKey {
        case id
    }

    public init(id: String) {
        self.id = id
    }
}

// MARK: - DeadLettersDiscardResult
public struct DeadLettersDiscardResult: Codable {
    public var id: String
    public var discarded: Bool

    public enum CodingKeys: String, CodingKey {
        case id
        case discarded
    }

    public init(id: String, discarded: Bool) {
        self.id = id
        self.discarded = discarded
    }
}

// MARK: - DeadLettersGetParams
public struct DeadLettersGetParams: Codable {
    public var id: String

    public enum CodingKeys: String, CodingKey {
        case id
    }

    public init(id: String) {
        self.id = id
    }
}

// MARK: - DeadLettersGetResult
public struct DeadLettersGetResult: Codable {
    public var deadLetter: DeadLetterDetail

    public enum CodingKeys: String, CodingKey {
        case deadLetter
    }

    public init(deadLetter: DeadLetterDetail) {
        self.deadLetter = deadLetter
    }
}

// MARK: - DeadLettersListParams
public struct DeadLettersListParams: Codable {
    /// Default 50.
    public var limit: Int?
    /// The `cursor` of the page before.
    public var cursor: String?
    public var kind: DeadLetterKind?
    public var resolved: Bool?

    public enum CodingKeys: String, CodingKey {
        case limit
        case cursor
        case kind
        case resolved
    }

    public init(limit: Int? = nil, cursor: String? = nil, kind: DeadLetterKind? = nil, resolved: Bool? = nil) {
        self.limit = limit
        self.cursor = cursor
        self.kind = kind
        self.resolved = resolved
    }
}

// MARK: - DeadLettersListResult
public struct DeadLettersListResult: Codable {
    public var deadLetters: [DeadLetterRow]
    public var cursor: String?

    public enum CodingKeys: String, CodingKey {
        case deadLetters
        case cursor
    }

    public init(deadLetters: [DeadLetterRow], cursor: String? = nil) {
        self.deadLetters = deadLetters
        self.cursor = cursor
    }
}

// MARK: - DeadLettersReplayParams
public struct DeadLettersReplayParams: Codable {
    public var id: String

    public enum CodingKeys: String, CodingKey {
        case id
    }

    public init(id: String) {
        self.id = id
    }
}

// MARK: - DeadLettersReplayResult
public struct DeadLettersReplayResult: Codable {
    public var id: String
    public var replayed: Bool

    public enum CodingKeys: String, CodingKey {
        case id
        case replayed
    }

    public init(id: String, replayed: Bool) {
        self.id = id
        self.replayed = replayed
    }
}

// MARK: - DeliveriesGetParams
public struct DeliveriesGetParams: Codable {
    public var id: String

    public enum CodingKeys: String, CodingKey {
        case id
    }

    public init(id: String) {
        self.id = id
    }
}

// MARK: - DeliveriesGetResult
public struct DeliveriesGetResult: Codable {
    public var delivery: DeliveryDetail

    public enum CodingKeys: String, CodingKey {
        case delivery
    }

    public init(delivery: DeliveryDetail) {
        self.delivery = delivery
    }
}

/// `payload` is the channel's own form of the message, as it was stored.
// MARK: - DeliveryDetail
public struct DeliveryDetail: Codable {
    public var id: String
    public var channel: String
    public var accountId: String
    public var state: DeliveryState
    public var kind: DeliveryKind
    public var priority: DeliveryPriority
    /// The conversation it goes to, and what it says in short.
    public var conversation: String
    public var thread: String?
    public var preview: String
    public var session: String?
    public var turn: String?
    /// Attempts that failed for good reason.
    public var attempts: Int
    /// Unix milliseconds.
    public var createdAt: Int
    /// Unix milliseconds.
    public var dueAt: Int?
    /// Unix milliseconds.
    public var expiresAt: Int
    /// Unix milliseconds.
    public var sentAt: Int?
    /// Unix milliseconds.
    public var deliveredAt: Int?
    /// Unix milliseconds.
    public var readAt: Int?
    public var messageIds: [String]
    /// It was sent again after an attempt whose fate nobody knew, with a visible note.
    public var markedDuplicate: Bool?
    public var error: ErrorRecord?
    public var payload: JSONAny
    public var tries: [AttemptRow]

    public enum CodingKeys: String, CodingKey {
        case id
        case channel
        case accountId
        case state
        case kind
        case priority
        case conversation
        case thread
        case preview
        case session
        case turn
        case attempts
        case createdAt
        case dueAt
        case expiresAt
        case sentAt
        case deliveredAt
        case readAt
        case messageIds
        case markedDuplicate
        case error
        case payload
        case tries
    }

    public init(id: String, channel: String, accountId: String, state: DeliveryState, kind: DeliveryKind, priority: DeliveryPriority, conversation: String, thread: String? = nil, preview: String, session: String? = nil, turn: String? = nil, attempts: Int, createdAt: Int, dueAt: Int? = nil, expiresAt: Int, sentAt: Int? = nil, deliveredAt: Int? = nil, readAt: Int? = nil, messageIds: [String], markedDuplicate: Bool? = nil, error: ErrorRecord? = nil, payload: JSONAny, tries: [AttemptRow]) {
        self.id = id
        self.channel = channel
        self.accountId = accountId
        self.state = state
        self.kind = kind
        self.priority = priority
        self.conversation = conversation
        self.thread = thread
        self.preview = preview
        self.session = session
        self.turn = turn
        self.attempts = attempts
        self.createdAt = createdAt
        self.dueAt = dueAt
        self.expiresAt = expiresAt
        self.sentAt = sentAt
        self.deliveredAt = deliveredAt
        self.readAt = readAt
        self.messageIds = messageIds
        self.markedDuplicate = markedDuplicate
        self.error = error
        self.payload = payload
        self.tries = tries
    }
}

public enum DeliveryKind: String, Codable {
    case answer = "answer"
    case direct = "direct"
    case draft = "draft"
    case notice = "notice"
}

public enum DeliveryPriority: String, Codable {
    case critical = "critical"
    case high = "high"
    case low = "low"
    case normal = "normal"
}

public enum DeliveryState: String, Codable {
    case cancelled = "cancelled"
    case dead = "dead"
    case delivered = "delivered"
    case expired = "expired"
    case queued = "queued"
    case read = "read"
    case scheduled = "scheduled"
    case sending = "sending"
    case sent = "sent"
    case superseded = "superseded"
    case unknown = "unknown"
}

// MARK: - DeliveriesListParams
public struct DeliveriesListParams: Codable {
    /// Default 50.
    public var limit: Int?
    /// The `cursor` of the page before.
    public var cursor: String?
    public var channel: String?
    public var accountId: String?
    public var states: [DeliveryState]?
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var session: String?
    public var turn: String?

    public enum CodingKeys: String, CodingKey {
        case limit
        case cursor
        case channel
        case accountId
        case states
        case session
        case turn
    }

    public init(limit: Int? = nil, cursor: String? = nil, channel: String? = nil, accountId: String? = nil, states: [DeliveryState]? = nil, session: String? = nil, turn: String? = nil) {
        self.limit = limit
        self.cursor = cursor
        self.channel = channel
        self.accountId = accountId
        self.states = states
        self.session = session
        self.turn = turn
    }
}

// MARK: - DeliveriesListResult
public struct DeliveriesListResult: Codable {
    public var deliveries: [DeliveryRow]
    public var cursor: String?

    public enum CodingKeys: String, CodingKey {
        case deliveries
        case cursor
    }

    public init(deliveries: [DeliveryRow], cursor: String? = nil) {
        self.deliveries = deliveries
        self.cursor = cursor
    }
}

// MARK: - DeliveryRow
public struct DeliveryRow: Codable {
    public var id: String
    public var channel: String
    public var accountId: String
    public var state: DeliveryState
    public var kind: DeliveryKind
    public var priority: DeliveryPriority
    /// The conversation it goes to, and what it says in short.
    public var conversation: String
    public var thread: String?
    public var preview: String
    public var session: String?
    public var turn: String?
    /// Attempts that failed for good reason.
    public var attempts: Int
    /// Unix milliseconds.
    public var createdAt: Int
    /// Unix milliseconds.
    public var dueAt: Int?
    /// Unix milliseconds.
    public var expiresAt: Int
    /// Unix milliseconds.
    public var sentAt: Int?
    /// Unix milliseconds.
    public var deliveredAt: Int?
    /// Unix milliseconds.
    public var readAt: Int?
    public var messageIds: [String]
    /// It was sent again after an attempt whose fate nobody knew, with a visible note.
    public var markedDuplicate: Bool?
    public var error: ErrorRecord?

    public enum CodingKeys: String, CodingKey {
        case id
        case channel
        case accountId
        case state
        case kind
        case priority
        case conversation
        case thread
        case preview
        case session
        case turn
        case attempts
        case createdAt
        case dueAt
        case expiresAt
        case sentAt
        case deliveredAt
        case readAt
        case messageIds
        case markedDuplicate
        case error
    }

    public init(id: String, channel: String, accountId: String, state: DeliveryState, kind: DeliveryKind, priority: DeliveryPriority, conversation: String, thread: String? = nil, preview: String, session: String? = nil, turn: String? = nil, attempts: Int, createdAt: Int, dueAt: Int? = nil, expiresAt: Int, sentAt: Int? = nil, deliveredAt: Int? = nil, readAt: Int? = nil, messageIds: [String], markedDuplicate: Bool? = nil, error: ErrorRecord? = nil) {
        self.id = id
        self.channel = channel
        self.accountId = accountId
        self.state = state
        self.kind = kind
        self.priority = priority
        self.conversation = conversation
        self.thread = thread
        self.preview = preview
        self.session = session
        self.turn = turn
        self.attempts = attempts
        self.createdAt = createdAt
        self.dueAt = dueAt
        self.expiresAt = expiresAt
        self.sentAt = sentAt
        self.deliveredAt = deliveredAt
        self.readAt = readAt
        self.messageIds = messageIds
        self.markedDuplicate = markedDuplicate
        self.error = error
    }
}

// MARK: - DevicePairApproveParams
public struct DevicePairApproveParams: Codable {
    public var requestId: String

    public enum CodingKeys: String, CodingKey {
        case requestId
    }

    public init(requestId: String) {
        self.requestId = requestId
    }
}

// MARK: - DevicePairApproveResult
public struct DevicePairApproveResult: Codable {
    public var requestId: String
    public var device: PairedDevice

    public enum CodingKeys: String, CodingKey {
        case requestId
        case device
    }

    public init(requestId: String, device: PairedDevice) {
        self.requestId = requestId
        self.device = device
    }
}

/// A paired device; its tokens are never shown.
// MARK: - PairedDevice
public struct PairedDevice: Codable {
    public var deviceId: String
    /// Raw Ed25519 key, base64url.
    public var publicKey: String
    public var displayName: String?
    public var platform: String?
    public var deviceFamily: String?
    public var clientId: String?
    public var clientMode: String?
    public var remoteIp: String?
    /// The name an operator gave it.
    public var operatorLabel: String?
    public var role: String?
    public var roles: [String]?
    public var scopes: [String]?
    /// `owner`: a person approved it; `local`: it was on this machine; `setup-code`: codes are
    /// trusted here.
    public var approvedVia: String?
    /// Unix milliseconds.
    public var createdAtMs: Int
    /// Unix milliseconds.
    public var approvedAtMs: Int
    /// Unix milliseconds.
    public var lastSeenAtMs: Int?
    public var lastSeenReason: String?
    public var connected: Bool?
    public var tokens: [PairedDeviceToken]?

    public enum CodingKeys: String, CodingKey {
        case deviceId
        case publicKey
        case displayName
        case platform
        case deviceFamily
        case clientId
        case clientMode
        case remoteIp
        case operatorLabel
        case role
        case roles
        case scopes
        case approvedVia
        case createdAtMs
        case approvedAtMs
        case lastSeenAtMs
        case lastSeenReason
        case connected
        case tokens
    }

    public init(deviceId: String, publicKey: String, displayName: String? = nil, platform: String? = nil, deviceFamily: String? = nil, clientId: String? = nil, clientMode: String? = nil, remoteIp: String? = nil, operatorLabel: String? = nil, role: String? = nil, roles: [String]? = nil, scopes: [String]? = nil, approvedVia: String? = nil, createdAtMs: Int, approvedAtMs: Int, lastSeenAtMs: Int? = nil, lastSeenReason: String? = nil, connected: Bool? = nil, tokens: [PairedDeviceToken]? = nil) {
        self.deviceId = deviceId
        self.publicKey = publicKey
        self.displayName = displayName
        self.platform = platform
        self.deviceFamily = deviceFamily
        self.clientId = clientId
        self.clientMode = clientMode
        self.remoteIp = remoteIp
        self.operatorLabel = operatorLabel
        self.role = role
        self.roles = roles
        self.scopes = scopes
        self.approvedVia = approvedVia
        self.createdAtMs = createdAtMs
        self.approvedAtMs = approvedAtMs
        self.lastSeenAtMs = lastSeenAtMs
        self.lastSeenReason = lastSeenReason
        self.connected = connected
        self.tokens = tokens
    }
}

// MARK: - PairedDeviceToken
public struct PairedDeviceToken: Codable {
    public var role: String
    public var scopes: [String]
    /// Unix milliseconds.
    public var createdAtMs: Int
    /// Unix milliseconds.
    public var rotatedAtMs: Int?
    /// Unix milliseconds.
    public var revokedAtMs: Int?
    /// Unix milliseconds.
    public var lastUsedAtMs: Int?

    public enum CodingKeys: String, CodingKey {
        case role
        case scopes
        case createdAtMs
        case rotatedAtMs
        case revokedAtMs
        case lastUsedAtMs
    }

    public init(role: String, scopes: [String], createdAtMs: Int, rotatedAtMs: Int? = nil, revokedAtMs: Int? = nil, lastUsedAtMs: Int? = nil) {
        self.role = role
        self.scopes = scopes
        self.createdAtMs = createdAtMs
        self.rotatedAtMs = rotatedAtMs
        self.revokedAtMs = revokedAtMs
        self.lastUsedAtMs = lastUsedAtMs
    }
}

// MARK: - DevicePairListResult
public struct DevicePairListResult: Codable {
    public var pending: [PendingDevice]
    public var paired: [PairedDevice]

    public enum CodingKeys: String, CodingKey {
        case pending
        case paired
    }

    public init(pending: [PendingDevice], paired: [PairedDevice]) {
        self.pending = pending
        self.paired = paired
    }
}

/// A device that waits for approval.
// MARK: - PendingDevice
public struct PendingDevice: Codable {
    public var requestId: String
    public var deviceId: String
    /// Raw Ed25519 key, base64url.
    public var publicKey: String
    public var displayName: String?
    public var platform: String?
    public var deviceFamily: String?
    public var clientId: String?
    public var clientMode: String?
    public var remoteIp: String?
    public var browserOrigin: String?
    public var role: String?
    public var roles: [String]?
    public var scopes: [String]?
    /// It is paired already and asks for more, or changed.
    public var isRepair: Bool?
    /// Unix milliseconds.
    public var ts: Int

    public enum CodingKeys: String, CodingKey {
        case requestId
        case deviceId
        case publicKey
        case displayName
        case platform
        case deviceFamily
        case clientId
        case clientMode
        case remoteIp
        case browserOrigin
        case role
        case roles
        case scopes
        case isRepair
        case ts
    }

    public init(requestId: String, deviceId: String, publicKey: String, displayName: String? = nil, platform: String? = nil, deviceFamily: String? = nil, clientId: String? = nil, clientMode: String? = nil, remoteIp: String? = nil, browserOrigin: String? = nil, role: String? = nil, roles: [String]? = nil, scopes: [String]? = nil, isRepair: Bool? = nil, ts: Int) {
        self.requestId = requestId
        self.deviceId = deviceId
        self.publicKey = publicKey
        self.displayName = displayName
        self.platform = platform
        self.deviceFamily = deviceFamily
        self.clientId = clientId
        self.clientMode = clientMode
        self.remoteIp = remoteIp
        self.browserOrigin = browserOrigin
        self.role = role
        self.roles = roles
        self.scopes = scopes
        self.isRepair = isRepair
        self.ts = ts
    }
}

// MARK: - DevicePairRejectParams
public struct DevicePairRejectParams: Codable {
    public var requestId: String

    public enum CodingKeys: String, CodingKey {
        case requestId
    }

    public init(requestId: String) {
        self.requestId = requestId
    }
}

// MARK: - DevicePairRejectResult
public struct DevicePairRejectResult: Codable {
    public var requestId: String
    public var deviceId: String

    public enum CodingKeys: String, CodingKey {
        case requestId
        case deviceId
    }

    public init(requestId: String, deviceId: String) {
        self.requestId = requestId
        self.deviceId = deviceId
    }
}

// MARK: - DevicePairRemoveParams
public struct DevicePairRemoveParams: Codable {
    public var deviceId: String

    public enum CodingKeys: String, CodingKey {
        case deviceId
    }

    public init(deviceId: String) {
        self.deviceId = deviceId
    }
}

// MARK: - DevicePairRemoveResult
public struct DevicePairRemoveResult: Codable {
    public var deviceId: String

    public enum CodingKeys: String, CodingKey {
        case deviceId
    }

    public init(deviceId: String) {
        self.deviceId = deviceId
    }
}

// MARK: - DevicePairRenameParams
public struct DevicePairRenameParams: Codable {
    public var deviceId: String
    public var label: String

    public enum CodingKeys: String, CodingKey {
        case deviceId
        case label
    }

    public init(deviceId: String, label: String) {
        self.deviceId = deviceId
        self.label = label
    }
}

// MARK: - DevicePairRenameResult
public struct DevicePairRenameResult: Codable {
    public var deviceId: String
    public var label: String

    public enum CodingKeys: String, CodingKey {
        case deviceId
        case label
    }

    public init(deviceId: String, label: String) {
        self.deviceId = deviceId
        self.label = label
    }
}

// MARK: - DevicePairResolvedEvent
public struct DevicePairResolvedEvent: Codable {
    public var requestId: String
    public var deviceId: String
    public var decision: DevicePairResolvedEventDecision
    /// Unix milliseconds.
    public var ts: Int

    public enum CodingKeys: String, CodingKey {
        case requestId
        case deviceId
        case decision
        case ts
    }

    public init(requestId: String, deviceId: String, decision: DevicePairResolvedEventDecision, ts: Int) {
        self.requestId = requestId
        self.deviceId = deviceId
        self.decision = decision
        self.ts = ts
    }
}

public enum DevicePairResolvedEventDecision: String, Codable {
    case approved = "approved"
    case rejected = "rejected"
}

// MARK: - DevicePairSetupCodeParams
public struct DevicePairSetupCodeParams: Codable {
    public var publicUrl: String?
    public var preferRemoteUrl: Bool?
    /// Default true.
    public var includeQr: Bool?
    /// The device runs on the gateway's own machine, e.g. an emulator.
    public var onThisMachine: Bool?
    public var bootstrapProfile: DevicePairSetupCodeParamsBootstrapProfile?

    public enum CodingKeys: String, CodingKey {
        case publicUrl
        case preferRemoteUrl
        case includeQr
        case onThisMachine
        case bootstrapProfile
    }

    public init(publicUrl: String? = nil, preferRemoteUrl: Bool? = nil, includeQr: Bool? = nil, onThisMachine: Bool? = nil, bootstrapProfile: DevicePairSetupCodeParamsBootstrapProfile? = nil) {
        self.publicUrl = publicUrl
        self.preferRemoteUrl = preferRemoteUrl
        self.includeQr = includeQr
        self.onThisMachine = onThisMachine
        self.bootstrapProfile = bootstrapProfile
    }
}

public enum DevicePairSetupCodeParamsBootstrapProfile: String, Codable {
    case limited = "limited"
    case node = "node"
    case voiceNode = "voice-node"
}

// MARK: - DevicePairSetupCodeResult
public struct DevicePairSetupCodeResult: Codable {
    public var setupId: String
    /// Unix milliseconds.
    public var expiresAtMs: Int
    public var setupCode: String
    public var qrDataUrl: String?
    public var gatewayUrl: String
    public var gatewayUrls: [String]?
    public var auth: DevicePairSetupCodeResultAuth
    public var urlSource: String
    public var access: SetupOutcomeAccess
    public var accessDowngraded: Bool?

    public enum CodingKeys: String, CodingKey {
        case setupId
        case expiresAtMs
        case setupCode
        case qrDataUrl
        case gatewayUrl
        case gatewayUrls
        case auth
        case urlSource
        case access
        case accessDowngraded
    }

    public init(setupId: String, expiresAtMs: Int, setupCode: String, qrDataUrl: String? = nil, gatewayUrl: String, gatewayUrls: [String]? = nil, auth: DevicePairSetupCodeResultAuth, urlSource: String, access: SetupOutcomeAccess, accessDowngraded: Bool? = nil) {
        self.setupId = setupId
        self.expiresAtMs = expiresAtMs
        self.setupCode = setupCode
        self.qrDataUrl = qrDataUrl
        self.gatewayUrl = gatewayUrl
        self.gatewayUrls = gatewayUrls
        self.auth = auth
        self.urlSource = urlSource
        self.access = access
        self.accessDowngraded = accessDowngraded
    }
}

public enum SetupOutcomeAccess: String, Codable {
    case full = "full"
    case limited = "limited"
    case node = "node"
}

public enum DevicePairSetupCodeResultAuth: String, Codable {
    case password = "password"
    case token = "token"
    case trustedProxy = "trusted-proxy"
}

// MARK: - DevicePairSetupStatusParams
public struct DevicePairSetupStatusParams: Codable {
    public var setupId: String

    public enum CodingKeys: String, CodingKey {
        case setupId
    }

    public init(setupId: String) {
        self.setupId = setupId
    }
}

// MARK: - DevicePairSetupStatusResult
public struct DevicePairSetupStatusResult: Codable {
    public var completion: SetupOutcome?
    public var pendingRequestId: String?
    public var remainingMs: Int?

    public enum CodingKeys: String, CodingKey {
        case completion
        case pendingRequestId
        case remainingMs
    }

    public init(completion: SetupOutcome? = nil, pendingRequestId: String? = nil, remainingMs: Int? = nil) {
        self.completion = completion
        self.pendingRequestId = pendingRequestId
        self.remainingMs = remainingMs
    }
}

/// What became of a setup code.
// MARK: - SetupOutcome
public struct SetupOutcome: Codable {
    public var setupId: String
    public var deviceId: String
    public var deviceName: String?
    public var access: SetupOutcomeAccess
    /// Unix milliseconds.
    public var ts: Int

    public enum CodingKeys: String, CodingKey {
        case setupId
        case deviceId
        case deviceName
        case access
        case ts
    }

    public init(setupId: String, deviceId: String, deviceName: String? = nil, access: SetupOutcomeAccess, ts: Int) {
        self.setupId = setupId
        self.deviceId = deviceId
        self.deviceName = deviceName
        self.access = access
        self.ts = ts
    }
}

// MARK: - DeviceScopesRequestUpgradeParams
public struct DeviceScopesRequestUpgradeParams: Codable {
    public var scopes: [String]

    public enum CodingKeys: String, CodingKey {
        case scopes
    }

    public init(scopes: [String]) {
        self.scopes = scopes
    }
}

// MARK: - DeviceScopesRequestUpgradeResult
public struct DeviceScopesRequestUpgradeResult: Codable {
    public var requestId: String

    public enum CodingKeys: String, CodingKey {
        case requestId
    }

    public init(requestId: String) {
        self.requestId = requestId
    }
}

// MARK: - DeviceScopesWaitUpgradeParams
public struct DeviceScopesWaitUpgradeParams: Codable {
    public var requestId: String

    public enum CodingKeys: String, CodingKey {
        case requestId
    }

    public init(requestId: String) {
        self.requestId = requestId
    }
}

// MARK: - DeviceScopesWaitUpgradeResult
public struct DeviceScopesWaitUpgradeResult: Codable {
    public var status: DeviceScopesWaitUpgradeResultStatus
    public var requestId: String
    public var deviceToken: String?
    public var scopes: [String]?

    public enum CodingKeys: String, CodingKey {
        case status
        case requestId
        case deviceToken
        case scopes
    }

    public init(status: DeviceScopesWaitUpgradeResultStatus, requestId: String, deviceToken: String? = nil, scopes: [String]? = nil) {
        self.status = status
        self.requestId = requestId
        self.deviceToken = deviceToken
        self.scopes = scopes
    }
}

public enum DeviceScopesWaitUpgradeResultStatus: String, Codable {
    case approved = "approved"
    case expired = "expired"
    case rejected = "rejected"
}

// MARK: - DeviceTokenRevokeParams
public struct DeviceTokenRevokeParams: Codable {
    public var deviceId: String
    public var role: String

    public enum CodingKeys: String, CodingKey {
        case deviceId
        case role
    }

    public init(deviceId: String, role: String) {
        self.deviceId = deviceId
        self.role = role
    }
}

// MARK: - DeviceTokenRevokeResult
public struct DeviceTokenRevokeResult: Codable {
    public var deviceId: String
    public var role: String
    /// Unix milliseconds.
    public var revokedAtMs: Int

    public enum CodingKeys: String, CodingKey {
        case deviceId
        case role
        case revokedAtMs
    }

    public init(deviceId: String, role: String, revokedAtMs: Int) {
        self.deviceId = deviceId
        self.role = role
        self.revokedAtMs = revokedAtMs
    }
}

// MARK: - DeviceTokenRotateParams
public struct DeviceTokenRotateParams: Codable {
    public var deviceId: String
    public var role: String
    public var scopes: [String]?

    public enum CodingKeys: String, CodingKey {
        case deviceId
        case role
        case scopes
    }

    public init(deviceId: String, role: String, scopes: [String]? = nil) {
        self.deviceId = deviceId
        self.role = role
        self.scopes = scopes
    }
}

// MARK: - DeviceTokenRotateResult
public struct DeviceTokenRotateResult: Codable {
    public var deviceId: String
    public var role: String
    public var scopes: [String]
    /// Unix milliseconds.
    public var rotatedAtMs: Int
    public var tokenDelivery: DeviceTokenRotateResultTokenDelivery
    public var token: String?

    public enum CodingKeys: String, CodingKey {
        case deviceId
        case role
        case scopes
        case rotatedAtMs
        case tokenDelivery
        case token
    }

    public init(deviceId: String, role: String, scopes: [String], rotatedAtMs: Int, tokenDelivery: DeviceTokenRotateResultTokenDelivery, token: String? = nil) {
        self.deviceId = deviceId
        self.role = role
        self.scopes = scopes
        self.rotatedAtMs = rotatedAtMs
        self.tokenDelivery = tokenDelivery
        self.token = token
    }
}

public enum DeviceTokenRotateResultTokenDelivery: String, Codable {
    case inBand = "in-band"
    case withheldCrossDevice = "withheld-cross-device"
}

/// What went wrong, and whether trying again helps.
// MARK: - ErrorShape
public struct ErrorShape: Codable {
    /// One of GATEWAY_ERRORS; clients must expect others.
    public var code: String
    /// For people; may change.
    public var message: String
    /// `details.code` says more exactly what it is.
    public var details: [String: JSONAny]?
    /// The same request may succeed later.
    public var retryable: Bool?
    /// No sooner than this.
    public var retryAfterMs: Int?

    public enum CodingKeys: String, CodingKey {
        case code
        case message
        case details
        case retryable
        case retryAfterMs
    }

    public init(code: String, message: String, details: [String: JSONAny]? = nil, retryable: Bool? = nil, retryAfterMs: Int? = nil) {
        self.code = code
        self.message = message
        self.details = details
        self.retryable = retryable
        self.retryAfterMs = retryAfterMs
    }
}

/// Gateway to client. `seq` counts what was meant for this connection, dropped events
/// included: a gap means that something was missed. Nothing is sent again. Absent on what
/// goes to one client only.
// MARK: - EventFrame
public struct EventFrame: Codable {
    public var type: String
    public var event: String
    public var payload: JSONAny?
    /// From 1, one more for each event.
    public var seq: Int?
    public var stateVersion: StateVersion?

    public enum CodingKeys: String, CodingKey {
        case type
        case event
        case payload
        case seq
        case stateVersion
    }

    public init(type: String, event: String, payload: JSONAny? = nil, seq: Int? = nil, stateVersion: StateVersion? = nil) {
        self.type = type
        self.event = event
        self.payload = payload
        self.seq = seq
        self.stateVersion = stateVersion
    }
}

/// Grow with every change of what they count; tell whether a snapshot is older than an event.
// MARK: - StateVersion
public struct StateVersion: Codable {
    public var presence: Int
    public var health: Int

    public enum CodingKeys: String, CodingKey {
        case presence
        case health
    }

    public init(presence: Int, health: Int) {
        self.presence = presence
        self.health = health
    }
}

// MARK: - EventLoopHealth
public struct EventLoopHealth: Codable {
    public var degraded: Bool
    public var reasons: [EventLoopHealthReason]
    public var intervalMs: Double
    public var delayP99Ms: Double
    public var delayMaxMs: Double
    public var utilization: Double
    public var cpuCoreRatio: Double

    public enum CodingKeys: String, CodingKey {
        case degraded
        case reasons
        case intervalMs
        case delayP99Ms
        case delayMaxMs
        case utilization
        case cpuCoreRatio
    }

    public init(degraded: Bool, reasons: [EventLoopHealthReason], intervalMs: Double, delayP99Ms: Double, delayMaxMs: Double, utilization: Double, cpuCoreRatio: Double) {
        self.degraded = degraded
        self.reasons = reasons
        self.intervalMs = intervalMs
        self.delayP99Ms = delayP99Ms
        self.delayMaxMs = delayMaxMs
        self.utilization = utilization
        self.cpuCoreRatio = cpuCoreRatio
    }
}

public enum EventLoopHealthReason: String, Codable {
    case cpu = "cpu"
    case eventLoopDelay = "event_loop_delay"
    case eventLoopUtilization = "event_loop_utilization"
}

public enum EventName: String, Codable {
    case agent = "agent"
    case channelsChanged = "channels.changed"
    case chat = "chat"
    case configChanged = "config.changed"
    case connectChallenge = "connect.challenge"
    case devicePairChanged = "device.pair.changed"
    case devicePairRequested = "device.pair.requested"
    case devicePairResolved = "device.pair.resolved"
    case devicePairSetupCompleted = "device.pair.setup.completed"
    case health = "health"
    case nodeInvokeCancel = "node.invoke.cancel"
    case nodeInvokeProgress = "node.invoke.progress"
    case nodeInvokeRequest = "node.invoke.request"
    case nodePairRequested = "node.pair.requested"
    case nodePairResolved = "node.pair.resolved"
    case nodePresence = "node.presence"
    case presence = "presence"
    case sessionsChanged = "sessions.changed"
    case shutdown = "shutdown"
    case tick = "tick"
    case trace = "trace"
}

// MARK: - GatewayIdentityGetResult
public struct GatewayIdentityGetResult: Codable {
    public var deviceId: String
    public var publicKey: String

    public enum CodingKeys: String, CodingKey {
        case deviceId
        case publicKey
    }

    public init(deviceId: String, publicKey: String) {
        self.deviceId = deviceId
        self.publicKey = publicKey
    }
}

// MARK: - GatewayRestartRequestParams
public struct GatewayRestartRequestParams: Codable {
    public var reason: String?
    public var delayMs: Int?

    public enum CodingKeys: String, CodingKey {
        case reason
        case delayMs
    }

    public init(reason: String? = nil, delayMs: Int? = nil) {
        self.reason = reason
        self.delayMs = delayMs
    }
}

// MARK: - GatewayRestartRequestResult
public struct GatewayRestartRequestResult: Codable {
    public var ok: Bool
    public var delayMs: Int

    public enum CodingKeys: String, CodingKey {
        case ok
        case delayMs
    }

    public init(ok: Bool, delayMs: Int) {
        self.ok = ok
        self.delayMs = delayMs
    }
}

// MARK: - Health
public struct Health: Codable {
    /// No account is in trouble and the process keeps up; what is wrong stands in the parts.
    public var ok: Bool
    /// Unix milliseconds.
    public var ts: Int
    /// How long the summary took to make.
    public var durationMs: Int
    public var eventLoop: EventLoopHealth?
    public var deliveryQueues: HealthDeliveryQueues?
    public var channels: [String: ChannelHealth]
    public var channelOrder: [String]
    public var channelLabels: [String: String]
    /// 0: no heartbeats.
    public var heartbeatSeconds: Int
    public var defaultAgentId: String
    public var agents: [AgentHealth]
    public var sessions: RecentSessions

    public enum CodingKeys: String, CodingKey {
        case ok
        case ts
        case durationMs
        case eventLoop
        case deliveryQueues
        case channels
        case channelOrder
        case channelLabels
        case heartbeatSeconds
        case defaultAgentId
        case agents
        case sessions
    }

    public init(ok: Bool, ts: Int, durationMs: Int, eventLoop: EventLoopHealth? = nil, deliveryQueues: HealthDeliveryQueues? = nil, channels: [String: ChannelHealth], channelOrder: [String], channelLabels: [String: String], heartbeatSeconds: Int, defaultAgentId: String, agents: [AgentHealth], sessions: RecentSessions) {
        self.ok = ok
        self.ts = ts
        self.durationMs = durationMs
        self.eventLoop = eventLoop
        self.deliveryQueues = deliveryQueues
        self.channels = channels
        self.channelOrder = channelOrder
        self.channelLabels = channelLabels
        self.heartbeatSeconds = heartbeatSeconds
        self.defaultAgentId = defaultAgentId
        self.agents = agents
        self.sessions = sessions
    }
}

/// What waits for a person.
// MARK: - HealthDeliveryQueues
public struct HealthDeliveryQueues: Codable {
    public var failed: [HealthDeliveryQueuesFailed]

    public enum CodingKeys: String, CodingKey {
        case failed
    }

    public init(failed: [HealthDeliveryQueuesFailed]) {
        self.failed = failed
    }
}

// MARK: - HealthDeliveryQueuesFailed
public struct HealthDeliveryQueuesFailed: Codable {
    public var queueName: String
    public var count: Int
    /// Unix milliseconds.
    public var oldestFailedAt: Int?

    public enum CodingKeys: String, CodingKey {
        case queueName
        case count
        case oldestFailedAt
    }

    public init(queueName: String, count: Int, oldestFailedAt: Int? = nil) {
        self.queueName = queueName
        self.count = count
        self.oldestFailedAt = oldestFailedAt
    }
}

// MARK: - HealthParams
public struct HealthParams: Codable {
    public var probe: Bool?

    public enum CodingKeys: String, CodingKey {
        case probe
    }

    public init(probe: Bool? = nil) {
        self.probe = probe
    }
}

/// The answer to `connect`.
// MARK: - HelloOk
public struct HelloOk: Codable {
    public var type: String
    public var helloOkProtocol: Int
    public var server: HelloOkServer
    public var features: HelloOkFeatures
    public var snapshot: Snapshot
    /// Where what agents publish is shown, by the surface's name, e.g. `canvas`: for nodes that
    /// declare it among their `caps`, and for operators that may read. Each address is good for
    /// ten minutes; `node.pluginSurface.refresh` and `plugin.surface.refresh` give another.
    /// Behind it are documents, at the paths that `canvas.document.list` tells, and at
    /// `/__openclaw__/a2ui/` the page that draws A2UI. Whoever has it may read what is behind
    /// it: do not log it.
    public var pluginSurfaceUrls: [String: String]?
    public var auth: HelloOkAuth
    public var policy: HelloOkPolicy

    public enum CodingKeys: String, CodingKey {
        case type
        case helloOkProtocol
        case server
        case features
        case snapshot
        case pluginSurfaceUrls
        case auth
        case policy
    }

    public init(type: String, helloOkProtocol: Int, server: HelloOkServer, features: HelloOkFeatures, snapshot: Snapshot, pluginSurfaceUrls: [String: String]? = nil, auth: HelloOkAuth, policy: HelloOkPolicy) {
        self.type = type
        self.helloOkProtocol = helloOkProtocol
        self.server = server
        self.features = features
        self.snapshot = snapshot
        self.pluginSurfaceUrls = pluginSurfaceUrls
        self.auth = auth
        self.policy = policy
    }
}

/// What this connection may do.
// MARK: - HelloOkAuth
public struct HelloOkAuth: Codable {
    public var method: HelloOkAuthMethod?
    public var role: String
    /// Those of the scopes asked for that were granted.
    public var scopes: [String]
    /// The device's own token: keep it, and send it when connecting again.
    public var deviceToken: String?
    /// When the device's token was made, Unix milliseconds.
    public var issuedAtMs: Int?
    /// The tokens for the device's other roles, once, when it came in with a setup code.
    public var deviceTokens: [HelloOkAuthDeviceToken]?

    public enum CodingKeys: String, CodingKey {
        case method
        case role
        case scopes
        case deviceToken
        case issuedAtMs
        case deviceTokens
    }

    public init(method: HelloOkAuthMethod? = nil, role: String, scopes: [String], deviceToken: String? = nil, issuedAtMs: Int? = nil, deviceTokens: [HelloOkAuthDeviceToken]? = nil) {
        self.method = method
        self.role = role
        self.scopes = scopes
        self.deviceToken = deviceToken
        self.issuedAtMs = issuedAtMs
        self.deviceTokens = deviceTokens
    }
}

// MARK: - HelloOkAuthDeviceToken
public struct HelloOkAuthDeviceToken: Codable {
    public var deviceToken: String
    public var role: String
    public var scopes: [String]
    public var issuedAtMs: Int

    public enum CodingKeys: String, CodingKey {
        case deviceToken
        case role
        case scopes
        case issuedAtMs
    }

    public init(deviceToken: String, role: String, scopes: [String], issuedAtMs: Int) {
        self.deviceToken = deviceToken
        self.role = role
        self.scopes = scopes
        self.issuedAtMs = issuedAtMs
    }
}

/// What the gateway let the client in for.
public enum HelloOkAuthMethod: String, Codable {
    case bootstrapToken = "bootstrap-token"
    case deviceToken = "device-token"
    case none = "none"
    case password = "password"
    case tailscale = "tailscale"
    case token = "token"
    case trustedProxy = "trusted-proxy"
}

/// Only what this gateway can do.
// MARK: - HelloOkFeatures
public struct HelloOkFeatures: Codable {
    public var methods: [String]
    public var events: [String]
    public var capabilities: [String]?

    public enum CodingKeys: String, CodingKey {
        case methods
        case events
        case capabilities
    }

    public init(methods: [String], events: [String], capabilities: [String]? = nil) {
        self.methods = methods
        self.events = events
        self.capabilities = capabilities
    }
}

/// What a client has to keep to. Sizes in bytes.
// MARK: - HelloOkPolicy
public struct HelloOkPolicy: Codable {
    /// The largest frame that may be sent.
    public var maxPayload: Int
    /// What may wait for a client that reads slowly; more, and it is closed.
    public var maxBufferedBytes: Int
    /// How often `tick` comes.
    public var tickIntervalMs: Int
    public var attachments: HelloOkPolicyAttachments?

    public enum CodingKeys: String, CodingKey {
        case maxPayload
        case maxBufferedBytes
        case tickIntervalMs
        case attachments
    }

    public init(maxPayload: Int, maxBufferedBytes: Int, tickIntervalMs: Int, attachments: HelloOkPolicyAttachments? = nil) {
        self.maxPayload = maxPayload
        self.maxBufferedBytes = maxBufferedBytes
        self.tickIntervalMs = tickIntervalMs
        self.attachments = attachments
    }
}

// MARK: - HelloOkPolicyAttachments
public struct HelloOkPolicyAttachments: Codable {
    public var maxBytes: Int
    public var maxImageBytes: Int

    public enum CodingKeys: String, CodingKey {
        case maxBytes
        case maxImageBytes
    }

    public init(maxBytes: Int, maxImageBytes: Int) {
        self.maxBytes = maxBytes
        self.maxImageBytes = maxImageBytes
    }
}

/// `connId` names this connection in the gateway's log.
// MARK: - HelloOkServer
public struct HelloOkServer: Codable {
    public var version: String
    public var connId: String

    public enum CodingKeys: String, CodingKey {
        case version
        case connId
    }

    public init(version: String, connId: String) {
        self.version = version
        self.connId = connId
    }
}

/// How things stand at the moment of the answer.
// MARK: - Snapshot
public struct Snapshot: Codable {
    /// Empty for those who may not see who is there.
    public var presence: [Presence]
    public var health: SnapshotHealth
    public var stateVersion: StateVersion
    public var uptimeMs: Int
    public var sessionDefaults: SessionDefaults?

    public enum CodingKeys: String, CodingKey {
        case presence
        case health
        case stateVersion
        case uptimeMs
        case sessionDefaults
    }

    public init(presence: [Presence], health: SnapshotHealth, stateVersion: StateVersion, uptimeMs: Int, sessionDefaults: SessionDefaults? = nil) {
        self.presence = presence
        self.health = health
        self.stateVersion = stateVersion
        self.uptimeMs = uptimeMs
        self.sessionDefaults = sessionDefaults
    }
}

/// Nothing of it before the first is made. No `ok` when not all is well: clients know it as
/// `true` only.
// MARK: - SnapshotHealth
public struct SnapshotHealth: Codable {
    /// No account is in trouble and the process keeps up; what is wrong stands in the parts.
    public var ok: Bool?
    /// Unix milliseconds.
    public var ts: Int?
    /// How long the summary took to make.
    public var durationMs: Int?
    public var eventLoop: EventLoopHealth?
    public var deliveryQueues: SnapshotHealthDeliveryQueues?
    public var channels: [String: ChannelHealth]?
    public var channelOrder: [String]?
    public var channelLabels: [String: String]?
    /// 0: no heartbeats.
    public var heartbeatSeconds: Int?
    public var defaultAgentId: String?
    public var agents: [AgentHealth]?
    public var sessions: RecentSessions?

    public enum CodingKeys: String, CodingKey {
        case ok
        case ts
        case durationMs
        case eventLoop
        case deliveryQueues
        case channels
        case channelOrder
        case channelLabels
        case heartbeatSeconds
        case defaultAgentId
        case agents
        case sessions
    }

    public init(ok: Bool? = nil, ts: Int? = nil, durationMs: Int? = nil, eventLoop: EventLoopHealth? = nil, deliveryQueues: SnapshotHealthDeliveryQueues? = nil, channels: [String: ChannelHealth]? = nil, channelOrder: [String]? = nil, channelLabels: [String: String]? = nil, heartbeatSeconds: Int? = nil, defaultAgentId: String? = nil, agents: [AgentHealth]? = nil, sessions: RecentSessions? = nil) {
        self.ok = ok
        self.ts = ts
        self.durationMs = durationMs
        self.eventLoop = eventLoop
        self.deliveryQueues = deliveryQueues
        self.channels = channels
        self.channelOrder = channelOrder
        self.channelLabels = channelLabels
        self.heartbeatSeconds = heartbeatSeconds
        self.defaultAgentId = defaultAgentId
        self.agents = agents
        self.sessions = sessions
    }
}

/// What waits for a person.
// MARK: - SnapshotHealthDeliveryQueues
public struct SnapshotHealthDeliveryQueues: Codable {
    public var failed: [SnapshotHealthDeliveryQueuesFailed]

    public enum CodingKeys: String, CodingKey {
        case failed
    }

    public init(failed: [SnapshotHealthDeliveryQueuesFailed]) {
        self.failed = failed
    }
}

// MARK: - SnapshotHealthDeliveryQueuesFailed
public struct SnapshotHealthDeliveryQueuesFailed: Codable {
    public var queueName: String
    public var count: Int
    /// Unix milliseconds.
    public var oldestFailedAt: Int?

    public enum CodingKeys: String, CodingKey {
        case queueName
        case count
        case oldestFailedAt
    }

    public init(queueName: String, count: Int, oldestFailedAt: Int? = nil) {
        self.queueName = queueName
        self.count = count
        self.oldestFailedAt = oldestFailedAt
    }
}

// MARK: - Presence
public struct Presence: Codable {
    public var host: String?
    /// Absent for clients on the gateway's own machine.
    public var ip: String?
    public var version: String?
    public var platform: String?
    public var deviceFamily: String?
    public var modelIdentifier: String?
    public var timeZone: String?
    public var mode: String?
    public var lastInputSeconds: Int?
    /// `self`, `connect`, `disconnect`.
    public var reason: String?
    public var tags: [String]?
    public var text: String?
    /// Unix milliseconds.
    public var ts: Int
    /// Unix milliseconds.
    public var onlineSince: Int?
    /// Unix milliseconds.
    public var lastActivityAt: Int?
    public var deviceId: String?
    public var roles: [String]?
    public var scopes: [String]?
    public var instanceId: String?

    public enum CodingKeys: String, CodingKey {
        case host
        case ip
        case version
        case platform
        case deviceFamily
        case modelIdentifier
        case timeZone
        case mode
        case lastInputSeconds
        case reason
        case tags
        case text
        case ts
        case onlineSince
        case lastActivityAt
        case deviceId
        case roles
        case scopes
        case instanceId
    }

    public init(host: String? = nil, ip: String? = nil, version: String? = nil, platform: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, timeZone: String? = nil, mode: String? = nil, lastInputSeconds: Int? = nil, reason: String? = nil, tags: [String]? = nil, text: String? = nil, ts: Int, onlineSince: Int? = nil, lastActivityAt: Int? = nil, deviceId: String? = nil, roles: [String]? = nil, scopes: [String]? = nil, instanceId: String? = nil) {
        self.host = host
        self.ip = ip
        self.version = version
        self.platform = platform
        self.deviceFamily = deviceFamily
        self.modelIdentifier = modelIdentifier
        self.timeZone = timeZone
        self.mode = mode
        self.lastInputSeconds = lastInputSeconds
        self.reason = reason
        self.tags = tags
        self.text = text
        self.ts = ts
        self.onlineSince = onlineSince
        self.lastActivityAt = lastActivityAt
        self.deviceId = deviceId
        self.roles = roles
        self.scopes = scopes
        self.instanceId = instanceId
    }
}

/// Which agent and session a client begins with.
// MARK: - SessionDefaults
public struct SessionDefaults: Codable {
    public var defaultAgentId: String
    /// The short name of the main session.
    public var mainKey: String
    /// The main session of the default agent.
    public var mainSessionKey: String
    public var modelConfigured: Bool?

    public enum CodingKeys: String, CodingKey {
        case defaultAgentId
        case mainKey
        case mainSessionKey
        case modelConfigured
    }

    public init(defaultAgentId: String, mainKey: String, mainSessionKey: String, modelConfigured: Bool? = nil) {
        self.defaultAgentId = defaultAgentId
        self.mainKey = mainKey
        self.mainSessionKey = mainSessionKey
        self.modelConfigured = modelConfigured
    }
}

// MARK: - LimitsGetParams
public struct LimitsGetParams: Codable {
    public var tenant: String?

    public enum CodingKeys: String, CodingKey {
        case tenant
    }

    public init(tenant: String? = nil) {
        self.tenant = tenant
    }
}

// MARK: - LimitsGetResult
public struct LimitsGetResult: Codable {
    public var limits: TenantLimits
    public var own: TenantLimits
    public var used: LimitsGetResultUsed
    /// Today in UTC.
    public var date: String

    public enum CodingKeys: String, CodingKey {
        case limits
        case own
        case used
        case date
    }

    public init(limits: TenantLimits, own: TenantLimits, used: LimitsGetResultUsed, date: String) {
        self.limits = limits
        self.own = own
        self.used = used
        self.date = date
    }
}

/// Days and months are those of UTC.
// MARK: - TenantLimits
public struct TenantLimits: Codable {
    public var accounts: TenantLimitsAccounts?
    public var messagesPerDay: TenantLimitsMessagesPerDay?
    public var mediaBytesPerDay: TenantLimitsMediaBytesPerDay?
    public var runsPerDay: TenantLimitsRunsPerDay?
    public var tokensPerDay: TenantLimitsTokensPerDay?
    public var tokensPerMonth: TenantLimitsTokensPerMonth?

    public enum CodingKeys: String, CodingKey {
        case accounts
        case messagesPerDay
        case mediaBytesPerDay
        case runsPerDay
        case tokensPerDay
        case tokensPerMonth
    }

    public init(accounts: TenantLimitsAccounts? = nil, messagesPerDay: TenantLimitsMessagesPerDay? = nil, mediaBytesPerDay: TenantLimitsMediaBytesPerDay? = nil, runsPerDay: TenantLimitsRunsPerDay? = nil, tokensPerDay: TenantLimitsTokensPerDay? = nil, tokensPerMonth: TenantLimitsTokensPerMonth? = nil) {
        self.accounts = accounts
        self.messagesPerDay = messagesPerDay
        self.mediaBytesPerDay = mediaBytesPerDay
        self.runsPerDay = runsPerDay
        self.tokensPerDay = tokensPerDay
        self.tokensPerMonth = tokensPerMonth
    }
}

/// Accounts besides those of the configuration.
// MARK: - TenantLimitsAccounts
public struct TenantLimitsAccounts: Codable {
    /// Beyond it operators are warned, once.
    public var soft: Int?
    /// Beyond it nothing is taken.
    public var hard: Int?

    public enum CodingKeys: String, CodingKey {
        case soft
        case hard
    }

    public init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

/// Bytes of files that people send, as far as platforms tell their sizes.
// MARK: - TenantLimitsMediaBytesPerDay
public struct TenantLimitsMediaBytesPerDay: Codable {
    /// Beyond it operators are warned, once.
    public var soft: Int?
    /// Beyond it nothing is taken.
    public var hard: Int?

    public enum CodingKeys: String, CodingKey {
        case soft
        case hard
    }

    public init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

/// Messages, commands and presses of people who were let in.
// MARK: - TenantLimitsMessagesPerDay
public struct TenantLimitsMessagesPerDay: Codable {
    /// Beyond it operators are warned, once.
    public var soft: Int?
    /// Beyond it nothing is taken.
    public var hard: Int?

    public enum CodingKeys: String, CodingKey {
        case soft
        case hard
    }

    public init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

/// Runs of agents.
// MARK: - TenantLimitsRunsPerDay
public struct TenantLimitsRunsPerDay: Codable {
    /// Beyond it operators are warned, once.
    public var soft: Int?
    /// Beyond it nothing is taken.
    public var hard: Int?

    public enum CodingKeys: String, CodingKey {
        case soft
        case hard
    }

    public init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

/// Tokens, in and out.
// MARK: - TenantLimitsTokensPerDay
public struct TenantLimitsTokensPerDay: Codable {
    /// Beyond it operators are warned, once.
    public var soft: Int?
    /// Beyond it nothing is taken.
    public var hard: Int?

    public enum CodingKeys: String, CodingKey {
        case soft
        case hard
    }

    public init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

/// Tokens, in and out.
// MARK: - TenantLimitsTokensPerMonth
public struct TenantLimitsTokensPerMonth: Codable {
    /// Beyond it operators are warned, once.
    public var soft: Int?
    /// Beyond it nothing is taken.
    public var hard: Int?

    public enum CodingKeys: String, CodingKey {
        case soft
        case hard
    }

    public init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

// MARK: - LimitsGetResultUsed
public struct LimitsGetResultUsed: Codable {
    public var accounts: Int
    public var messagesPerDay: Int
    public var mediaBytesPerDay: Int
    public var runsPerDay: Int
    public var tokensPerDay: Int
    public var tokensPerMonth: Int

    public enum CodingKeys: String, CodingKey {
        case accounts
        case messagesPerDay
        case mediaBytesPerDay
        case runsPerDay
        case tokensPerDay
        case tokensPerMonth
    }

    public init(accounts: Int, messagesPerDay: Int, mediaBytesPerDay: Int, runsPerDay: Int, tokensPerDay: Int, tokensPerMonth: Int) {
        self.accounts = accounts
        self.messagesPerDay = messagesPerDay
        self.mediaBytesPerDay = mediaBytesPerDay
        self.runsPerDay = runsPerDay
        self.tokensPerDay = tokensPerDay
        self.tokensPerMonth = tokensPerMonth
    }
}

// MARK: - LimitsSetParams
public struct LimitsSetParams: Codable {
    public var tenant: String?
    public var limits: LimitsSetParamsLimits

    public enum CodingKeys: String, CodingKey {
        case tenant
        case limits
    }

    public init(tenant: String? = nil, limits: LimitsSetParamsLimits) {
        self.tenant = tenant
        self.limits = limits
    }
}

// MARK: - LimitsSetParamsLimits
public struct LimitsSetParamsLimits: Codable {
    public var accounts: LimitsSetParamsLimitsAccounts?
    public var messagesPerDay: LimitsSetParamsLimitsMessagesPerDay?
    public var mediaBytesPerDay: LimitsSetParamsLimitsMediaBytesPerDay?
    public var runsPerDay: LimitsSetParamsLimitsRunsPerDay?
    public var tokensPerDay: LimitsSetParamsLimitsTokensPerDay?
    public var tokensPerMonth: LimitsSetParamsLimitsTokensPerMonth?

    public enum CodingKeys: String, CodingKey {
        case accounts
        case messagesPerDay
        case mediaBytesPerDay
        case runsPerDay
        case tokensPerDay
        case tokensPerMonth
    }

    public init(accounts: LimitsSetParamsLimitsAccounts? = nil, messagesPerDay: LimitsSetParamsLimitsMessagesPerDay? = nil, mediaBytesPerDay: LimitsSetParamsLimitsMediaBytesPerDay? = nil, runsPerDay: LimitsSetParamsLimitsRunsPerDay? = nil, tokensPerDay: LimitsSetParamsLimitsTokensPerDay? = nil, tokensPerMonth: LimitsSetParamsLimitsTokensPerMonth? = nil) {
        self.accounts = accounts
        self.messagesPerDay = messagesPerDay
        self.mediaBytesPerDay = mediaBytesPerDay
        self.runsPerDay = runsPerDay
        self.tokensPerDay = tokensPerDay
        self.tokensPerMonth = tokensPerMonth
    }
}

// MARK: - LimitsSetParamsLimitsAccounts
public struct LimitsSetParamsLimitsAccounts: Codable {
    public var soft: Int?
    public var hard: Int?

    public enum CodingKeys: String, CodingKey {
        case soft
        case hard
    }

    public init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

// MARK: - LimitsSetParamsLimitsMediaBytesPerDay
public struct LimitsSetParamsLimitsMediaBytesPerDay: Codable {
    public var soft: Int?
    public var hard: Int?

    public enum CodingKeys: String, CodingKey {
        case soft
        case hard
    }

    public init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

// MARK: - LimitsSetParamsLimitsMessagesPerDay
public struct LimitsSetParamsLimitsMessagesPerDay: Codable {
    public var soft: Int?
    public var hard: Int?

    public enum CodingKeys: String, CodingKey {
        case soft
        case hard
    }

    public init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

// MARK: - LimitsSetParamsLimitsRunsPerDay
public struct LimitsSetParamsLimitsRunsPerDay: Codable {
    public var soft: Int?
    public var hard: Int?

    public enum CodingKeys: String, CodingKey {
        case soft
        case hard
    }

    public init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

// MARK: - LimitsSetParamsLimitsTokensPerDay
public struct LimitsSetParamsLimitsTokensPerDay: Codable {
    public var soft: Int?
    public var hard: Int?

    public enum CodingKeys: String, CodingKey {
        case soft
        case hard
    }

    public init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

// MARK: - LimitsSetParamsLimitsTokensPerMonth
public struct LimitsSetParamsLimitsTokensPerMonth: Codable {
    public var soft: Int?
    public var hard: Int?

    public enum CodingKeys: String, CodingKey {
        case soft
        case hard
    }

    public init(soft: Int? = nil, hard: Int? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

// MARK: - LimitsSetResult
public struct LimitsSetResult: Codable {
    public var own: TenantLimits
    public var limits: TenantLimits

    public enum CodingKeys: String, CodingKey {
        case own
        case limits
    }

    public init(own: TenantLimits, limits: TenantLimits) {
        self.own = own
        self.limits = limits
    }
}

/// A step as it happens, with everything it belongs to.
// MARK: - LiveStep
public struct LiveStep: Codable {
    /// Unix milliseconds.
    public var at: Int
    public var step: String
    public var subject: String
    public var event: String?
    public var turn: String?
    public var delivery: String?
    public var session: String?
    public var channel: String?
    public var accountId: String?
    public var detail: JSONAny?

    public enum CodingKeys: String, CodingKey {
        case at
        case step
        case subject
        case event
        case turn
        case delivery
        case session
        case channel
        case accountId
        case detail
    }

    public init(at: Int, step: String, subject: String, event: String? = nil, turn: String? = nil, delivery: String? = nil, session: String? = nil, channel: String? = nil, accountId: String? = nil, detail: JSONAny? = nil) {
        self.at = at
        self.step = step
        self.subject = subject
        self.event = event
        self.turn = turn
        self.delivery = delivery
        self.session = session
        self.channel = channel
        self.accountId = accountId
        self.detail = detail
    }
}

// MARK: - LogsTailParams
public struct LogsTailParams: Codable {
    /// The `cursor` of the answer before.
    public var cursor: Int?
    /// Default 500.
    public var limit: Int?
    /// Default 250000.
    public var maxBytes: Int?

    public enum CodingKeys: String, CodingKey {
        case cursor
        case limit
        case maxBytes
    }

    public init(cursor: Int? = nil, limit: Int? = nil, maxBytes: Int? = nil) {
        self.cursor = cursor
        self.limit = limit
        self.maxBytes = maxBytes
    }
}

// MARK: - LogsTailResult
public struct LogsTailResult: Codable {
    /// The file's name; its whole path for admins.
    public var file: String
    public var cursor: Int
    public var size: Int
    public var lines: [String]
    /// Older lines were left out: there were more than `limit` or `maxBytes` allow.
    public var truncated: Bool?
    /// What `cursor` pointed at is gone; these are the newest lines.
    public var reset: Bool?
    public var skippedBytes: Int?

    public enum CodingKeys: String, CodingKey {
        case file
        case cursor
        case size
        case lines
        case truncated
        case reset
        case skippedBytes
    }

    public init(file: String, cursor: Int, size: Int, lines: [String], truncated: Bool? = nil, reset: Bool? = nil, skippedBytes: Int? = nil) {
        self.file = file
        self.cursor = cursor
        self.size = size
        self.lines = lines
        self.truncated = truncated
        self.reset = reset
        self.skippedBytes = skippedBytes
    }
}

// MARK: - MediaGetParams
public struct MediaGetParams: Codable {
    public var blob: String
    public var offset: Int?
    public var length: Int?

    public enum CodingKeys: String, CodingKey {
        case blob
        case offset
        case length
    }

    public init(blob: String, offset: Int? = nil, length: Int? = nil) {
        self.blob = blob
        self.offset = offset
        self.length = length
    }
}

// MARK: - MediaGetResult
public struct MediaGetResult: Codable {
    public var content: String
    public var offset: Int
    public var sizeBytes: Int
    public var mimeType: String?
    public var fileName: String?

    public enum CodingKeys: String, CodingKey {
        case content
        case offset
        case sizeBytes
        case mimeType
        case fileName
    }

    public init(content: String, offset: Int, sizeBytes: Int, mimeType: String? = nil, fileName: String? = nil) {
        self.content = content
        self.offset = offset
        self.sizeBytes = sizeBytes
        self.mimeType = mimeType
        self.fileName = fileName
    }
}

// MARK: - MediaPutParams
public struct MediaPutParams: Codable {
    public var content: String
    public var mimeType: String?
    public var fileName: String?

    public enum CodingKeys: String, CodingKey {
        case content
        case mimeType
        case fileName
    }

    public init(content: String, mimeType: String? = nil, fileName: String? = nil) {
        self.content = content
        self.mimeType = mimeType
        self.fileName = fileName
    }
}

// MARK: - MediaPutResult
public struct MediaPutResult: Codable {
    public var blob: String
    public var sizeBytes: Int
    public var mimeType: String?

    public enum CodingKeys: String, CodingKey {
        case blob
        case sizeBytes
        case mimeType
    }

    public init(blob: String, sizeBytes: Int, mimeType: String? = nil) {
        self.blob = blob
        self.sizeBytes = sizeBytes
        self.mimeType = mimeType
    }
}

// MARK: - MessageActionParams
public struct MessageActionParams: Codable {
    public var channel: String
    public var action: String
    public var params: [String: JSONAny]
    public var idempotencyKey: String
    public var accountId: String?
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var sessionKey: String?
    public var agentId: String?
    public var reply: MessageActionParamsReply?

    public enum CodingKeys: String, CodingKey {
        case channel
        case action
        case params
        case idempotencyKey
        case accountId
        case sessionKey
        case agentId
        case reply
    }

    public init(channel: String, action: String, params: [String: JSONAny], idempotencyKey: String, accountId: String? = nil, sessionKey: String? = nil, agentId: String? = nil, reply: MessageActionParamsReply? = nil) {
        self.channel = channel
        self.action = action
        self.params = params
        self.idempotencyKey = idempotencyKey
        self.accountId = accountId
        self.sessionKey = sessionKey
        self.agentId = agentId
        self.reply = reply
    }
}

// MARK: - MessageActionParamsReply
public struct MessageActionParamsReply: Codable {
    public var replyToId: String

    public enum CodingKeys: String, CodingKey {
        case replyToId
    }

    public init(replyToId: String) {
        self.replyToId = replyToId
    }
}

/// Open: what a channel tells of the action.
// MARK: - MessageActionResult
public struct MessageActionResult: Codable {
    public var ok: Bool
    public var action: MessageActionResultAction
    public var channel: String
    public var accountId: String
    public var messageId: String
    public var chatId: String

    public enum CodingKeys: String, CodingKey {
        case ok
        case action
        case channel
        case accountId
        case messageId
        case chatId
    }

    public init(ok: Bool, action: MessageActionResultAction, channel: String, accountId: String, messageId: String, chatId: String) {
        self.ok = ok
        self.action = action
        self.channel = channel
        self.accountId = accountId
        self.messageId = messageId
        self.chatId = chatId
    }
}

public enum MessageActionResultAction: String, Codable {
    case delete = "delete"
    case edit = "edit"
    case react = "react"
    case send = "send"
}

public enum MethodName: String, Codable {
    case agent = "agent"
    case agentIdentityGet = "agent.identity.get"
    case agentWait = "agent.wait"
    case agentsList = "agents.list"
    case alertsTest = "alerts.test"
    case auditLogExport = "auditLog.export"
    case auditLogList = "auditLog.list"
    case auditLogVerify = "auditLog.verify"
    case backupCreate = "backup.create"
    case canvasDocumentList = "canvas.document.list"
    case canvasDocumentPut = "canvas.document.put"
    case canvasDocumentRemove = "canvas.document.remove"
    case channelsAct = "channels.act"
    case channelsAdd = "channels.add"
    case channelsInstall = "channels.install"
    case channelsList = "channels.list"
    case channelsLogout = "channels.logout"
    case channelsManifest = "channels.manifest"
    case channelsPairingApprove = "channels.pairing.approve"
    case channelsPairingDismiss = "channels.pairing.dismiss"
    case channelsPairingList = "channels.pairing.list"
    case channelsRemove = "channels.remove"
    case channelsStart = "channels.start"
    case channelsStatus = "channels.status"
    case channelsStop = "channels.stop"
    case chatAbort = "chat.abort"
    case chatHistory = "chat.history"
    case chatInject = "chat.inject"
    case chatMessageGet = "chat.message.get"
    case chatMetadata = "chat.metadata"
    case chatSend = "chat.send"
    case chatStartup = "chat.startup"
    case commandsList = "commands.list"
    case configApply = "config.apply"
    case configGet = "config.get"
    case configPatch = "config.patch"
    case configSchema = "config.schema"
    case configSchemaLookup = "config.schema.lookup"
    case configSet = "config.set"
    case configValidate = "config.validate"
    case cronList = "cron.list"
    case cronStatus = "cron.status"
    case deadLettersDiscard = "deadLetters.discard"
    case deadLettersGet = "deadLetters.get"
    case deadLettersList = "deadLetters.list"
    case deadLettersReplay = "deadLetters.replay"
    case deliveriesGet = "deliveries.get"
    case deliveriesList = "deliveries.list"
    case devicePairApprove = "device.pair.approve"
    case devicePairList = "device.pair.list"
    case devicePairReject = "device.pair.reject"
    case devicePairRemove = "device.pair.remove"
    case devicePairRename = "device.pair.rename"
    case devicePairSetupCode = "device.pair.setupCode"
    case devicePairSetupStatus = "device.pair.setupStatus"
    case deviceScopesRequestUpgrade = "device.scopes.requestUpgrade"
    case deviceScopesWaitUpgrade = "device.scopes.waitUpgrade"
    case deviceTokenRevoke = "device.token.revoke"
    case deviceTokenRotate = "device.token.rotate"
    case gatewayIdentityGet = "gateway.identity.get"
    case gatewayRestartRequest = "gateway.restart.request"
    case health = "health"
    case lastHeartbeat = "last-heartbeat"
    case limitsGet = "limits.get"
    case limitsSet = "limits.set"
    case logsTail = "logs.tail"
    case mediaGet = "media.get"
    case mediaPut = "media.put"
    case messageAction = "message.action"
    case modelsList = "models.list"
    case nodeDescribe = "node.describe"
    case nodeEvent = "node.event"
    case nodeInvoke = "node.invoke"
    case nodeInvokeProgress = "node.invoke.progress"
    case nodeInvokeResult = "node.invoke.result"
    case nodeList = "node.list"
    case nodePairApprove = "node.pair.approve"
    case nodePairList = "node.pair.list"
    case nodePairReject = "node.pair.reject"
    case nodePairRemove = "node.pair.remove"
    case nodePendingAck = "node.pending.ack"
    case nodePendingDrain = "node.pending.drain"
    case nodePendingEnqueue = "node.pending.enqueue"
    case nodePendingPull = "node.pending.pull"
    case nodePluginSurfaceRefresh = "node.pluginSurface.refresh"
    case nodeRename = "node.rename"
    case peopleResetLink = "people.resetLink"
    case pluginSurfaceRefresh = "plugin.surface.refresh"
    case poll = "poll"
    case send = "send"
    case sessionsAbort = "sessions.abort"
    case sessionsCompact = "sessions.compact"
    case sessionsCreate = "sessions.create"
    case sessionsDelete = "sessions.delete"
    case sessionsDescribe = "sessions.describe"
    case sessionsGet = "sessions.get"
    case sessionsList = "sessions.list"
    case sessionsMessagesSubscribe = "sessions.messages.subscribe"
    case sessionsMessagesUnsubscribe = "sessions.messages.unsubscribe"
    case sessionsPatch = "sessions.patch"
    case sessionsPreview = "sessions.preview"
    case sessionsReset = "sessions.reset"
    case sessionsResolve = "sessions.resolve"
    case sessionsSend = "sessions.send"
    case sessionsSubscribe = "sessions.subscribe"
    case sessionsTranscript = "sessions.transcript"
    case sessionsUsage = "sessions.usage"
    case setHeartbeats = "set-heartbeats"
    case status = "status"
    case systemEvent = "system-event"
    case systemInfo = "system.info"
    case systemPresence = "system-presence"
    case tenantsCreate = "tenants.create"
    case tenantsCreateKey = "tenants.createKey"
    case tenantsList = "tenants.list"
    case tenantsRemove = "tenants.remove"
    case tenantsResume = "tenants.resume"
    case tenantsSuspend = "tenants.suspend"
    case traceGet = "trace.get"
    case traceSubscribe = "trace.subscribe"
    case traceUnsubscribe = "trace.unsubscribe"
    case usageCost = "usage.cost"
    case usageDays = "usage.days"
    case usageRecords = "usage.records"
    case usageReport = "usage.report"
    case usersSelf = "users.self"
    case vaultRotate = "vault.rotate"
    case vaultShred = "vault.shred"
    case vaultStatus = "vault.status"
    case vaultVerify = "vault.verify"
    case webLoginStart = "web.login.start"
    case webLoginWait = "web.login.wait"
}

// MARK: - ModelsListParams
public struct ModelsListParams: Codable {
    public var agentId: String?

    public enum CodingKeys: String, CodingKey {
        case agentId
    }

    public init(agentId: String? = nil) {
        self.agentId = agentId
    }
}

// MARK: - ModelsListResult
public struct ModelsListResult: Codable {
    public var models: [ModelsListResultModel]

    public enum CodingKeys: String, CodingKey {
        case models
    }

    public init(models: [ModelsListResultModel]) {
        self.models = models
    }
}

// MARK: - ModelsListResultModel
public struct ModelsListResultModel: Codable {
    public var id: String
    public var name: String
    public var provider: String
    public var contextWindow: Int?
    public var supportsTools: Bool?
    public var input: [ModelsListResultModelInput]?

    public enum CodingKeys: String, CodingKey {
        case id
        case name
        case provider
        case contextWindow
        case supportsTools
        case input
    }

    public init(id: String, name: String, provider: String, contextWindow: Int? = nil, supportsTools: Bool? = nil, input: [ModelsListResultModelInput]? = nil) {
        self.id = id
        self.name = name
        self.provider = provider
        self.contextWindow = contextWindow
        self.supportsTools = supportsTools
        self.input = input
    }
}

public enum ModelsListResultModelInput: String, Codable {
    case image = "image"
    case text = "text"
}

/// `caps`, `commands` and `permissions` are those in effect: declared, approved, and for
/// commands also allowed.
// MARK: - Node
public struct Node: Codable {
    public var nodeId: String
    public var displayName: String?
    public var platform: String?
    public var version: String?
    public var clientId: String?
    public var clientMode: String?
    public var deviceFamily: String?
    public var modelIdentifier: String?
    public var remoteIp: String?
    public var caps: [String]
    public var commands: [String]
    public var permissions: [String: Bool]?
    public var pathEnv: String?
    public var approvalState: NodeApprovalState
    /// These four: only for those who may decide.
    public var pendingRequestId: String?
    public var pendingDeclaredCaps: [String]?
    public var pendingDeclaredCommands: [String]?
    public var pendingDeclaredPermissions: [String: Bool]?
    /// Unix milliseconds.
    public var connectedAtMs: Int?
    /// Unix milliseconds.
    public var lastConnectedAtMs: Int?
    /// Unix milliseconds.
    public var lastDisconnectedAtMs: Int?
    /// Unix milliseconds.
    public var lastSeenAtMs: Int?
    public var lastSeenReason: String?
    /// Unix milliseconds.
    public var lastActiveAtMs: Int?
    /// Unix milliseconds.
    public var approvedAtMs: Int?
    public var paired: Bool
    public var connected: Bool
    /// The one that a person used last.
    public var active: Bool?

    public enum CodingKeys: String, CodingKey {
        case nodeId
        case displayName
        case platform
        case version
        case clientId
        case clientMode
        case deviceFamily
        case modelIdentifier
        case remoteIp
        case caps
        case commands
        case permissions
        case pathEnv
        case approvalState
        case pendingRequestId
        case pendingDeclaredCaps
        case pendingDeclaredCommands
        case pendingDeclaredPermissions
        case connectedAtMs
        case lastConnectedAtMs
        case lastDisconnectedAtMs
        case lastSeenAtMs
        case lastSeenReason
        case lastActiveAtMs
        case approvedAtMs
        case paired
        case connected
        case active
    }

    public init(nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, clientId: String? = nil, clientMode: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, remoteIp: String? = nil, caps: [String], commands: [String], permissions: [String: Bool]? = nil, pathEnv: String? = nil, approvalState: NodeApprovalState, pendingRequestId: String? = nil, pendingDeclaredCaps: [String]? = nil, pendingDeclaredCommands: [String]? = nil, pendingDeclaredPermissions: [String: Bool]? = nil, connectedAtMs: Int? = nil, lastConnectedAtMs: Int? = nil, lastDisconnectedAtMs: Int? = nil, lastSeenAtMs: Int? = nil, lastSeenReason: String? = nil, lastActiveAtMs: Int? = nil, approvedAtMs: Int? = nil, paired: Bool, connected: Bool, active: Bool? = nil) {
        self.nodeId = nodeId
        self.displayName = displayName
        self.platform = platform
        self.version = version
        self.clientId = clientId
        self.clientMode = clientMode
        self.deviceFamily = deviceFamily
        self.modelIdentifier = modelIdentifier
        self.remoteIp = remoteIp
        self.caps = caps
        self.commands = commands
        self.permissions = permissions
        self.pathEnv = pathEnv
        self.approvalState = approvalState
        self.pendingRequestId = pendingRequestId
        self.pendingDeclaredCaps = pendingDeclaredCaps
        self.pendingDeclaredCommands = pendingDeclaredCommands
        self.pendingDeclaredPermissions = pendingDeclaredPermissions
        self.connectedAtMs = connectedAtMs
        self.lastConnectedAtMs = lastConnectedAtMs
        self.lastDisconnectedAtMs = lastDisconnectedAtMs
        self.lastSeenAtMs = lastSeenAtMs
        self.lastSeenReason = lastSeenReason
        self.lastActiveAtMs = lastActiveAtMs
        self.approvedAtMs = approvedAtMs
        self.paired = paired
        self.connected = connected
        self.active = active
    }
}

public enum NodeApprovalState: String, Codable {
    case approved = "approved"
    case pendingApproval = "pending-approval"
    case pendingReapproval = "pending-reapproval"
    case unapproved = "unapproved"
}

// MARK: - NodeDescribeParams
public struct NodeDescribeParams: Codable {
    public var nodeId: String

    public enum CodingKeys: String, CodingKey {
        case nodeId
    }

    public init(nodeId: String) {
        self.nodeId = nodeId
    }
}

// MARK: - NodeDescribeResult
public struct NodeDescribeResult: Codable {
    /// Unix milliseconds.
    public var ts: Int
    public var nodeId: String
    public var displayName: String?
    public var platform: String?
    public var version: String?
    public var clientId: String?
    public var clientMode: String?
    public var deviceFamily: String?
    public var modelIdentifier: String?
    public var remoteIp: String?
    public var caps: [String]
    public var commands: [String]
    public var permissions: [String: Bool]?
    public var pathEnv: String?
    public var approvalState: NodeApprovalState
    /// These four: only for those who may decide.
    public var pendingRequestId: String?
    public var pendingDeclaredCaps: [String]?
    public var pendingDeclaredCommands: [String]?
    public var pendingDeclaredPermissions: [String: Bool]?
    /// Unix milliseconds.
    public var connectedAtMs: Int?
    /// Unix milliseconds.
    public var lastConnectedAtMs: Int?
    /// Unix milliseconds.
    public var lastDisconnectedAtMs: Int?
    /// Unix milliseconds.
    public var lastSeenAtMs: Int?
    public var lastSeenReason: String?
    /// Unix milliseconds.
    public var lastActiveAtMs: Int?
    /// Unix milliseconds.
    public var approvedAtMs: Int?
    public var paired: Bool
    public var connected: Bool
    /// The one that a person used last.
    public var active: Bool?

    public enum CodingKeys: String, CodingKey {
        case ts
        case nodeId
        case displayName
        case platform
        case version
        case clientId
        case clientMode
        case deviceFamily
        case modelIdentifier
        case remoteIp
        case caps
        case commands
        case permissions
        case pathEnv
        case approvalState
        case pendingRequestId
        case pendingDeclaredCaps
        case pendingDeclaredCommands
        case pendingDeclaredPermissions
        case connectedAtMs
        case lastConnectedAtMs
        case lastDisconnectedAtMs
        case lastSeenAtMs
        case lastSeenReason
        case lastActiveAtMs
        case approvedAtMs
        case paired
        case connected
        case active
    }

    public init(ts: Int, nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, clientId: String? = nil, clientMode: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, remoteIp: String? = nil, caps: [String], commands: [String], permissions: [String: Bool]? = nil, pathEnv: String? = nil, approvalState: NodeApprovalState, pendingRequestId: String? = nil, pendingDeclaredCaps: [String]? = nil, pendingDeclaredCommands: [String]? = nil, pendingDeclaredPermissions: [String: Bool]? = nil, connectedAtMs: Int? = nil, lastConnectedAtMs: Int? = nil, lastDisconnectedAtMs: Int? = nil, lastSeenAtMs: Int? = nil, lastSeenReason: String? = nil, lastActiveAtMs: Int? = nil, approvedAtMs: Int? = nil, paired: Bool, connected: Bool, active: Bool? = nil) {
        self.ts = ts
        self.nodeId = nodeId
        self.displayName = displayName
        self.platform = platform
        self.version = version
        self.clientId = clientId
        self.clientMode = clientMode
        self.deviceFamily = deviceFamily
        self.modelIdentifier = modelIdentifier
        self.remoteIp = remoteIp
        self.caps = caps
        self.commands = commands
        self.permissions = permissions
        self.pathEnv = pathEnv
        self.approvalState = approvalState
        self.pendingRequestId = pendingRequestId
        self.pendingDeclaredCaps = pendingDeclaredCaps
        self.pendingDeclaredCommands = pendingDeclaredCommands
        self.pendingDeclaredPermissions = pendingDeclaredPermissions
        self.connectedAtMs = connectedAtMs
        self.lastConnectedAtMs = lastConnectedAtMs
        self.lastDisconnectedAtMs = lastDisconnectedAtMs
        self.lastSeenAtMs = lastSeenAtMs
        self.lastSeenReason = lastSeenReason
        self.lastActiveAtMs = lastActiveAtMs
        self.approvedAtMs = approvedAtMs
        self.paired = paired
        self.connected = connected
        self.active = active
    }
}

// MARK: - NodeEventParams
public struct NodeEventParams: Codable {
    public var event: String
    public var payload: JSONAny?
    public var payloadJson: String?

    public enum CodingKeys: String, CodingKey {
        case event
        case payload
        case payloadJson
    }

    public init(event: String, payload: JSONAny? = nil, payloadJson: String? = nil) {
        self.event = event
        self.payload = payload
        self.payloadJson = payloadJson
    }
}

// MARK: - NodeEventResult
public struct NodeEventResult: Codable {
    public var ok: Bool
    public var event: String
    public var handled: Bool
    public var reason: String?

    public enum CodingKeys: String, CodingKey {
        case ok
        case event
        case handled
        case reason
    }

    public init(ok: Bool, event: String, handled: Bool, reason: String? = nil) {
        self.ok = ok
        self.event = event
        self.handled = handled
        self.reason = reason
    }
}

// MARK: - NodeInvokeCancelEvent
public struct NodeInvokeCancelEvent: Codable {
    public var invokeId: String
    public var nodeId: String

    public enum CodingKeys: String, CodingKey {
        case invokeId
        case nodeId
    }

    public init(invokeId: String, nodeId: String) {
        self.invokeId = invokeId
        self.nodeId = nodeId
    }
}

// MARK: - NodeInvokeParams
public struct NodeInvokeParams: Codable {
    public var nodeId: String
    public var command: String
    public var params: JSONAny?
    /// Default 30000, at most 600000.
    public var timeoutMs: Int?
    public var idempotencyKey: String
    public var sessionKey: String?
    /// Ours: what the node says while it works comes as `node.invoke.progress`, to this
    /// connection only.
    public var progress: Bool?

    public enum CodingKeys: String, CodingKey {
        case nodeId
        case command
        case params
        case timeoutMs
        case idempotencyKey
        case sessionKey
        case progress
    }

    public init(nodeId: String, command: String, params: JSONAny? = nil, timeoutMs: Int? = nil, idempotencyKey: String, sessionKey: String? = nil, progress: Bool? = nil) {
        self.nodeId = nodeId
        self.command = command
        self.params = params
        self.timeoutMs = timeoutMs
        self.idempotencyKey = idempotencyKey
        self.sessionKey = sessionKey
        self.progress = progress
    }
}

// MARK: - NodeInvokeProgressEvent
public struct NodeInvokeProgressEvent: Codable {
    public var nodeId: String
    public var idempotencyKey: String
    public var seq: Int
    public var chunk: String

    public enum CodingKeys: String, CodingKey {
        case nodeId
        case idempotencyKey
        case seq
        case chunk
    }

    public init(nodeId: String, idempotencyKey: String, seq: Int, chunk: String) {
        self.nodeId = nodeId
        self.idempotencyKey = idempotencyKey
        self.seq = seq
        self.chunk = chunk
    }
}

// MARK: - NodeInvokeProgressParams
public struct NodeInvokeProgressParams: Codable {
    public var invokeId: String
    public var nodeId: String
    public var seq: Int
    public var chunk: String

    public enum CodingKeys: String, CodingKey {
        case invokeId
        case nodeId
        case seq
        case chunk
    }

    public init(invokeId: String, nodeId: String, seq: Int, chunk: String) {
        self.invokeId = invokeId
        self.nodeId = nodeId
        self.seq = seq
        self.chunk = chunk
    }
}

// MARK: - NodeInvokeProgressResult
public struct NodeInvokeProgressResult: Codable {
    public var ok: Bool
    public var ignored: Bool?

    public enum CodingKeys: String, CodingKey {
        case ok
        case ignored
    }

    public init(ok: Bool, ignored: Bool? = nil) {
        self.ok = ok
        self.ignored = ignored
    }
}

// MARK: - NodeInvokeRequestEvent
public struct NodeInvokeRequestEvent: Codable {
    public var id: String
    public var nodeId: String
    public var command: String
    public var paramsJson: String?
    public var timeoutMs: Int?
    public var idempotencyKey: String?
    public var sessionKey: String?

    public enum CodingKeys: String, CodingKey {
        case id
        case nodeId
        case command
        case paramsJson
        case timeoutMs
        case idempotencyKey
        case sessionKey
    }

    public init(id: String, nodeId: String, command: String, paramsJson: String? = nil, timeoutMs: Int? = nil, idempotencyKey: String? = nil, sessionKey: String? = nil) {
        self.id = id
        self.nodeId = nodeId
        self.command = command
        self.paramsJson = paramsJson
        self.timeoutMs = timeoutMs
        self.idempotencyKey = idempotencyKey
        self.sessionKey = sessionKey
    }
}

// MARK: - NodeInvokeResult
public struct NodeInvokeResult: Codable {
    public var ok: Bool
    public var nodeId: String
    public var command: String
    public var payload: JSONAny?
    public var payloadJson: String?

    public enum CodingKeys: String, CodingKey {
        case ok
        case nodeId
        case command
        case payload
        case payloadJson
    }

    public init(ok: Bool, nodeId: String, command: String, payload: JSONAny? = nil, payloadJson: String? = nil) {
        self.ok = ok
        self.nodeId = nodeId
        self.command = command
        self.payload = payload
        self.payloadJson = payloadJson
    }
}

// MARK: - NodeInvokeResultParams
public struct NodeInvokeResultParams: Codable {
    public var id: String
    public var nodeId: String
    public var ok: Bool
    public var payload: JSONAny?
    public var payloadJson: String?
    public var error: NodeInvokeResultParamsError?

    public enum CodingKeys: String, CodingKey {
        case id
        case nodeId
        case ok
        case payload
        case payloadJson
        case error
    }

    public init(id: String, nodeId: String, ok: Bool, payload: JSONAny? = nil, payloadJson: String? = nil, error: NodeInvokeResultParamsError? = nil) {
        self.id = id
        self.nodeId = nodeId
        self.ok = ok
        self.payload = payload
        self.payloadJson = payloadJson
        self.error = error
    }
}

// MARK: - NodeInvokeResultParamsError
public struct NodeInvokeResultParamsError: Codable {
    public var code: String?
    public var message: String?

    public enum CodingKeys: String, CodingKey {
        case code
        case message
    }

    public init(code: String? = nil, message: String? = nil) {
        self.code = code
        self.message = message
    }
}

// MARK: - NodeInvokeResultResult
public struct NodeInvokeResultResult: Codable {
    public var ok: Bool
    public var ignored: Bool?

    public enum CodingKeys: String, CodingKey {
        case ok
        case ignored
    }

    public init(ok: Bool, ignored: Bool? = nil) {
        self.ok = ok
        self.ignored = ignored
    }
}

// MARK: - NodeListResult
public struct NodeListResult: Codable {
    /// Unix milliseconds.
    public var ts: Int
    public var activeNodeId: String?
    public var nodes: [Node]

    public enum CodingKeys: String, CodingKey {
        case ts
        case activeNodeId
        case nodes
    }

    public init(ts: Int, activeNodeId: String? = nil, nodes: [Node]) {
        self.ts = ts
        self.activeNodeId = activeNodeId
        self.nodes = nodes
    }
}

// MARK: - NodePairApproveParams
public struct NodePairApproveParams: Codable {
    public var requestId: String

    public enum CodingKeys: String, CodingKey {
        case requestId
    }

    public init(requestId: String) {
        self.requestId = requestId
    }
}

// MARK: - NodePairApproveResult
public struct NodePairApproveResult: Codable {
    public var requestId: String
    public var node: ApprovedNode

    public enum CodingKeys: String, CodingKey {
        case requestId
        case node
    }

    public init(requestId: String, node: ApprovedNode) {
        self.requestId = requestId
        self.node = node
    }
}

// MARK: - NodePairListResult
public struct NodePairListResult: Codable {
    public var pending: [PendingNode]
    public var paired: [ApprovedNode]

    public enum CodingKeys: String, CodingKey {
        case pending
        case paired
    }

    public init(pending: [PendingNode], paired: [ApprovedNode]) {
        self.pending = pending
        self.paired = paired
    }
}

/// What a node offers beyond what was approved for it, until somebody decides. It does not
/// expire.
// MARK: - PendingNode
public struct PendingNode: Codable {
    public var requestId: String
    public var nodeId: String
    public var displayName: String?
    public var platform: String?
    public var version: String?
    public var clientId: String?
    public var clientMode: String?
    public var deviceFamily: String?
    public var modelIdentifier: String?
    public var remoteIp: String?
    public var caps: [String]?
    public var commands: [String]?
    public var permissions: [String: Bool]?
    /// What an approver must hold besides `operator.pairing`.
    public var requiredApproveScopes: [String]
    /// Unix milliseconds.
    public var ts: Int

    public enum CodingKeys: String, CodingKey {
        case requestId
        case nodeId
        case displayName
        case platform
        case version
        case clientId
        case clientMode
        case deviceFamily
        case modelIdentifier
        case remoteIp
        case caps
        case commands
        case permissions
        case requiredApproveScopes
        case ts
    }

    public init(requestId: String, nodeId: String, displayName: String? = nil, platform: String? = nil, version: String? = nil, clientId: String? = nil, clientMode: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, remoteIp: String? = nil, caps: [String]? = nil, commands: [String]? = nil, permissions: [String: Bool]? = nil, requiredApproveScopes: [String], ts: Int) {
        self.requestId = requestId
        self.nodeId = nodeId
        self.displayName = displayName
        self.platform = platform
        self.version = version
        self.clientId = clientId
        self.clientMode = clientMode
        self.deviceFamily = deviceFamily
        self.modelIdentifier = modelIdentifier
        self.remoteIp = remoteIp
        self.caps = caps
        self.commands = commands
        self.permissions = permissions
        self.requiredApproveScopes = requiredApproveScopes
        self.ts = ts
    }
}

// MARK: - NodePairRejectParams
public struct NodePairRejectParams: Codable {
    public var requestId: String

    public enum CodingKeys: String, CodingKey {
        case requestId
    }

    public init(requestId: String) {
        self.requestId = requestId
    }
}

// MARK: - NodePairRejectResult
public struct NodePairRejectResult: Codable {
    public var requestId: String
    public var nodeId: String

    public enum CodingKeys: String, CodingKey {
        case requestId
        case nodeId
    }

    public init(requestId: String, nodeId: String) {
        self.requestId = requestId
        self.nodeId = nodeId
    }
}

// MARK: - NodePairRemoveParams
public struct NodePairRemoveParams: Codable {
    public var nodeId: String

    public enum CodingKeys: String, CodingKey {
        case nodeId
    }

    public init(nodeId: String) {
        self.nodeId = nodeId
    }
}

// MARK: - NodePairRemoveResult
public struct NodePairRemoveResult: Codable {
    public var nodeId: String

    public enum CodingKeys: String, CodingKey {
        case nodeId
    }

    public init(nodeId: String) {
        self.nodeId = nodeId
    }
}

// MARK: - NodePairResolvedEvent
public struct NodePairResolvedEvent: Codable {
    public var requestId: String
    public var nodeId: String
    public var decision: NodePairResolvedEventDecision
    /// Unix milliseconds.
    public var ts: Int

    public enum CodingKeys: String, CodingKey {
        case requestId
        case nodeId
        case decision
        case ts
    }

    public init(requestId: String, nodeId: String, decision: NodePairResolvedEventDecision, ts: Int) {
        self.requestId = requestId
        self.nodeId = nodeId
        self.decision = decision
        self.ts = ts
    }
}

public enum NodePairResolvedEventDecision: String, Codable {
    case approved = "approved"
    case rejected = "rejected"
    case removed = "removed"
}

// MARK: - NodePendingAckParams
public struct NodePendingAckParams: Codable {
    public var ids: [String]

    public enum CodingKeys: String, CodingKey {
        case ids
    }

    public init(ids: [String]) {
        self.ids = ids
    }
}

// MARK: - NodePendingAckResult
public struct NodePendingAckResult: Codable {
    public var nodeId: String
    public var ackedIds: [String]
    public var remainingCount: Int

    public enum CodingKeys: String, CodingKey {
        case nodeId
        case ackedIds
        case remainingCount
    }

    public init(nodeId: String, ackedIds: [String], remainingCount: Int) {
        self.nodeId = nodeId
        self.ackedIds = ackedIds
        self.remainingCount = remainingCount
    }
}

// MARK: - NodePendingDrainParams
public struct NodePendingDrainParams: Codable {
    /// Default 4.
    public var maxItems: Int?

    public enum CodingKeys: String, CodingKey {
        case maxItems
    }

    public init(maxItems: Int? = nil) {
        self.maxItems = maxItems
    }
}

// MARK: - NodePendingDrainResult
public struct NodePendingDrainResult: Codable {
    public var nodeId: String
    public var revision: Int
    public var items: [NodePendingDrainResultItem]
    public var hasMore: Bool

    public enum CodingKeys: String, CodingKey {
        case nodeId
        case revision
        case items
        case hasMore
    }

    public init(nodeId: String, revision: Int, items: [NodePendingDrainResultItem], hasMore: Bool) {
        self.nodeId = nodeId
        self.revision = revision
        self.items = items
        self.hasMore = hasMore
    }
}

// MARK: - NodePendingDrainResultItem
public struct NodePendingDrainResultItem: Codable {
    public var id: String
    public var type: NodePendingEnqueueParamsType
    public var priority: NodePendingEnqueueParamsPriority
    /// Unix milliseconds.
    public var createdAtMs: Int
    /// Unix milliseconds.
    public var expiresAtMs: Int?

    public enum CodingKeys: String, CodingKey {
        case id
        case type
        case priority
        case createdAtMs
        case expiresAtMs
    }

    public init(id: String, type: NodePendingEnqueueParamsType, priority: NodePendingEnqueueParamsPriority, createdAtMs: Int, expiresAtMs: Int? = nil) {
        self.id = id
        self.type = type
        self.priority = priority
        self.createdAtMs = createdAtMs
        self.expiresAtMs = expiresAtMs
    }
}

public enum NodePendingEnqueueParamsPriority: String, Codable {
    case high = "high"
    case normal = "normal"
}

public enum NodePendingEnqueueParamsType: String, Codable {
    case locationRequest = "location.request"
    case statusRequest = "status.request"
}

// MARK: - NodePendingEnqueueParams
public struct NodePendingEnqueueParams: Codable {
    public var nodeId: String
    public var type: NodePendingEnqueueParamsType
    public var priority: NodePendingEnqueueParamsPriority?
    /// Default ten minutes.
    public var expiresInMs: Int?
    /// Has no effect here: there is no push service.
    public var wake: Bool?

    public enum CodingKeys: String, CodingKey {
        case nodeId
        case type
        case priority
        case expiresInMs
        case wake
    }

    public init(nodeId: String, type: NodePendingEnqueueParamsType, priority: NodePendingEnqueueParamsPriority? = nil, expiresInMs: Int? = nil, wake: Bool? = nil) {
        self.nodeId = nodeId
        self.type = type
        self.priority = priority
        self.expiresInMs = expiresInMs
        self.wake = wake
    }
}

// MARK: - NodePendingEnqueueResult
public struct NodePendingEnqueueResult: Codable {
    public var nodeId: String
    public var revision: Int
    public var queued: NodePendingEnqueueResultQueued
    public var wakeTriggered: Bool

    public enum CodingKeys: String, CodingKey {
        case nodeId
        case revision
        case queued
        case wakeTriggered
    }

    public init(nodeId: String, revision: Int, queued: NodePendingEnqueueResultQueued, wakeTriggered: Bool) {
        self.nodeId = nodeId
        self.revision = revision
        self.queued = queued
        self.wakeTriggered = wakeTriggered
    }
}

// MARK: - NodePendingEnqueueResultQueued
public struct NodePendingEnqueueResultQueued: Codable {
    public var id: String
    public var type: NodePendingEnqueueParamsType
    public var priority: NodePendingEnqueueParamsPriority
    /// Unix milliseconds.
    public var createdAtMs: Int
    /// Unix milliseconds.
    public var expiresAtMs: Int?

    public enum CodingKeys: String, CodingKey {
        case id
        case type
        case priority
        case createdAtMs
        case expiresAtMs
    }

    public init(id: String, type: NodePendingEnqueueParamsType, priority: NodePendingEnqueueParamsPriority, createdAtMs: Int, expiresAtMs: Int? = nil) {
        self.id = id
        self.type = type
        self.priority = priority
        self.createdAtMs = createdAtMs
        self.expiresAtMs = expiresAtMs
    }
}

// MARK: - NodePendingPullResult
public struct NodePendingPullResult: Codable {
    public var nodeId: String
    public var actions: [NodePendingPullResultAction]

    public enum CodingKeys: String, CodingKey {
        case nodeId
        case actions
    }

    public init(nodeId: String, actions: [NodePendingPullResultAction]) {
        self.nodeId = nodeId
        self.actions = actions
    }
}

// MARK: - NodePendingPullResultAction
public struct NodePendingPullResultAction: Codable {
    public var id: String
    public var command: String
    public var paramsJson: String?
    /// Unix milliseconds.
    public var enqueuedAtMs: Int

    public enum CodingKeys: String, CodingKey {
        case id
        case command
        case paramsJson
        case enqueuedAtMs
    }

    public init(id: String, command: String, paramsJson: String? = nil, enqueuedAtMs: Int) {
        self.id = id
        self.command = command
        self.paramsJson = paramsJson
        self.enqueuedAtMs = enqueuedAtMs
    }
}

// MARK: - NodePluginSurfaceRefreshParams
public struct NodePluginSurfaceRefreshParams: Codable {
    public var surface: String
    public var observedUrl: String?

    public enum CodingKeys: String, CodingKey {
        case surface
        case observedUrl
    }

    public init(surface: String, observedUrl: String? = nil) {
        self.surface = surface
        self.observedUrl = observedUrl
    }
}

// MARK: - NodePluginSurfaceRefreshResult
public struct NodePluginSurfaceRefreshResult: Codable {
    public var surface: String
    /// By the surface's name. Whoever has such an address may read what is behind it: do not log
    /// it.
    public var pluginSurfaceUrls: [String: String]
    /// Unix milliseconds.
    public var expiresAtMs: Int?

    public enum CodingKeys: String, CodingKey {
        case surface
        case pluginSurfaceUrls
        case expiresAtMs
    }

    public init(surface: String, pluginSurfaceUrls: [String: String], expiresAtMs: Int? = nil) {
        self.surface = surface
        self.pluginSurfaceUrls = pluginSurfaceUrls
        self.expiresAtMs = expiresAtMs
    }
}

// MARK: - NodePresenceEvent
public struct NodePresenceEvent: Codable {
    public var nodeId: String
    public var connected: Bool
    /// Unix milliseconds.
    public var lastActiveAtMs: Int?
    /// Unix milliseconds.
    public var ts: Int

    public enum CodingKeys: String, CodingKey {
        case nodeId
        case connected
        case lastActiveAtMs
        case ts
    }

    public init(nodeId: String, connected: Bool, lastActiveAtMs: Int? = nil, ts: Int) {
        self.nodeId = nodeId
        self.connected = connected
        self.lastActiveAtMs = lastActiveAtMs
        self.ts = ts
    }
}

// MARK: - NodeRenameParams
public struct NodeRenameParams: Codable {
    public var nodeId: String
    public var displayName: String

    public enum CodingKeys: String, CodingKey {
        case nodeId
        case displayName
    }

    public init(nodeId: String, displayName: String) {
        self.nodeId = nodeId
        self.displayName = displayName
    }
}

// MARK: - NodeRenameResult
public struct NodeRenameResult: Codable {
    public var nodeId: String
    public var displayName: String

    public enum CodingKeys: String, CodingKey {
        case nodeId
        case displayName
    }

    public init(nodeId: String, displayName: String) {
        self.nodeId = nodeId
        self.displayName = displayName
    }
}

// MARK: - PeopleResetLinkParams
public struct PeopleResetLinkParams: Codable {
    public var email: String

    public enum CodingKeys: String, CodingKey {
        case email
    }

    public init(email: String) {
        self.email = email
    }
}

// MARK: - PeopleResetLinkResult
public struct PeopleResetLinkResult: Codable {
    public var link: String

    public enum CodingKeys: String, CodingKey {
        case link
    }

    public init(link: String) {
        self.link = link
    }
}

// MARK: - PluginSurfaceRefreshParams
public struct PluginSurfaceRefreshParams: Codable {
    public var surface: String
    /// Lower case, so that it is the same name on every file system.
    public var documentId: String?

    public enum CodingKeys: String, CodingKey {
        case surface
        case documentId
    }

    public init(surface: String, documentId: String? = nil) {
        self.surface = surface
        self.documentId = documentId
    }
}

// MARK: - PluginSurfaceRefreshResult
public struct PluginSurfaceRefreshResult: Codable {
    public var surface: String
    /// By the surface's name. Whoever has such an address may read what is behind it: do not log
    /// it.
    public var pluginSurfaceUrls: [String: String]
    /// Unix milliseconds.
    public var expiresAtMs: Int?

    public enum CodingKeys: String, CodingKey {
        case surface
        case pluginSurfaceUrls
        case expiresAtMs
    }

    public init(surface: String, pluginSurfaceUrls: [String: String], expiresAtMs: Int? = nil) {
        self.surface = surface
        self.pluginSurfaceUrls = pluginSurfaceUrls
        self.expiresAtMs = expiresAtMs
    }
}

// MARK: - PollParams
public struct PollParams: Codable {
    public var to: String
    public var question: String
    public var options: [String]
    public var maxSelections: Int?
    public var durationSeconds: Int?
    public var durationHours: Int?
    public var silent: Bool?
    public var isAnonymous: Bool?
    public var threadId: String?
    public var channel: String?
    public var accountId: String?
    public var idempotencyKey: String

    public enum CodingKeys: String, CodingKey {
        case to
        case question
        case options
        case maxSelections
        case durationSeconds
        case durationHours
        case silent
        case isAnonymous
        case threadId
        case channel
        case accountId
        case idempotencyKey
    }

    public init(to: String, question: String, options: [String], maxSelections: Int? = nil, durationSeconds: Int? = nil, durationHours: Int? = nil, silent: Bool? = nil, isAnonymous: Bool? = nil, threadId: String? = nil, channel: String? = nil, accountId: String? = nil, idempotencyKey: String) {
        self.to = to
        self.question = question
        self.options = options
        self.maxSelections = maxSelections
        self.durationSeconds = durationSeconds
        self.durationHours = durationHours
        self.silent = silent
        self.isAnonymous = isAnonymous
        self.threadId = threadId
        self.channel = channel
        self.accountId = accountId
        self.idempotencyKey = idempotencyKey
    }
}

// MARK: - PollResult
public struct PollResult: Codable {
    public var runId: String
    public var messageId: String
    public var channel: String
    public var pollId: String?

    public enum CodingKeys: String, CodingKey {
        case runId
        case messageId
        case channel
        case pollId
    }

    public init(runId: String, messageId: String, channel: String, pollId: String? = nil) {
        self.runId = runId
        self.messageId = messageId
        self.channel = channel
        self.pollId = pollId
    }
}

// MARK: - PresenceEvent
public struct PresenceEvent: Codable {
    public var presence: [Presence]

    public enum CodingKeys: String, CodingKey {
        case presence
    }

    public init(presence: [Presence]) {
        self.presence = presence
    }
}

/// What waits in one of the three queues.
// MARK: - QueueDepth
public struct QueueDepth: Codable {
    public var depth: Int
    public var oldestAgeMs: Int

    public enum CodingKeys: String, CodingKey {
        case depth
        case oldestAgeMs
    }

    public init(depth: Int, oldestAgeMs: Int) {
        self.depth = depth
        self.oldestAgeMs = oldestAgeMs
    }
}

/// Client to gateway. Unknown keys are ignored.
// MARK: - RequestFrame
public struct RequestFrame: Codable {
    public var type: String
    /// The client's own; comes back with the answer.
    public var id: String
    public var method: String
    public var params: JSONAny?
    /// W3C trace context, for whoever follows a request through several programs.
    public var traceparent: String?

    public enum CodingKeys: String, CodingKey {
        case type
        case id
        case method
        case params
        case traceparent
    }

    public init(type: String, id: String, method: String, params: JSONAny? = nil, traceparent: String? = nil) {
        self.type = type
        self.id = id
        self.method = method
        self.params = params
        self.traceparent = traceparent
    }
}

/// Gateway to client: the answer to one request. `agent` answers twice under one id.
// MARK: - ResponseFrame
public struct ResponseFrame: Codable {
    public var type: String
    /// The request's.
    public var id: String
    public var ok: Bool
    /// The method's result, when `ok`.
    public var payload: JSONAny?
    public var error: ErrorShape?

    public enum CodingKeys: String, CodingKey {
        case type
        case id
        case ok
        case payload
        case error
    }

    public init(type: String, id: String, ok: Bool, payload: JSONAny? = nil, error: ErrorShape? = nil) {
        self.type = type
        self.id = id
        self.ok = ok
        self.payload = payload
        self.error = error
    }
}

// MARK: - SendParams
public struct SendParams: Codable {
    public var to: String
    public var idempotencyKey: String
    public var message: String?
    public var mediaUrl: String?
    public var mediaUrls: [String]?
    /// Base64.
    public var buffer: String?
    public var filename: String?
    public var contentType: String?
    public var asVoice: Bool?
    public var channel: String?
    public var accountId: String?
    public var agentId: String?
    public var replyToId: String?
    public var threadId: String?
    public var silent: Bool?
    /// Pictures and films as files, as they are.
    public var forceDocument: Bool?
    /// Refused: messages are Markdown.
    public var parseMode: String?
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var sessionKey: String?
    /// Not before this; until then the delivery is `scheduled`. Unix milliseconds.
    public var sendAt: Int?
    public var priority: DeliveryPriority?

    public enum CodingKeys: String, CodingKey {
        case to
        case idempotencyKey
        case message
        case mediaUrl
        case mediaUrls
        case buffer
        case filename
        case contentType
        case asVoice
        case channel
        case accountId
        case agentId
        case replyToId
        case threadId
        case silent
        case forceDocument
        case parseMode
        case sessionKey
        case sendAt
        case priority
    }

    public init(to: String, idempotencyKey: String, message: String? = nil, mediaUrl: String? = nil, mediaUrls: [String]? = nil, buffer: String? = nil, filename: String? = nil, contentType: String? = nil, asVoice: Bool? = nil, channel: String? = nil, accountId: String? = nil, agentId: String? = nil, replyToId: String? = nil, threadId: String? = nil, silent: Bool? = nil, forceDocument: Bool? = nil, parseMode: String? = nil, sessionKey: String? = nil, sendAt: Int? = nil, priority: DeliveryPriority? = nil) {
        self.to = to
        self.idempotencyKey = idempotencyKey
        self.message = message
        self.mediaUrl = mediaUrl
        self.mediaUrls = mediaUrls
        self.buffer = buffer
        self.filename = filename
        self.contentType = contentType
        self.asVoice = asVoice
        self.channel = channel
        self.accountId = accountId
        self.agentId = agentId
        self.replyToId = replyToId
        self.threadId = threadId
        self.silent = silent
        self.forceDocument = forceDocument
        self.parseMode = parseMode
        self.sessionKey = sessionKey
        self.sendAt = sendAt
        self.priority = priority
    }
}

// MARK: - SendResult
public struct SendResult: Codable {
    public var runId: String
    /// The platform's id; a delivery's id when it is scheduled or still on its way.
    public var messageId: String
    public var channel: String
    public var chatId: String?
    public var conversationId: String?
    public var deliveryIds: [String]
    public var state: SendResultState

    public enum CodingKeys: String, CodingKey {
        case runId
        case messageId
        case channel
        case chatId
        case conversationId
        case deliveryIds
        case state
    }

    public init(runId: String, messageId: String, channel: String, chatId: String? = nil, conversationId: String? = nil, deliveryIds: [String], state: SendResultState) {
        self.runId = runId
        self.messageId = messageId
        self.channel = channel
        self.chatId = chatId
        self.conversationId = conversationId
        self.deliveryIds = deliveryIds
        self.state = state
    }
}

public enum SendResultState: String, Codable {
    case queued = "queued"
    case scheduled = "scheduled"
    case sent = "sent"
}

/// What was chosen for a session.
// MARK: - SessionEntry
public struct SessionEntry: Codable {
    public var sessionId: String
    /// Unix milliseconds.
    public var updatedAt: Int
    public var label: String?
    public var model: String?
    public var thinkingLevel: String?
    public var verbosity: String?
    public var reasoningLevel: String?

    public enum CodingKeys: String, CodingKey {
        case sessionId
        case updatedAt
        case label
        case model
        case thinkingLevel
        case verbosity
        case reasoningLevel
    }

    public init(sessionId: String, updatedAt: Int, label: String? = nil, model: String? = nil, thinkingLevel: String? = nil, verbosity: String? = nil, reasoningLevel: String? = nil) {
        self.sessionId = sessionId
        self.updatedAt = updatedAt
        self.label = label
        self.model = model
        self.thinkingLevel = thinkingLevel
        self.verbosity = verbosity
        self.reasoningLevel = reasoningLevel
    }
}

// MARK: - SessionsAbortParams
public struct SessionsAbortParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String?
    public var runId: String?
    public var agentId: String?
    /// False: what waits behind the running one stays. Default true.
    public var clearQueued: Bool?

    public enum CodingKeys: String, CodingKey {
        case key
        case runId
        case agentId
        case clearQueued
    }

    public init(key: String? = nil, runId: String? = nil, agentId: String? = nil, clearQueued: Bool? = nil) {
        self.key = key
        self.runId = runId
        self.agentId = agentId
        self.clearQueued = clearQueued
    }
}

// MARK: - SessionsAbortResult
public struct SessionsAbortResult: Codable {
    public var ok: Bool
    public var abortedRunId: String?
    public var status: SessionsAbortResultStatus

    public enum CodingKeys: String, CodingKey {
        case ok
        case abortedRunId
        case status
    }

    public init(ok: Bool, abortedRunId: String? = nil, status: SessionsAbortResultStatus) {
        self.ok = ok
        self.abortedRunId = abortedRunId
        self.status = status
    }
}

public enum SessionsAbortResultStatus: String, Codable {
    case aborted = "aborted"
    case noActiveRun = "no-active-run"
}

// MARK: - SessionsChangedEvent
public struct SessionsChangedEvent: Codable {
    /// Unix milliseconds.
    public var ts: Int
    public var sessionKey: String?
    public var agentId: String?
    public var reason: String?
    public var session: SessionRow?

    public enum CodingKeys: String, CodingKey {
        case ts
        case sessionKey
        case agentId
        case reason
        case session
    }

    public init(ts: Int, sessionKey: String? = nil, agentId: String? = nil, reason: String? = nil, session: SessionRow? = nil) {
        self.ts = ts
        self.sessionKey = sessionKey
        self.agentId = agentId
        self.reason = reason
        self.session = session
    }
}

// MARK: - SessionsCompactParams
public struct SessionsCompactParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String
    public var agentId: String?
    public var expectedSessionId: String?
    public var maxLines: Int?

    public enum CodingKeys: String, CodingKey {
        case key
        case agentId
        case expectedSessionId
        case maxLines
    }

    public init(key: String, agentId: String? = nil, expectedSessionId: String? = nil, maxLines: Int? = nil) {
        self.key = key
        self.agentId = agentId
        self.expectedSessionId = expectedSessionId
        self.maxLines = maxLines
    }
}

// MARK: - SessionsCompactResult
public struct SessionsCompactResult: Codable {
    public var ok: Bool
    public var key: String
    public var compacted: Bool
    public var kept: Int
    public var removed: Int
    public var reason: String?

    public enum CodingKeys: String, CodingKey {
        case ok
        case key
        case compacted
        case kept
        case removed
        case reason
    }

    public init(ok: Bool, key: String, compacted: Bool, kept: Int, removed: Int, reason: String? = nil) {
        self.ok = ok
        self.key = key
        self.compacted = compacted
        self.kept = kept
        self.removed = removed
        self.reason = reason
    }
}

// MARK: - SessionsCreateParams
public struct SessionsCreateParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String?
    public var idempotencyKey: String?
    public var agentId: String?
    public var label: String?
    public var displayName: String?
    public var model: String?
    public var thinkingLevel: String?
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var parentSessionKey: String?
    public var task: String?
    /// The same as `task`.
    public var message: String?
    public var attachments: [ChatAttachment]?

    public enum CodingKeys: String, CodingKey {
        case key
        case idempotencyKey
        case agentId
        case label
        case displayName
        case model
        case thinkingLevel
        case parentSessionKey
        case task
        case message
        case attachments
    }

    public init(key: String? = nil, idempotencyKey: String? = nil, agentId: String? = nil, label: String? = nil, displayName: String? = nil, model: String? = nil, thinkingLevel: String? = nil, parentSessionKey: String? = nil, task: String? = nil, message: String? = nil, attachments: [ChatAttachment]? = nil) {
        self.key = key
        self.idempotencyKey = idempotencyKey
        self.agentId = agentId
        self.label = label
        self.displayName = displayName
        self.model = model
        self.thinkingLevel = thinkingLevel
        self.parentSessionKey = parentSessionKey
        self.task = task
        self.message = message
        self.attachments = attachments
    }
}

// MARK: - SessionsCreateResult
public struct SessionsCreateResult: Codable {
    public var ok: Bool
    public var key: String
    public var sessionId: String
    public var entry: SessionEntry
    public var runStarted: Bool
    public var runId: String?
    public var runError: ErrorShape?

    public enum CodingKeys: String, CodingKey {
        case ok
        case key
        case sessionId
        case entry
        case runStarted
        case runId
        case runError
    }

    public init(ok: Bool, key: String, sessionId: String, entry: SessionEntry, runStarted: Bool, runId: String? = nil, runError: ErrorShape? = nil) {
        self.ok = ok
        self.key = key
        self.sessionId = sessionId
        self.entry = entry
        self.runStarted = runStarted
        self.runId = runId
        self.runError = runError
    }
}

// MARK: - SessionsDeleteParams
public struct SessionsDeleteParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String
    public var agentId: String?
    public var expectedSessionId: String?
    public var deleteTranscript: Bool?
    public var archivedOnly: Bool?

    public enum CodingKeys: String, CodingKey {
        case key
        case agentId
        case expectedSessionId
        case deleteTranscript
        case archivedOnly
    }

    public init(key: String, agentId: String? = nil, expectedSessionId: String? = nil, deleteTranscript: Bool? = nil, archivedOnly: Bool? = nil) {
        self.key = key
        self.agentId = agentId
        self.expectedSessionId = expectedSessionId
        self.deleteTranscript = deleteTranscript
        self.archivedOnly = archivedOnly
    }
}

// MARK: - SessionsDeleteResult
public struct SessionsDeleteResult: Codable {
    public var ok: Bool
    public var key: String
    public var deleted: Bool
    /// Always empty: nothing is kept.
    public var archived: [String]

    public enum CodingKeys: String, CodingKey {
        case ok
        case key
        case deleted
        case archived
    }

    public init(ok: Bool, key: String, deleted: Bool, archived: [String]) {
        self.ok = ok
        self.key = key
        self.deleted = deleted
        self.archived = archived
    }
}

// MARK: - SessionsDescribeParams
public struct SessionsDescribeParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String
    public var agentId: String?

    public enum CodingKeys: String, CodingKey {
        case key
        case agentId
    }

    public init(key: String, agentId: String? = nil) {
        self.key = key
        self.agentId = agentId
    }
}

// MARK: - SessionsDescribeResult
public struct SessionsDescribeResult: Codable {
    public var session: SessionRow?

    public enum CodingKeys: String, CodingKey {
        case session
    }

    public init(session: SessionRow? = nil) {
        self.session = session
    }
}

// MARK: - SessionsGetParams
public struct SessionsGetParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String?
    /// Another name of `key`.
    public var sessionKey: String?
    public var agentId: String?
    /// Default 200.
    public var limit: Int?

    public enum CodingKeys: String, CodingKey {
        case key
        case sessionKey
        case agentId
        case limit
    }

    public init(key: String? = nil, sessionKey: String? = nil, agentId: String? = nil, limit: Int? = nil) {
        self.key = key
        self.sessionKey = sessionKey
        self.agentId = agentId
        self.limit = limit
    }
}

// MARK: - SessionsGetResult
public struct SessionsGetResult: Codable {
    public var messages: [ChatMessage]

    public enum CodingKeys: String, CodingKey {
        case messages
    }

    public init(messages: [ChatMessage]) {
        self.messages = messages
    }
}

// MARK: - SessionsListParams
public struct SessionsListParams: Codable {
    public var limit: Int?
    public var offset: Int?
    public var activeMinutes: Int?
    /// Only those that are answering.
    public var activeOnly: Bool?
    public var agentId: String?
    public var channel: String?
    public var label: String?
    public var search: String?
    public var archived: JSONAny?
    /// No session is made by another one here: any key finds nothing.
    public var spawnedBy: String?

    public enum CodingKeys: String, CodingKey {
        case limit
        case offset
        case activeMinutes
        case activeOnly
        case agentId
        case channel
        case label
        case search
        case archived
        case spawnedBy
    }

    public init(limit: Int? = nil, offset: Int? = nil, activeMinutes: Int? = nil, activeOnly: Bool? = nil, agentId: String? = nil, channel: String? = nil, label: String? = nil, search: String? = nil, archived: JSONAny? = nil, spawnedBy: String? = nil) {
        self.limit = limit
        self.offset = offset
        self.activeMinutes = activeMinutes
        self.activeOnly = activeOnly
        self.agentId = agentId
        self.channel = channel
        self.label = label
        self.search = search
        self.archived = archived
        self.spawnedBy = spawnedBy
    }
}

// MARK: - SessionsListResult
public struct SessionsListResult: Codable {
    /// Unix milliseconds.
    public var ts: Int
    /// Where the store is; `[redacted]` without admin.
    public var path: String
    public var count: Int
    public var totalCount: Int
    public var limitApplied: Int?
    public var offset: Int?
    public var nextOffset: Int?
    public var hasMore: Bool
    public var defaults: SessionsListResultDefaults
    public var sessions: [SessionRow]

    public enum CodingKeys: String, CodingKey {
        case ts
        case path
        case count
        case totalCount
        case limitApplied
        case offset
        case nextOffset
        case hasMore
        case defaults
        case sessions
    }

    public init(ts: Int, path: String, count: Int, totalCount: Int, limitApplied: Int? = nil, offset: Int? = nil, nextOffset: Int? = nil, hasMore: Bool, defaults: SessionsListResultDefaults, sessions: [SessionRow]) {
        self.ts = ts
        self.path = path
        self.count = count
        self.totalCount = totalCount
        self.limitApplied = limitApplied
        self.offset = offset
        self.nextOffset = nextOffset
        self.hasMore = hasMore
        self.defaults = defaults
        self.sessions = sessions
    }
}

// MARK: - SessionsListResultDefaults
public struct SessionsListResultDefaults: Codable {
    public var modelProvider: String?
    public var model: String?
    public var contextTokens: Int?

    public enum CodingKeys: String, CodingKey {
        case modelProvider
        case model
        case contextTokens
    }

    public init(modelProvider: String? = nil, model: String? = nil, contextTokens: Int? = nil) {
        self.modelProvider = modelProvider
        self.model = model
        self.contextTokens = contextTokens
    }
}

// MARK: - SessionsMessagesSubscribeParams
public struct SessionsMessagesSubscribeParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String
    public var agentId: String?

    public enum CodingKeys: String, CodingKey {
        case key
        case agentId
    }

    public init(key: String, agentId: String? = nil) {
        self.key = key
        self.agentId = agentId
    }
}

// MARK: - SessionsMessagesSubscribeResult
public struct SessionsMessagesSubscribeResult: Codable {
    public var subscribed: Bool
    public var key: String

    public enum CodingKeys: String, CodingKey {
        case subscribed
        case key
    }

    public init(subscribed: Bool, key: String) {
        self.subscribed = subscribed
        self.key = key
    }
}

// MARK: - SessionsMessagesUnsubscribeParams
public struct SessionsMessagesUnsubscribeParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String
    public var agentId: String?

    public enum CodingKeys: String, CodingKey {
        case key
        case agentId
    }

    public init(key: String, agentId: String? = nil) {
        self.key = key
        self.agentId = agentId
    }
}

// MARK: - SessionsMessagesUnsubscribeResult
public struct SessionsMessagesUnsubscribeResult: Codable {
    public var subscribed: Bool
    public var key: String

    public enum CodingKeys: String, CodingKey {
        case subscribed
        case key
    }

    public init(subscribed: Bool, key: String) {
        self.subscribed = subscribed
        self.key = key
    }
}

// MARK: - SessionsPatchParams
public struct SessionsPatchParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String
    public var agentId: String?
    public var expectedSessionId: String?
    public var label: String?
    public var model: String?
    public var thinkingLevel: String?
    public var verbosity: String?
    public var reasoningLevel: String?

    public enum CodingKeys: String, CodingKey {
        case key
        case agentId
        case expectedSessionId
        case label
        case model
        case thinkingLevel
        case verbosity
        case reasoningLevel
    }

    public init(key: String, agentId: String? = nil, expectedSessionId: String? = nil, label: String? = nil, model: String? = nil, thinkingLevel: String? = nil, verbosity: String? = nil, reasoningLevel: String? = nil) {
        self.key = key
        self.agentId = agentId
        self.expectedSessionId = expectedSessionId
        self.label = label
        self.model = model
        self.thinkingLevel = thinkingLevel
        self.verbosity = verbosity
        self.reasoningLevel = reasoningLevel
    }
}

// MARK: - SessionsPatchResult
public struct SessionsPatchResult: Codable {
    public var ok: Bool
    /// Where the store is; `[redacted]` without admin.
    public var path: String
    public var key: String
    public var entry: SessionEntry
    public var resolved: SessionsPatchResultResolved

    public enum CodingKeys: String, CodingKey {
        case ok
        case path
        case key
        case entry
        case resolved
    }

    public init(ok: Bool, path: String, key: String, entry: SessionEntry, resolved: SessionsPatchResultResolved) {
        self.ok = ok
        self.path = path
        self.key = key
        self.entry = entry
        self.resolved = resolved
    }
}

// MARK: - SessionsPatchResultResolved
public struct SessionsPatchResultResolved: Codable {
    public var modelProvider: String
    public var model: String

    public enum CodingKeys: String, CodingKey {
        case modelProvider
        case model
    }

    public init(modelProvider: String, model: String) {
        self.modelProvider = modelProvider
        self.model = model
    }
}

// MARK: - SessionsPreviewParams
public struct SessionsPreviewParams: Codable {
    public var keys: [String]
    /// Default 12.
    public var limit: Int?
    /// Default 240.
    public var maxChars: Int?

    public enum CodingKeys: String, CodingKey {
        case keys
        case limit
        case maxChars
    }

    public init(keys: [String], limit: Int? = nil, maxChars: Int? = nil) {
        self.keys = keys
        self.limit = limit
        self.maxChars = maxChars
    }
}

// MARK: - SessionsPreviewResult
public struct SessionsPreviewResult: Codable {
    /// Unix milliseconds.
    public var ts: Int
    public var previews: [SessionsPreviewResultPreview]

    public enum CodingKeys: String, CodingKey {
        case ts
        case previews
    }

    public init(ts: Int, previews: [SessionsPreviewResultPreview]) {
        self.ts = ts
        self.previews = previews
    }
}

// MARK: - SessionsPreviewResultPreview
public struct SessionsPreviewResultPreview: Codable {
    public var key: String
    public var status: SessionsPreviewResultPreviewStatus
    public var items: [SessionsPreviewResultPreviewItem]

    public enum CodingKeys: String, CodingKey {
        case key
        case status
        case items
    }

    public init(key: String, status: SessionsPreviewResultPreviewStatus, items: [SessionsPreviewResultPreviewItem]) {
        self.key = key
        self.status = status
        self.items = items
    }
}

// MARK: - SessionsPreviewResultPreviewItem
public struct SessionsPreviewResultPreviewItem: Codable {
    public var role: SessionsPreviewResultPreviewItemRole
    public var text: String

    public enum CodingKeys: String, CodingKey {
        case role
        case text
    }

    public init(role: SessionsPreviewResultPreviewItemRole, text: String) {
        self.role = role
        self.text = text
    }
}

public enum SessionsPreviewResultPreviewItemRole: String, Codable {
    case assistant = "assistant"
    case other = "other"
    case system = "system"
    case tool = "tool"
    case user = "user"
}

public enum SessionsPreviewResultPreviewStatus: String, Codable {
    case empty = "empty"
    case error = "error"
    case missing = "missing"
    case ok = "ok"
}

// MARK: - SessionsResetParams
public struct SessionsResetParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String
    public var agentId: String?
    public var expectedSessionId: String?
    public var reason: SessionsResetParamsReason?

    public enum CodingKeys: String, CodingKey {
        case key
        case agentId
        case expectedSessionId
        case reason
    }

    public init(key: String, agentId: String? = nil, expectedSessionId: String? = nil, reason: SessionsResetParamsReason? = nil) {
        self.key = key
        self.agentId = agentId
        self.expectedSessionId = expectedSessionId
        self.reason = reason
    }
}

public enum SessionsResetParamsReason: String, Codable {
    case new = "new"
    case reset = "reset"
}

// MARK: - SessionsResetResult
public struct SessionsResetResult: Codable {
    public var ok: Bool
    public var key: String
    public var entry: SessionEntry
    public var session: SessionRow

    public enum CodingKeys: String, CodingKey {
        case ok
        case key
        case entry
        case session
    }

    public init(ok: Bool, key: String, entry: SessionEntry, session: SessionRow) {
        self.ok = ok
        self.key = key
        self.entry = entry
        self.session = session
    }
}

// MARK: - SessionsResolveParams
public struct SessionsResolveParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String?
    public var sessionId: String?
    public var label: String?
    public var shortId: String?
    public var agentId: String?
    public var spawnedBy: String?
    public var allowMissing: Bool?

    public enum CodingKeys: String, CodingKey {
        case key
        case sessionId
        case label
        case shortId
        case agentId
        case spawnedBy
        case allowMissing
    }

    public init(key: String? = nil, sessionId: String? = nil, label: String? = nil, shortId: String? = nil, agentId: String? = nil, spawnedBy: String? = nil, allowMissing: Bool? = nil) {
        self.key = key
        self.sessionId = sessionId
        self.label = label
        self.shortId = shortId
        self.agentId = agentId
        self.spawnedBy = spawnedBy
        self.allowMissing = allowMissing
    }
}

// MARK: - SessionsResolveResult
public struct SessionsResolveResult: Codable {
    public var ok: Bool
    public var key: String?
    public var agentId: String?
    public var displayName: String?
    /// Where a label stands for several.
    public var candidates: [SessionsResolveResultCandidate]?

    public enum CodingKeys: String, CodingKey {
        case ok
        case key
        case agentId
        case displayName
        case candidates
    }

    public init(ok: Bool, key: String? = nil, agentId: String? = nil, displayName: String? = nil, candidates: [SessionsResolveResultCandidate]? = nil) {
        self.ok = ok
        self.key = key
        self.agentId = agentId
        self.displayName = displayName
        self.candidates = candidates
    }
}

// MARK: - SessionsResolveResultCandidate
public struct SessionsResolveResultCandidate: Codable {
    public var key: String
    public var agentId: String
    public var displayName: String?

    public enum CodingKeys: String, CodingKey {
        case key
        case agentId
        case displayName
    }

    public init(key: String, agentId: String, displayName: String? = nil) {
        self.key = key
        self.agentId = agentId
        self.displayName = displayName
    }
}

// MARK: - SessionsSendParams
public struct SessionsSendParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String
    public var agentId: String?
    public var message: String
    public var thinking: String?
    public var attachments: [ChatAttachment]?
    public var timeoutMs: Int?
    public var idempotencyKey: String?

    public enum CodingKeys: String, CodingKey {
        case key
        case agentId
        case message
        case thinking
        case attachments
        case timeoutMs
        case idempotencyKey
    }

    public init(key: String, agentId: String? = nil, message: String, thinking: String? = nil, attachments: [ChatAttachment]? = nil, timeoutMs: Int? = nil, idempotencyKey: String? = nil) {
        self.key = key
        self.agentId = agentId
        self.message = message
        self.thinking = thinking
        self.attachments = attachments
        self.timeoutMs = timeoutMs
        self.idempotencyKey = idempotencyKey
    }
}

/// What became of a message for an agent.
// MARK: - SessionsSendResult
public struct SessionsSendResult: Codable {
    public var runId: String
    public var status: ChatSendResultStatus
    /// The message's `__openclaw.seq`: known when its run has ended, so only a repetition is
    /// told.
    public var messageSeq: Int?
    /// An answer that was being written was stopped for it.
    public var interruptedActiveRun: Bool?
    public var summary: String?
    public var stopReason: String?
    /// Unix milliseconds.
    public var endedAt: Int?

    public enum CodingKeys: String, CodingKey {
        case runId
        case status
        case messageSeq
        case interruptedActiveRun
        case summary
        case stopReason
        case endedAt
    }

    public init(runId: String, status: ChatSendResultStatus, messageSeq: Int? = nil, interruptedActiveRun: Bool? = nil, summary: String? = nil, stopReason: String? = nil, endedAt: Int? = nil) {
        self.runId = runId
        self.status = status
        self.messageSeq = messageSeq
        self.interruptedActiveRun = interruptedActiveRun
        self.summary = summary
        self.stopReason = stopReason
        self.endedAt = endedAt
    }
}

// MARK: - SessionsSubscribeParams
public struct SessionsSubscribeParams: Codable {
    public var limit: Int?
    public var offset: Int?
    public var activeMinutes: Int?
    /// Only those that are answering.
    public var activeOnly: Bool?
    public var agentId: String?
    public var channel: String?
    public var label: String?
    public var search: String?
    public var archived: JSONAny?
    /// No session is made by another one here: any key finds nothing.
    public var spawnedBy: String?

    public enum CodingKeys: String, CodingKey {
        case limit
        case offset
        case activeMinutes
        case activeOnly
        case agentId
        case channel
        case label
        case search
        case archived
        case spawnedBy
    }

    public init(limit: Int? = nil, offset: Int? = nil, activeMinutes: Int? = nil, activeOnly: Bool? = nil, agentId: String? = nil, channel: String? = nil, label: String? = nil, search: String? = nil, archived: JSONAny? = nil, spawnedBy: String? = nil) {
        self.limit = limit
        self.offset = offset
        self.activeMinutes = activeMinutes
        self.activeOnly = activeOnly
        self.agentId = agentId
        self.channel = channel
        self.label = label
        self.search = search
        self.archived = archived
        self.spawnedBy = spawnedBy
    }
}

// MARK: - SessionsSubscribeResult
public struct SessionsSubscribeResult: Codable {
    public var subscribed: Bool
    public var list: SessionsSubscribeResultList?

    public enum CodingKeys: String, CodingKey {
        case subscribed
        case list
    }

    public init(subscribed: Bool, list: SessionsSubscribeResultList? = nil) {
        self.subscribed = subscribed
        self.list = list
    }
}

// MARK: - SessionsSubscribeResultList
public struct SessionsSubscribeResultList: Codable {
    /// Unix milliseconds.
    public var ts: Int
    /// Where the store is; `[redacted]` without admin.
    public var path: String
    public var count: Int
    public var totalCount: Int
    public var limitApplied: Int?
    public var offset: Int?
    public var nextOffset: Int?
    public var hasMore: Bool
    public var defaults: SessionsSubscribeResultListDefaults
    public var sessions: [SessionRow]

    public enum CodingKeys: String, CodingKey {
        case ts
        case path
        case count
        case totalCount
        case limitApplied
        case offset
        case nextOffset
        case hasMore
        case defaults
        case sessions
    }

    public init(ts: Int, path: String, count: Int, totalCount: Int, limitApplied: Int? = nil, offset: Int? = nil, nextOffset: Int? = nil, hasMore: Bool, defaults: SessionsSubscribeResultListDefaults, sessions: [SessionRow]) {
        self.ts = ts
        self.path = path
        self.count = count
        self.totalCount = totalCount
        self.limitApplied = limitApplied
        self.offset = offset
        self.nextOffset = nextOffset
        self.hasMore = hasMore
        self.defaults = defaults
        self.sessions = sessions
    }
}

// MARK: - SessionsSubscribeResultListDefaults
public struct SessionsSubscribeResultListDefaults: Codable {
    public var modelProvider: String?
    public var model: String?
    public var contextTokens: Int?

    public enum CodingKeys: String, CodingKey {
        case modelProvider
        case model
        case contextTokens
    }

    public init(modelProvider: String? = nil, model: String? = nil, contextTokens: Int? = nil) {
        self.modelProvider = modelProvider
        self.model = model
        self.contextTokens = contextTokens
    }
}

// MARK: - SessionsTranscriptParams
public struct SessionsTranscriptParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String
    /// Default 50.
    public var limit: Int?
    public var before: Int?

    public enum CodingKeys: String, CodingKey {
        case key
        case limit
        case before
    }

    public init(key: String, limit: Int? = nil, before: Int? = nil) {
        self.key = key
        self.limit = limit
        self.before = before
    }
}

// MARK: - SessionsTranscriptResult
public struct SessionsTranscriptResult: Codable {
    public var session: SessionRow
    public var entries: [TranscriptEntry]
    public var preferences: [String: String]
    public var hasMore: Bool

    public enum CodingKeys: String, CodingKey {
        case session
        case entries
        case preferences
        case hasMore
    }

    public init(session: SessionRow, entries: [TranscriptEntry], preferences: [String: String], hasMore: Bool) {
        self.session = session
        self.entries = entries
        self.preferences = preferences
        self.hasMore = hasMore
    }
}

// MARK: - TranscriptEntry
public struct TranscriptEntry: Codable {
    public var seq: Int
    public var sessionId: String
    public var turn: String?
    public var role: TranscriptEntryRole
    /// Markdown.
    public var text: String
    /// Unix milliseconds.
    public var at: Int
    public var sender: String?
    public var attachments: [JSONAny]?
    public var thinking: String?
    public var partial: Bool?
    public var extra: JSONAny?

    public enum CodingKeys: String, CodingKey {
        case seq
        case sessionId
        case turn
        case role
        case text
        case at
        case sender
        case attachments
        case thinking
        case partial
        case extra
    }

    public init(seq: Int, sessionId: String, turn: String? = nil, role: TranscriptEntryRole, text: String, at: Int, sender: String? = nil, attachments: [JSONAny]? = nil, thinking: String? = nil, partial: Bool? = nil, extra: JSONAny? = nil) {
        self.seq = seq
        self.sessionId = sessionId
        self.turn = turn
        self.role = role
        self.text = text
        self.at = at
        self.sender = sender
        self.attachments = attachments
        self.thinking = thinking
        self.partial = partial
        self.extra = extra
    }
}

public enum TranscriptEntryRole: String, Codable {
    case assistant = "assistant"
    case note = "note"
    case notice = "notice"
    case user = "user"
}

// MARK: - SessionsUsageParams
public struct SessionsUsageParams: Codable {
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var key: String?
    public var agentId: String?
    public var startDate: String?
    public var endDate: String?
    public var range: SessionsUsageParamsRange?
    public var mode: SessionsUsageParamsMode?
    /// With `mode: "specific"`, e.g. `UTC+2` or `UTC-03:30`.
    public var utcOffset: String?
    /// Sessions; default 50.
    public var limit: Int?

    public enum CodingKeys: String, CodingKey {
        case key
        case agentId
        case startDate
        case endDate
        case range
        case mode
        case utcOffset
        case limit
    }

    public init(key: String? = nil, agentId: String? = nil, startDate: String? = nil, endDate: String? = nil, range: SessionsUsageParamsRange? = nil, mode: SessionsUsageParamsMode? = nil, utcOffset: String? = nil, limit: Int? = nil) {
        self.key = key
        self.agentId = agentId
        self.startDate = startDate
        self.endDate = endDate
        self.range = range
        self.mode = mode
        self.utcOffset = utcOffset
        self.limit = limit
    }
}

public enum SessionsUsageParamsMode: String, Codable {
    case gateway = "gateway"
    case specific = "specific"
    case utc = "utc"
}

public enum SessionsUsageParamsRange: String, Codable {
    case all = "all"
    case the1Y = "1y"
    case the30D = "30d"
    case the7D = "7d"
    case the90D = "90d"
}

// MARK: - SessionsUsageResult
public struct SessionsUsageResult: Codable {
    /// Unix milliseconds.
    public var updatedAt: Int
    public var startDate: String
    public var endDate: String
    /// The biggest first.
    public var sessions: [SessionsUsageResultSession]
    public var totals: SessionsUsageResultTotals
    public var aggregates: SessionsUsageResultAggregates

    public enum CodingKeys: String, CodingKey {
        case updatedAt
        case startDate
        case endDate
        case sessions
        case totals
        case aggregates
    }

    public init(updatedAt: Int, startDate: String, endDate: String, sessions: [SessionsUsageResultSession], totals: SessionsUsageResultTotals, aggregates: SessionsUsageResultAggregates) {
        self.updatedAt = updatedAt
        self.startDate = startDate
        self.endDate = endDate
        self.sessions = sessions
        self.totals = totals
        self.aggregates = aggregates
    }
}

// MARK: - SessionsUsageResultAggregates
public struct SessionsUsageResultAggregates: Codable {
    public var byModel: [SessionsUsageResultAggregatesByModel]
    public var byAgent: [SessionsUsageResultAggregatesByAgent]
    public var byChannel: [SessionsUsageResultAggregatesByChannel]
    /// `messages`: turns.
    public var daily: [SessionsUsageResultAggregatesDaily]

    public enum CodingKeys: String, CodingKey {
        case byModel
        case byAgent
        case byChannel
        case daily
    }

    public init(byModel: [SessionsUsageResultAggregatesByModel], byAgent: [SessionsUsageResultAggregatesByAgent], byChannel: [SessionsUsageResultAggregatesByChannel], daily: [SessionsUsageResultAggregatesDaily]) {
        self.byModel = byModel
        self.byAgent = byAgent
        self.byChannel = byChannel
        self.daily = daily
    }
}

// MARK: - SessionsUsageResultAggregatesByAgent
public struct SessionsUsageResultAggregatesByAgent: Codable {
    public var agentId: String
    public var totals: SessionsUsageResultAggregatesByAgentTotals

    public enum CodingKeys: String, CodingKey {
        case agentId
        case totals
    }

    public init(agentId: String, totals: SessionsUsageResultAggregatesByAgentTotals) {
        self.agentId = agentId
        self.totals = totals
    }
}

/// Costs are always 0: nothing here knows prices. `missingCostEntries` counts the turns they
/// are missing for.
// MARK: - SessionsUsageResultAggregatesByAgentTotals
public struct SessionsUsageResultAggregatesByAgentTotals: Codable {
    public var input: Int
    public var output: Int
    public var cacheRead: Int
    public var cacheWrite: Int
    public var totalTokens: Int
    public var totalCost: Double
    public var inputCost: Double
    public var outputCost: Double
    public var cacheReadCost: Double
    public var cacheWriteCost: Double
    public var missingCostEntries: Int

    public enum CodingKeys: String, CodingKey {
        case input
        case output
        case cacheRead
        case cacheWrite
        case totalTokens
        case totalCost
        case inputCost
        case outputCost
        case cacheReadCost
        case cacheWriteCost
        case missingCostEntries
    }

    public init(input: Int, output: Int, cacheRead: Int, cacheWrite: Int, totalTokens: Int, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.totalTokens = totalTokens
        self.totalCost = totalCost
        self.inputCost = inputCost
        self.outputCost = outputCost
        self.cacheReadCost = cacheReadCost
        self.cacheWriteCost = cacheWriteCost
        self.missingCostEntries = missingCostEntries
    }
}

// MARK: - SessionsUsageResultAggregatesByChannel
public struct SessionsUsageResultAggregatesByChannel: Codable {
    public var channel: String
    public var totals: SessionsUsageResultAggregatesByChannelTotals

    public enum CodingKeys: String, CodingKey {
        case channel
        case totals
    }

    public init(channel: String, totals: SessionsUsageResultAggregatesByChannelTotals) {
        self.channel = channel
        self.totals = totals
    }
}

/// Costs are always 0: nothing here knows prices. `missingCostEntries` counts the turns they
/// are missing for.
// MARK: - SessionsUsageResultAggregatesByChannelTotals
public struct SessionsUsageResultAggregatesByChannelTotals: Codable {
    public var input: Int
    public var output: Int
    public var cacheRead: Int
    public var cacheWrite: Int
    public var totalTokens: Int
    public var totalCost: Double
    public var inputCost: Double
    public var outputCost: Double
    public var cacheReadCost: Double
    public var cacheWriteCost: Double
    public var missingCostEntries: Int

    public enum CodingKeys: String, CodingKey {
        case input
        case output
        case cacheRead
        case cacheWrite
        case totalTokens
        case totalCost
        case inputCost
        case outputCost
        case cacheReadCost
        case cacheWriteCost
        case missingCostEntries
    }

    public init(input: Int, output: Int, cacheRead: Int, cacheWrite: Int, totalTokens: Int, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.totalTokens = totalTokens
        self.totalCost = totalCost
        self.inputCost = inputCost
        self.outputCost = outputCost
        self.cacheReadCost = cacheReadCost
        self.cacheWriteCost = cacheWriteCost
        self.missingCostEntries = missingCostEntries
    }
}

// MARK: - SessionsUsageResultAggregatesByModel
public struct SessionsUsageResultAggregatesByModel: Codable {
    public var provider: String?
    public var model: String?
    public var count: Int
    public var totals: SessionsUsageResultAggregatesByModelTotals

    public enum CodingKeys: String, CodingKey {
        case provider
        case model
        case count
        case totals
    }

    public init(provider: String? = nil, model: String? = nil, count: Int, totals: SessionsUsageResultAggregatesByModelTotals) {
        self.provider = provider
        self.model = model
        self.count = count
        self.totals = totals
    }
}

/// Costs are always 0: nothing here knows prices. `missingCostEntries` counts the turns they
/// are missing for.
// MARK: - SessionsUsageResultAggregatesByModelTotals
public struct SessionsUsageResultAggregatesByModelTotals: Codable {
    public var input: Int
    public var output: Int
    public var cacheRead: Int
    public var cacheWrite: Int
    public var totalTokens: Int
    public var totalCost: Double
    public var inputCost: Double
    public var outputCost: Double
    public var cacheReadCost: Double
    public var cacheWriteCost: Double
    public var missingCostEntries: Int

    public enum CodingKeys: String, CodingKey {
        case input
        case output
        case cacheRead
        case cacheWrite
        case totalTokens
        case totalCost
        case inputCost
        case outputCost
        case cacheReadCost
        case cacheWriteCost
        case missingCostEntries
    }

    public init(input: Int, output: Int, cacheRead: Int, cacheWrite: Int, totalTokens: Int, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.totalTokens = totalTokens
        self.totalCost = totalCost
        self.inputCost = inputCost
        self.outputCost = outputCost
        self.cacheReadCost = cacheReadCost
        self.cacheWriteCost = cacheWriteCost
        self.missingCostEntries = missingCostEntries
    }
}

// MARK: - SessionsUsageResultAggregatesDaily
public struct SessionsUsageResultAggregatesDaily: Codable {
    public var date: String
    public var tokens: Int
    public var cost: Double
    public var messages: Int
    public var toolCalls: Int
    public var errors: Int

    public enum CodingKeys: String, CodingKey {
        case date
        case tokens
        case cost
        case messages
        case toolCalls
        case errors
    }

    public init(date: String, tokens: Int, cost: Double, messages: Int, toolCalls: Int, errors: Int) {
        self.date = date
        self.tokens = tokens
        self.cost = cost
        self.messages = messages
        self.toolCalls = toolCalls
        self.errors = errors
    }
}

// MARK: - SessionsUsageResultSession
public struct SessionsUsageResultSession: Codable {
    public var key: String
    public var label: String?
    public var sessionId: String?
    /// Unix milliseconds.
    public var updatedAt: Int?
    public var agentId: String?
    public var channel: String?
    public var chatType: String?
    public var modelProvider: String?
    public var model: String?
    public var usage: SessionsUsageResultSessionUsage

    public enum CodingKeys: String, CodingKey {
        case key
        case label
        case sessionId
        case updatedAt
        case agentId
        case channel
        case chatType
        case modelProvider
        case model
        case usage
    }

    public init(key: String, label: String? = nil, sessionId: String? = nil, updatedAt: Int? = nil, agentId: String? = nil, channel: String? = nil, chatType: String? = nil, modelProvider: String? = nil, model: String? = nil, usage: SessionsUsageResultSessionUsage) {
        self.key = key
        self.label = label
        self.sessionId = sessionId
        self.updatedAt = updatedAt
        self.agentId = agentId
        self.channel = channel
        self.chatType = chatType
        self.modelProvider = modelProvider
        self.model = model
        self.usage = usage
    }
}

// MARK: - SessionsUsageResultSessionUsage
public struct SessionsUsageResultSessionUsage: Codable {
    public var input: Int
    public var output: Int
    public var cacheRead: Int
    public var cacheWrite: Int
    public var totalTokens: Int
    public var totalCost: Double
    public var inputCost: Double
    public var outputCost: Double
    public var cacheReadCost: Double
    public var cacheWriteCost: Double
    public var missingCostEntries: Int
    /// Unix milliseconds.
    public var firstActivity: Int
    /// Unix milliseconds.
    public var lastActivity: Int

    public enum CodingKeys: String, CodingKey {
        case input
        case output
        case cacheRead
        case cacheWrite
        case totalTokens
        case totalCost
        case inputCost
        case outputCost
        case cacheReadCost
        case cacheWriteCost
        case missingCostEntries
        case firstActivity
        case lastActivity
    }

    public init(input: Int, output: Int, cacheRead: Int, cacheWrite: Int, totalTokens: Int, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int, firstActivity: Int, lastActivity: Int) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.totalTokens = totalTokens
        self.totalCost = totalCost
        self.inputCost = inputCost
        self.outputCost = outputCost
        self.cacheReadCost = cacheReadCost
        self.cacheWriteCost = cacheWriteCost
        self.missingCostEntries = missingCostEntries
        self.firstActivity = firstActivity
        self.lastActivity = lastActivity
    }
}

/// Costs are always 0: nothing here knows prices. `missingCostEntries` counts the turns they
/// are missing for.
// MARK: - SessionsUsageResultTotals
public struct SessionsUsageResultTotals: Codable {
    public var input: Int
    public var output: Int
    public var cacheRead: Int
    public var cacheWrite: Int
    public var totalTokens: Int
    public var totalCost: Double
    public var inputCost: Double
    public var outputCost: Double
    public var cacheReadCost: Double
    public var cacheWriteCost: Double
    public var missingCostEntries: Int

    public enum CodingKeys: String, CodingKey {
        case input
        case output
        case cacheRead
        case cacheWrite
        case totalTokens
        case totalCost
        case inputCost
        case outputCost
        case cacheReadCost
        case cacheWriteCost
        case missingCostEntries
    }

    public init(input: Int, output: Int, cacheRead: Int, cacheWrite: Int, totalTokens: Int, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.totalTokens = totalTokens
        self.totalCost = totalCost
        self.inputCost = inputCost
        self.outputCost = outputCost
        self.cacheReadCost = cacheReadCost
        self.cacheWriteCost = cacheWriteCost
        self.missingCostEntries = missingCostEntries
    }
}

// MARK: - SetHeartbeatsParams
public struct SetHeartbeatsParams: Codable {
    public var enabled: Bool

    public enum CodingKeys: String, CodingKey {
        case enabled
    }

    public init(enabled: Bool) {
        self.enabled = enabled
    }
}

// MARK: - SetHeartbeatsResult
public struct SetHeartbeatsResult: Codable {
    public var ok: Bool
    public var enabled: Bool

    public enum CodingKeys: String, CodingKey {
        case ok
        case enabled
    }

    public init(ok: Bool, enabled: Bool) {
        self.ok = ok
        self.enabled = enabled
    }
}

// MARK: - ShutdownEvent
public struct ShutdownEvent: Codable {
    public var reason: String
    public var restartExpectedMs: Int?

    public enum CodingKeys: String, CodingKey {
        case reason
        case restartExpectedMs
    }

    public init(reason: String, restartExpectedMs: Int? = nil) {
        self.reason = reason
        self.restartExpectedMs = restartExpectedMs
    }
}

// MARK: - StatusParams
public struct StatusParams: Codable {
    public var includeChannelSummary: Bool?

    public enum CodingKeys: String, CodingKey {
        case includeChannelSummary
    }

    public init(includeChannelSummary: Bool? = nil) {
        self.includeChannelSummary = includeChannelSummary
    }
}

/// Open: clients show what they know.
// MARK: - StatusResult
public struct StatusResult: Codable {
    public var runtimeVersion: String
    public var pid: Int?
    public var uptimeMs: Int
    /// Unix milliseconds.
    public var startedAt: Int
    public var heartbeat: StatusResultHeartbeat
    /// One line a channel, for terminals.
    public var channelSummary: [String]
    public var queuedSystemEvents: [String]
    public var sessions: StatusResultSessions
    public var queues: StatusResultQueues
    public var scheduled: Int
    /// Sends whose fate nobody knows.
    public var unknown: Int
    public var deadLetters: Int
    /// Agents that connect by themselves, with the caller's tenant's connections to this process.
    public var agents: [StatusResultAgent]
    /// Bytes of the store.
    public var storeSize: Int
    /// Bytes of memory in use.
    public var rss: Int?
    /// What is not as it should be, one line each; empty when all is well.
    public var problems: [String]

    public enum CodingKeys: String, CodingKey {
        case runtimeVersion
        case pid
        case uptimeMs
        case startedAt
        case heartbeat
        case channelSummary
        case queuedSystemEvents
        case sessions
        case queues
        case scheduled
        case unknown
        case deadLetters
        case agents
        case storeSize
        case rss
        case problems
    }

    public init(runtimeVersion: String, pid: Int? = nil, uptimeMs: Int, startedAt: Int, heartbeat: StatusResultHeartbeat, channelSummary: [String], queuedSystemEvents: [String], sessions: StatusResultSessions, queues: StatusResultQueues, scheduled: Int, unknown: Int, deadLetters: Int, agents: [StatusResultAgent], storeSize: Int, rss: Int? = nil, problems: [String]) {
        self.runtimeVersion = runtimeVersion
        self.pid = pid
        self.uptimeMs = uptimeMs
        self.startedAt = startedAt
        self.heartbeat = heartbeat
        self.channelSummary = channelSummary
        self.queuedSystemEvents = queuedSystemEvents
        self.sessions = sessions
        self.queues = queues
        self.scheduled = scheduled
        self.unknown = unknown
        self.deadLetters = deadLetters
        self.agents = agents
        self.storeSize = storeSize
        self.rss = rss
        self.problems = problems
    }
}

// MARK: - StatusResultAgent
public struct StatusResultAgent: Codable {
    public var id: String
    public var connections: Int

    public enum CodingKeys: String, CodingKey {
        case id
        case connections
    }

    public init(id: String, connections: Int) {
        self.id = id
        self.connections = connections
    }
}

// MARK: - StatusResultHeartbeat
public struct StatusResultHeartbeat: Codable {
    public var defaultAgentId: String
    public var agents: [JSONAny]

    public enum CodingKeys: String, CodingKey {
        case defaultAgentId
        case agents
    }

    public init(defaultAgentId: String, agents: [JSONAny]) {
        self.defaultAgentId = defaultAgentId
        self.agents = agents
    }
}

// MARK: - StatusResultQueues
public struct StatusResultQueues: Codable {
    public var inbox: QueueDepth
    public var turn: QueueDepth
    public var delivery: QueueDepth

    public enum CodingKeys: String, CodingKey {
        case inbox
        case turn
        case delivery
    }

    public init(inbox: QueueDepth, turn: QueueDepth, delivery: QueueDepth) {
        self.inbox = inbox
        self.turn = turn
        self.delivery = delivery
    }
}

// MARK: - StatusResultSessions
public struct StatusResultSessions: Codable {
    public var paths: [String]
    public var count: Int
    public var defaults: StatusResultSessionsDefaults
    public var recent: [JSONAny]
    public var byAgent: [JSONAny]

    public enum CodingKeys: String, CodingKey {
        case paths
        case count
        case defaults
        case recent
        case byAgent
    }

    public init(paths: [String], count: Int, defaults: StatusResultSessionsDefaults, recent: [JSONAny], byAgent: [JSONAny]) {
        self.paths = paths
        self.count = count
        self.defaults = defaults
        self.recent = recent
        self.byAgent = byAgent
    }
}

// MARK: - StatusResultSessionsDefaults
public struct StatusResultSessionsDefaults: Codable {
    public var model: String?
    public var contextTokens: Int?

    public enum CodingKeys: String, CodingKey {
        case model
        case contextTokens
    }

    public init(model: String? = nil, contextTokens: Int? = nil) {
        self.model = model
        self.contextTokens = contextTokens
    }
}

// MARK: - SystemEventParams
public struct SystemEventParams: Codable {
    public var text: String
    /// What a client tells of a machine; what it says is shown to others.
    public var deviceId: String?
    /// What a client tells of a machine; what it says is shown to others.
    public var instanceId: String?
    /// What a client tells of a machine; what it says is shown to others.
    public var host: String?
    /// What a client tells of a machine; what it says is shown to others.
    public var ip: String?
    /// What a client tells of a machine; what it says is shown to others.
    public var mode: String?
    /// What a client tells of a machine; what it says is shown to others.
    public var version: String?
    /// What a client tells of a machine; what it says is shown to others.
    public var platform: String?
    /// What a client tells of a machine; what it says is shown to others.
    public var deviceFamily: String?
    /// What a client tells of a machine; what it says is shown to others.
    public var modelIdentifier: String?
    public var lastInputSeconds: Int?
    /// What a client tells of a machine; what it says is shown to others.
    public var reason: String?
    public var tags: [String]?
    public var sessionKey: String?
    public var wake: Bool?

    public enum CodingKeys: String, CodingKey {
        case text
        case deviceId
        case instanceId
        case host
        case ip
        case mode
        case version
        case platform
        case deviceFamily
        case modelIdentifier
        case lastInputSeconds
        case reason
        case tags
        case sessionKey
        case wake
    }

    public init(text: String, deviceId: String? = nil, instanceId: String? = nil, host: String? = nil, ip: String? = nil, mode: String? = nil, version: String? = nil, platform: String? = nil, deviceFamily: String? = nil, modelIdentifier: String? = nil, lastInputSeconds: Int? = nil, reason: String? = nil, tags: [String]? = nil, sessionKey: String? = nil, wake: Bool? = nil) {
        self.text = text
        self.deviceId = deviceId
        self.instanceId = instanceId
        self.host = host
        self.ip = ip
        self.mode = mode
        self.version = version
        self.platform = platform
        self.deviceFamily = deviceFamily
        self.modelIdentifier = modelIdentifier
        self.lastInputSeconds = lastInputSeconds
        self.reason = reason
        self.tags = tags
        self.sessionKey = sessionKey
        self.wake = wake
    }
}

// MARK: - SystemEventResult
public struct SystemEventResult: Codable {
    public var ok: Bool

    public enum CodingKeys: String, CodingKey {
        case ok
    }

    public init(ok: Bool) {
        self.ok = ok
    }
}

// MARK: - SystemInfoResult
public struct SystemInfoResult: Codable {
    public var machineName: String
    public var hostname: String
    public var platform: String
    public var release: String
    public var arch: String
    public var osLabel: String
    public var lanAddress: String?
    public var port: Int?
    public var nodeVersion: String
    public var pid: Int
    /// Of the gateway, not of the machine.
    public var uptimeMs: Int
    public var cpuCount: Int
    public var cpuModel: String?
    public var memoryTotalBytes: Int
    public var memoryFreeBytes: Int
    /// Of the disk that holds the state directory.
    public var diskTotalBytes: Int?
    public var diskAvailableBytes: Int?

    public enum CodingKeys: String, CodingKey {
        case machineName
        case hostname
        case platform
        case release
        case arch
        case osLabel
        case lanAddress
        case port
        case nodeVersion
        case pid
        case uptimeMs
        case cpuCount
        case cpuModel
        case memoryTotalBytes
        case memoryFreeBytes
        case diskTotalBytes
        case diskAvailableBytes
    }

    public init(machineName: String, hostname: String, platform: String, release: String, arch: String, osLabel: String, lanAddress: String? = nil, port: Int? = nil, nodeVersion: String, pid: Int, uptimeMs: Int, cpuCount: Int, cpuModel: String? = nil, memoryTotalBytes: Int, memoryFreeBytes: Int, diskTotalBytes: Int? = nil, diskAvailableBytes: Int? = nil) {
        self.machineName = machineName
        self.hostname = hostname
        self.platform = platform
        self.release = release
        self.arch = arch
        self.osLabel = osLabel
        self.lanAddress = lanAddress
        self.port = port
        self.nodeVersion = nodeVersion
        self.pid = pid
        self.uptimeMs = uptimeMs
        self.cpuCount = cpuCount
        self.cpuModel = cpuModel
        self.memoryTotalBytes = memoryTotalBytes
        self.memoryFreeBytes = memoryFreeBytes
        self.diskTotalBytes = diskTotalBytes
        self.diskAvailableBytes = diskAvailableBytes
    }
}

// MARK: - TenantsCreateKeyParams
public struct TenantsCreateKeyParams: Codable {
    public var id: String
    public var name: String
    public var scopes: [TenantsCreateKeyParamsScope]?
    /// Unix milliseconds.
    public var expiresAt: Int?

    public enum CodingKeys: String, CodingKey {
        case id
        case name
        case scopes
        case expiresAt
    }

    public init(id: String, name: String, scopes: [TenantsCreateKeyParamsScope]? = nil, expiresAt: Int? = nil) {
        self.id = id
        self.name = name
        self.scopes = scopes
        self.expiresAt = expiresAt
    }
}

public enum TenantsCreateKeyParamsScope: String, Codable {
    case agentsRun = "agents:run"
    case auditRead = "audit:read"
    case channelsRead = "channels:read"
    case channelsWrite = "channels:write"
    case devicesRead = "devices:read"
    case devicesWrite = "devices:write"
    case keysRead = "keys:read"
    case keysWrite = "keys:write"
    case membersRead = "members:read"
    case membersWrite = "members:write"
    case messagesRead = "messages:read"
    case messagesWrite = "messages:write"
    case sessionsRead = "sessions:read"
    case sessionsWrite = "sessions:write"
    case tenantWrite = "tenant:write"
    case usageRead = "usage:read"
}

// MARK: - TenantsCreateKeyResult
public struct TenantsCreateKeyResult: Codable {
    public var id: String
    public var tenant: String
    public var name: String
    public var scopes: [String]
    /// Unix milliseconds.
    public var expiresAt: Int?
    public var secret: String

    public enum CodingKeys: String, CodingKey {
        case id
        case tenant
        case name
        case scopes
        case expiresAt
        case secret
    }

    public init(id: String, tenant: String, name: String, scopes: [String], expiresAt: Int? = nil, secret: String) {
        self.id = id
        self.tenant = tenant
        self.name = name
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.secret = secret
    }
}

// MARK: - TenantsCreateParams
public struct TenantsCreateParams: Codable {
    public var name: String
    public var owner: String?

    public enum CodingKeys: String, CodingKey {
        case name
        case owner
    }

    public init(name: String, owner: String? = nil) {
        self.name = name
        self.owner = owner
    }
}

// MARK: - TenantsCreateResult
public struct TenantsCreateResult: Codable {
    public var id: String
    public var name: String
    public var link: String?

    public enum CodingKeys: String, CodingKey {
        case id
        case name
        case link
    }

    public init(id: String, name: String, link: String? = nil) {
        self.id = id
        self.name = name
        self.link = link
    }
}

// MARK: - TenantsListResult
public struct TenantsListResult: Codable {
    public var tenants: [TenantsListResultTenant]

    public enum CodingKeys: String, CodingKey {
        case tenants
    }

    public init(tenants: [TenantsListResultTenant]) {
        self.tenants = tenants
    }
}

// MARK: - TenantsListResultTenant
public struct TenantsListResultTenant: Codable {
    public var id: String
    public var name: String
    /// Unix milliseconds.
    public var createdAt: Int
    /// Unix milliseconds.
    public var suspendedAt: Int?
    public var members: Int

    public enum CodingKeys: String, CodingKey {
        case id
        case name
        case createdAt
        case suspendedAt
        case members
    }

    public init(id: String, name: String, createdAt: Int, suspendedAt: Int? = nil, members: Int) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.suspendedAt = suspendedAt
        self.members = members
    }
}

// MARK: - TenantsRemoveParams
public struct TenantsRemoveParams: Codable {
    public var id: String

    public enum CodingKeys: String, CodingKey {
        case id
    }

    public init(id: String) {
        self.id = id
    }
}

// MARK: - TenantsRemoveResult
public struct TenantsRemoveResult: Codable {
    public var id: String
    public var accounts: Int
    public var sessions: Int

    public enum CodingKeys: String, CodingKey {
        case id
        case accounts
        case sessions
    }

    public init(id: String, accounts: Int, sessions: Int) {
        self.id = id
        self.accounts = accounts
        self.sessions = sessions
    }
}

// MARK: - TenantsResumeParams
public struct TenantsResumeParams: Codable {
    public var id: String

    public enum CodingKeys: String, CodingKey {
        case id
    }

    public init(id: String) {
        self.id = id
    }
}

// MARK: - TenantsResumeResult
public struct TenantsResumeResult: Codable {
    public var id: String
    public var started: Int

    public enum CodingKeys: String, CodingKey {
        case id
        case started
    }

    public init(id: String, started: Int) {
        self.id = id
        self.started = started
    }
}

// MARK: - TenantsSuspendParams
public struct TenantsSuspendParams: Codable {
    public var id: String

    public enum CodingKeys: String, CodingKey {
        case id
    }

    public init(id: String) {
        self.id = id
    }
}

// MARK: - TenantsSuspendResult
public struct TenantsSuspendResult: Codable {
    public var id: String
    public var stopped: Int

    public enum CodingKeys: String, CodingKey {
        case id
        case stopped
    }

    public init(id: String, stopped: Int) {
        self.id = id
        self.stopped = stopped
    }
}

// MARK: - TickEvent
public struct TickEvent: Codable {
    /// Unix milliseconds.
    public var ts: Int

    public enum CodingKeys: String, CodingKey {
        case ts
    }

    public init(ts: Int) {
        self.ts = ts
    }
}

// MARK: - TraceGetParams
public struct TraceGetParams: Codable {
    public var id: String

    public enum CodingKeys: String, CodingKey {
        case id
    }

    public init(id: String) {
        self.id = id
    }
}

// MARK: - TraceGetResult
public struct TraceGetResult: Codable {
    public var id: String
    /// One line: where it is now.
    public var summary: String
    /// What came in, or else what goes out, in short.
    public var preview: String?
    public var events: [String]
    public var turn: String?
    public var deliveries: [String]
    public var steps: [TraceStep]

    public enum CodingKeys: String, CodingKey {
        case id
        case summary
        case preview
        case events
        case turn
        case deliveries
        case steps
    }

    public init(id: String, summary: String, preview: String? = nil, events: [String], turn: String? = nil, deliveries: [String], steps: [TraceStep]) {
        self.id = id
        self.summary = summary
        self.preview = preview
        self.events = events
        self.turn = turn
        self.deliveries = deliveries
        self.steps = steps
    }
}

// MARK: - TraceStep
public struct TraceStep: Codable {
    /// Unix milliseconds.
    public var at: Int
    /// A state or a verb in the past, e.g. `received`, `queued`, `sending`,
    /// `waiting-for-rate-limit`.
    public var step: String
    /// The id of the inbox event, turn or delivery it happened to.
    public var subject: String
    public var detail: JSONAny?

    public enum CodingKeys: String, CodingKey {
        case at
        case step
        case subject
        case detail
    }

    public init(at: Int, step: String, subject: String, detail: JSONAny? = nil) {
        self.at = at
        self.step = step
        self.subject = subject
        self.detail = detail
    }
}

/// One message by any of its ids, one session, or everything.
// MARK: - TraceSubscribeParams
public struct TraceSubscribeParams: Codable {
    public var id: String?
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var session: String?

    public enum CodingKeys: String, CodingKey {
        case id
        case session
    }

    public init(id: String? = nil, session: String? = nil) {
        self.id = id
        self.session = session
    }
}

// MARK: - TraceSubscribeResult
public struct TraceSubscribeResult: Codable {
    public var subscribed: Bool

    public enum CodingKeys: String, CodingKey {
        case subscribed
    }

    public init(subscribed: Bool) {
        self.subscribed = subscribed
    }
}

/// One message by any of its ids, one session, or everything.
// MARK: - TraceUnsubscribeParams
public struct TraceUnsubscribeParams: Codable {
    public var id: String?
    ///
    /// `agent:<agent>:<channel>:<account>:<direct|group|channel>:<peer>[:thread:<id>|:topic:<id>]`
    public var session: String?

    public enum CodingKeys: String, CodingKey {
        case id
        case session
    }

    public init(id: String? = nil, session: String? = nil) {
        self.id = id
        self.session = session
    }
}

// MARK: - TraceUnsubscribeResult
public struct TraceUnsubscribeResult: Codable {
    public var subscribed: Bool

    public enum CodingKeys: String, CodingKey {
        case subscribed
    }

    public init(subscribed: Bool) {
        self.subscribed = subscribed
    }
}

// MARK: - UsageCostParams
public struct UsageCostParams: Codable {
    /// Default 30.
    public var days: Int?
    public var startDate: String?
    public var endDate: String?
    public var tenant: String?

    public enum CodingKeys: String, CodingKey {
        case days
        case startDate
        case endDate
        case tenant
    }

    public init(days: Int? = nil, startDate: String? = nil, endDate: String? = nil, tenant: String? = nil) {
        self.days = days
        self.startDate = startDate
        self.endDate = endDate
        self.tenant = tenant
    }
}

// MARK: - UsageCostResult
public struct UsageCostResult: Codable {
    /// Unix milliseconds.
    public var updatedAt: Int
    public var days: Int
    public var daily: [UsageCostResultDaily]
    public var totals: UsageCostResultTotals

    public enum CodingKeys: String, CodingKey {
        case updatedAt
        case days
        case daily
        case totals
    }

    public init(updatedAt: Int, days: Int, daily: [UsageCostResultDaily], totals: UsageCostResultTotals) {
        self.updatedAt = updatedAt
        self.days = days
        self.daily = daily
        self.totals = totals
    }
}

// MARK: - UsageCostResultDaily
public struct UsageCostResultDaily: Codable {
    public var date: String
    public var input: Int
    public var output: Int
    public var cacheRead: Int
    public var cacheWrite: Int
    public var totalTokens: Int
    public var totalCost: Double
    public var inputCost: Double
    public var outputCost: Double
    public var cacheReadCost: Double
    public var cacheWriteCost: Double
    /// Runs whose cost is not known; only the sum is known of the others.
    public var missingCostEntries: Int

    public enum CodingKeys: String, CodingKey {
        case date
        case input
        case output
        case cacheRead
        case cacheWrite
        case totalTokens
        case totalCost
        case inputCost
        case outputCost
        case cacheReadCost
        case cacheWriteCost
        case missingCostEntries
    }

    public init(date: String, input: Int, output: Int, cacheRead: Int, cacheWrite: Int, totalTokens: Int, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
        self.date = date
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.totalTokens = totalTokens
        self.totalCost = totalCost
        self.inputCost = inputCost
        self.outputCost = outputCost
        self.cacheReadCost = cacheReadCost
        self.cacheWriteCost = cacheWriteCost
        self.missingCostEntries = missingCostEntries
    }
}

// MARK: - UsageCostResultTotals
public struct UsageCostResultTotals: Codable {
    public var input: Int
    public var output: Int
    public var cacheRead: Int
    public var cacheWrite: Int
    public var totalTokens: Int
    public var totalCost: Double
    public var inputCost: Double
    public var outputCost: Double
    public var cacheReadCost: Double
    public var cacheWriteCost: Double
    /// Runs whose cost is not known; only the sum is known of the others.
    public var missingCostEntries: Int

    public enum CodingKeys: String, CodingKey {
        case input
        case output
        case cacheRead
        case cacheWrite
        case totalTokens
        case totalCost
        case inputCost
        case outputCost
        case cacheReadCost
        case cacheWriteCost
        case missingCostEntries
    }

    public init(input: Int, output: Int, cacheRead: Int, cacheWrite: Int, totalTokens: Int, totalCost: Double, inputCost: Double, outputCost: Double, cacheReadCost: Double, cacheWriteCost: Double, missingCostEntries: Int) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.totalTokens = totalTokens
        self.totalCost = totalCost
        self.inputCost = inputCost
        self.outputCost = outputCost
        self.cacheReadCost = cacheReadCost
        self.cacheWriteCost = cacheWriteCost
        self.missingCostEntries = missingCostEntries
    }
}

// MARK: - UsageDaysParams
public struct UsageDaysParams: Codable {
    public var from: String?
    public var to: String?
    public var tenant: String?

    public enum CodingKeys: String, CodingKey {
        case from
        case to
        case tenant
    }

    public init(from: String? = nil, to: String? = nil, tenant: String? = nil) {
        self.from = from
        self.to = to
        self.tenant = tenant
    }
}

// MARK: - UsageDaysResult
public struct UsageDaysResult: Codable {
    public var days: [UsageDaysResultDay]

    public enum CodingKeys: String, CodingKey {
        case days
    }

    public init(days: [UsageDaysResultDay]) {
        self.days = days
    }
}

// MARK: - UsageDaysResultDay
public struct UsageDaysResultDay: Codable {
    public var date: String
    public var messagesIn: Int
    public var messagesOut: Int
    /// Bytes.
    public var mediaIn: Int
    public var mediaOut: Int
    public var runs: Int
    public var inputTokens: Int
    public var outputTokens: Int

    public enum CodingKeys: String, CodingKey {
        case date
        case messagesIn
        case messagesOut
        case mediaIn
        case mediaOut
        case runs
        case inputTokens
        case outputTokens
    }

    public init(date: String, messagesIn: Int, messagesOut: Int, mediaIn: Int, mediaOut: Int, runs: Int, inputTokens: Int, outputTokens: Int) {
        self.date = date
        self.messagesIn = messagesIn
        self.messagesOut = messagesOut
        self.mediaIn = mediaIn
        self.mediaOut = mediaOut
        self.runs = runs
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }
}

// MARK: - UsageRecordsParams
public struct UsageRecordsParams: Codable {
    public var from: String?
    public var to: String?
    /// Default 50.
    public var limit: Int?
    /// The `cursor` of the page before.
    public var cursor: String?
    public var tenant: String?

    public enum CodingKeys: String, CodingKey {
        case from
        case to
        case limit
        case cursor
        case tenant
    }

    public init(from: String? = nil, to: String? = nil, limit: Int? = nil, cursor: String? = nil, tenant: String? = nil) {
        self.from = from
        self.to = to
        self.limit = limit
        self.cursor = cursor
        self.tenant = tenant
    }
}

// MARK: - UsageRecordsResult
public struct UsageRecordsResult: Codable {
    public var currency: String
    public var records: [UsageRecordsResultRecord]
    public var cursor: String?

    public enum CodingKeys: String, CodingKey {
        case currency
        case records
        case cursor
    }

    public init(currency: String, records: [UsageRecordsResultRecord], cursor: String? = nil) {
        self.currency = currency
        self.records = records
        self.cursor = cursor
    }
}

// MARK: - UsageRecordsResultRecord
public struct UsageRecordsResultRecord: Codable {
    public var turn: String
    /// Unix milliseconds.
    public var at: Int
    public var channel: String
    public var accountId: String
    public var session: String
    public var agentId: String
    public var outcome: UsageRecordsResultRecordOutcome
    public var tries: Int
    public var durationMs: Int
    public var provider: String?
    public var model: String?
    public var inputTokens: Int?
    public var outputTokens: Int?
    public var cachedTokens: Int?
    public var reasoningTokens: Int?
    /// In the currency; absent when it is not known.
    public var cost: Double?

    public enum CodingKeys: String, CodingKey {
        case turn
        case at
        case channel
        case accountId
        case session
        case agentId
        case outcome
        case tries
        case durationMs
        case provider
        case model
        case inputTokens
        case outputTokens
        case cachedTokens
        case reasoningTokens
        case cost
    }

    public init(turn: String, at: Int, channel: String, accountId: String, session: String, agentId: String, outcome: UsageRecordsResultRecordOutcome, tries: Int, durationMs: Int, provider: String? = nil, model: String? = nil, inputTokens: Int? = nil, outputTokens: Int? = nil, cachedTokens: Int? = nil, reasoningTokens: Int? = nil, cost: Double? = nil) {
        self.turn = turn
        self.at = at
        self.channel = channel
        self.accountId = accountId
        self.session = session
        self.agentId = agentId
        self.outcome = outcome
        self.tries = tries
        self.durationMs = durationMs
        self.provider = provider
        self.model = model
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cachedTokens = cachedTokens
        self.reasoningTokens = reasoningTokens
        self.cost = cost
    }
}

/// `retried`: a try that failed after it had used something.
public enum UsageRecordsResultRecordOutcome: String, Codable {
    case aborted = "aborted"
    case done = "done"
    case expired = "expired"
    case failed = "failed"
    case retried = "retried"
}

// MARK: - UsageReportParams
public struct UsageReportParams: Codable {
    public var from: String?
    public var to: String?
    public var by: UsageReportParamsBy?
    public var tenant: String?

    public enum CodingKeys: String, CodingKey {
        case from
        case to
        case by
        case tenant
    }

    public init(from: String? = nil, to: String? = nil, by: UsageReportParamsBy? = nil, tenant: String? = nil) {
        self.from = from
        self.to = to
        self.by = by
        self.tenant = tenant
    }
}

public enum UsageReportParamsBy: String, Codable {
    case account = "account"
    case agent = "agent"
    case day = "day"
    case model = "model"
    case session = "session"
}

// MARK: - UsageReportResult
public struct UsageReportResult: Codable {
    public var from: String
    public var to: String
    public var currency: String
    public var rows: [UsageReportResultRow]

    public enum CodingKeys: String, CodingKey {
        case from
        case to
        case currency
        case rows
    }

    public init(from: String, to: String, currency: String, rows: [UsageReportResultRow]) {
        self.from = from
        self.to = to
        self.currency = currency
        self.rows = rows
    }
}

// MARK: - UsageReportResultRow
public struct UsageReportResultRow: Codable {
    /// The date, `channel:account`, agent, session or model; empty for no model.
    public var key: String
    public var runs: Int
    public var failed: Int
    /// Tries that failed after they had used something; their tokens and costs are in the sums.
    public var retried: Int
    public var durationMs: Int
    public var inputTokens: Int
    public var outputTokens: Int
    public var cachedTokens: Int
    public var reasoningTokens: Int
    /// In the currency.
    public var cost: Double
    /// Records whose cost is not known.
    public var unpriced: Int

    public enum CodingKeys: String, CodingKey {
        case key
        case runs
        case failed
        case retried
        case durationMs
        case inputTokens
        case outputTokens
        case cachedTokens
        case reasoningTokens
        case cost
        case unpriced
    }

    public init(key: String, runs: Int, failed: Int, retried: Int, durationMs: Int, inputTokens: Int, outputTokens: Int, cachedTokens: Int, reasoningTokens: Int, cost: Double, unpriced: Int) {
        self.key = key
        self.runs = runs
        self.failed = failed
        self.retried = retried
        self.durationMs = durationMs
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cachedTokens = cachedTokens
        self.reasoningTokens = reasoningTokens
        self.cost = cost
        self.unpriced = unpriced
    }
}

// MARK: - UsersSelfResult
public struct UsersSelfResult: Codable {
    public var profile: UsersSelfResultProfile

    public enum CodingKeys: String, CodingKey {
        case profile
    }

    public init(profile: UsersSelfResultProfile) {
        self.profile = profile
    }
}

// MARK: - UsersSelfResultProfile
public struct UsersSelfResultProfile: Codable {
    public var id: String
    public var displayName: String?
    public var avatarMime: JSONNull?
    public var mergedInto: JSONNull?
    /// Unix milliseconds.
    public var createdAt: Int
    /// Unix milliseconds.
    public var updatedAt: Int
    public var emails: [String]
    public var githubIdentity: JSONNull?
    public var hasAvatar: Bool

    public enum CodingKeys: String, CodingKey {
        case id
        case displayName
        case avatarMime
        case mergedInto
        case createdAt
        case updatedAt
        case emails
        case githubIdentity
        case hasAvatar
    }

    public init(id: String, displayName: String? = nil, avatarMime: JSONNull? = nil, mergedInto: JSONNull? = nil, createdAt: Int, updatedAt: Int, emails: [String], githubIdentity: JSONNull? = nil, hasAvatar: Bool) {
        self.id = id
        self.displayName = displayName
        self.avatarMime = avatarMime
        self.mergedInto = mergedInto
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.emails = emails
        self.githubIdentity = githubIdentity
        self.hasAvatar = hasAvatar
    }
}

// MARK: - VaultRotateParams
public struct VaultRotateParams: Codable {
    public var after: String?
    public var dataKeys: Bool?
    public var forgetOld: Bool?

    public enum CodingKeys: String, CodingKey {
        case after
        case dataKeys
        case forgetOld
    }

    public init(after: String? = nil, dataKeys: Bool? = nil, forgetOld: Bool? = nil) {
        self.after = after
        self.dataKeys = dataKeys
        self.forgetOld = forgetOld
    }
}

// MARK: - VaultRotateResult
public struct VaultRotateResult: Codable {
    public var master: String
    /// An earlier rotation's key was taken.
    public var resumed: Bool
    public var tenants: Int
    public var rewrapped: Int
    public var resealed: Int
    /// Ids of master keys that are not kept any more.
    public var forgotten: [String]
    public var next: String?

    public enum CodingKeys: String, CodingKey {
        case master
        case resumed
        case tenants
        case rewrapped
        case resealed
        case forgotten
        case next
    }

    public init(master: String, resumed: Bool, tenants: Int, rewrapped: Int, resealed: Int, forgotten: [String], next: String? = nil) {
        self.master = master
        self.resumed = resumed
        self.tenants = tenants
        self.rewrapped = rewrapped
        self.resealed = resealed
        self.forgotten = forgotten
        self.next = next
    }
}

// MARK: - VaultShredParams
public struct VaultShredParams: Codable {
    public var tenant: String
    public var confirm: String

    public enum CodingKeys: String, CodingKey {
        case tenant
        case confirm
    }

    public init(tenant: String, confirm: String) {
        self.tenant = tenant
        self.confirm = confirm
    }
}

// MARK: - VaultShredResult
public struct VaultShredResult: Codable {
    public var keys: Int
    public var accounts: Int

    public enum CodingKeys: String, CodingKey {
        case keys
        case accounts
    }

    public init(keys: Int, accounts: Int) {
        self.keys = keys
        self.accounts = accounts
    }
}

// MARK: - VaultStatusParams
public struct VaultStatusParams: Codable {
    public var after: String?

    public enum CodingKeys: String, CodingKey {
        case after
    }

    public init(after: String? = nil) {
        self.after = after
    }
}

// MARK: - VaultStatusResult
public struct VaultStatusResult: Codable {
    public var provider: VaultStatusResultProvider
    public var place: String
    /// `wraps`: how many keys of tenants.
    public var masters: [VaultStatusResultMaster]
    public var tenants: [VaultStatusResultTenant]
    public var trouble: String?
    public var next: String?

    public enum CodingKeys: String, CodingKey {
        case provider
        case place
        case masters
        case tenants
        case trouble
        case next
    }

    public init(provider: VaultStatusResultProvider, place: String, masters: [VaultStatusResultMaster], tenants: [VaultStatusResultTenant], trouble: String? = nil, next: String? = nil) {
        self.provider = provider
        self.place = place
        self.masters = masters
        self.tenants = tenants
        self.trouble = trouble
        self.next = next
    }
}

// MARK: - VaultStatusResultMaster
public struct VaultStatusResultMaster: Codable {
    public var id: String
    public var atHand: Bool
    public var seals: Bool
    public var wraps: Int

    public enum CodingKeys: String, CodingKey {
        case id
        case atHand
        case seals
        case wraps
    }

    public init(id: String, atHand: Bool, seals: Bool, wraps: Int) {
        self.id = id
        self.atHand = atHand
        self.seals = seals
        self.wraps = wraps
    }
}

public enum VaultStatusResultProvider: String, Codable {
    case environment = "environment"
    case file = "file"
    case system = "system"
}

// MARK: - VaultStatusResultTenant
public struct VaultStatusResultTenant: Codable {
    public var tenant: String
    public var keys: [VaultStatusResultTenantKey]
    public var values: Int
    /// Sealed with none of the keys.
    public var keyless: Int

    public enum CodingKeys: String, CodingKey {
        case tenant
        case keys
        case values
        case keyless
    }

    public init(tenant: String, keys: [VaultStatusResultTenantKey], values: Int, keyless: Int) {
        self.tenant = tenant
        self.keys = keys
        self.values = values
        self.keyless = keyless
    }
}

// MARK: - VaultStatusResultTenantKey
public struct VaultStatusResultTenantKey: Codable {
    public var id: String
    public var purpose: VaultStatusResultTenantKeyPurpose
    public var generation: Int
    public var master: String
    /// Unix milliseconds.
    public var createdAt: Int
    public var values: Int

    public enum CodingKeys: String, CodingKey {
        case id
        case purpose
        case generation
        case master
        case createdAt
        case values
    }

    public init(id: String, purpose: VaultStatusResultTenantKeyPurpose, generation: Int, master: String, createdAt: Int, values: Int) {
        self.id = id
        self.purpose = purpose
        self.generation = generation
        self.master = master
        self.createdAt = createdAt
        self.values = values
    }
}

public enum VaultStatusResultTenantKeyPurpose: String, Codable {
    case derive = "derive"
    case seal = "seal"
}

// MARK: - VaultVerifyParams
public struct VaultVerifyParams: Codable {
    public var after: String?

    public enum CodingKeys: String, CodingKey {
        case after
    }

    public init(after: String? = nil) {
        self.after = after
    }
}

// MARK: - VaultVerifyResult
public struct VaultVerifyResult: Codable {
    public var keys: Int
    public var values: Int
    public var unopened: [VaultVerifyResultUnopened]
    public var trouble: String?
    public var next: String?

    public enum CodingKeys: String, CodingKey {
        case keys
        case values
        case unopened
        case trouble
        case next
    }

    public init(keys: Int, values: Int, unopened: [VaultVerifyResultUnopened], trouble: String? = nil, next: String? = nil) {
        self.keys = keys
        self.values = values
        self.unopened = unopened
        self.trouble = trouble
        self.next = next
    }
}

// MARK: - VaultVerifyResultUnopened
public struct VaultVerifyResultUnopened: Codable {
    public var tenant: String
    public var channel: String?
    public var account: String?
    public var kind: VaultVerifyResultUnopenedKind
    public var key: String
    public var why: String

    public enum CodingKeys: String, CodingKey {
        case tenant
        case channel
        case account
        case kind
        case key
        case why
    }

    public init(tenant: String, channel: String? = nil, account: String? = nil, kind: VaultVerifyResultUnopenedKind, key: String, why: String) {
        self.tenant = tenant
        self.channel = channel
        self.account = account
        self.kind = kind
        self.key = key
        self.why = why
    }
}

public enum VaultVerifyResultUnopenedKind: String, Codable {
    case credential = "credential"
    case key = "key"
    case memory = "memory"
}

// MARK: - WebLoginStartParams
public struct WebLoginStartParams: Codable {
    public var channel: String?
    public var accountId: String?
    public var force: Bool?
    public var timeoutMs: Int?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case force
        case timeoutMs
    }

    public init(channel: String? = nil, accountId: String? = nil, force: Bool? = nil, timeoutMs: Int? = nil) {
        self.channel = channel
        self.accountId = accountId
        self.force = force
        self.timeoutMs = timeoutMs
    }
}

// MARK: - WebLoginStartResult
public struct WebLoginStartResult: Codable {
    public var message: String
    public var connected: Bool
    /// A PNG as a `data:` URL.
    public var qrDataUrl: String?
    public var sessionKey: String?

    public enum CodingKeys: String, CodingKey {
        case message
        case connected
        case qrDataUrl
        case sessionKey
    }

    public init(message: String, connected: Bool, qrDataUrl: String? = nil, sessionKey: String? = nil) {
        self.message = message
        self.connected = connected
        self.qrDataUrl = qrDataUrl
        self.sessionKey = sessionKey
    }
}

// MARK: - WebLoginWaitParams
public struct WebLoginWaitParams: Codable {
    public var channel: String?
    public var accountId: String?
    public var sessionKey: String?
    public var timeoutMs: Int?
    /// A PNG as a `data:` URL.
    public var currentQrDataUrl: String?

    public enum CodingKeys: String, CodingKey {
        case channel
        case accountId
        case sessionKey
        case timeoutMs
        case currentQrDataUrl
    }

    public init(channel: String? = nil, accountId: String? = nil, sessionKey: String? = nil, timeoutMs: Int? = nil, currentQrDataUrl: String? = nil) {
        self.channel = channel
        self.accountId = accountId
        self.sessionKey = sessionKey
        self.timeoutMs = timeoutMs
        self.currentQrDataUrl = currentQrDataUrl
    }
}

// MARK: - WebLoginWaitResult
public struct WebLoginWaitResult: Codable {
    public var connected: Bool
    public var message: String
    /// A PNG as a `data:` URL.
    public var qrDataUrl: String?

    public enum CodingKeys: String, CodingKey {
        case connected
        case message
        case qrDataUrl
    }

    public init(connected: Bool, message: String, qrDataUrl: String? = nil) {
        self.connected = connected
        self.message = message
        self.qrDataUrl = qrDataUrl
    }
}

// MARK: - Encode/decode helpers

public class JSONNull: Codable, Hashable {

    public static func == (lhs: JSONNull, rhs: JSONNull) -> Bool {
        return true
    }

    public var hashValue: Int {
        return 0
    }

    public func hash(into hasher: inout Hasher) {
        // No-op
    }

    public init() {}

    public required init(from decoder: Decoder) throws {
        let container = try decoder.singleValueContainer()
        if !container.decodeNil() {
            throw DecodingError.typeMismatch(JSONNull.self, DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "Wrong type for JSONNull"))
        }
    }

    public func encode(to encoder: Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encodeNil()
    }
}

class JSONCodingKey: CodingKey {
    let key: String

    required init?(intValue: Int) {
        return nil
    }

    required init?(stringValue: String) {
        key = stringValue
    }

    var intValue: Int? {
        return nil
    }

    var stringValue: String {
        return key
    }
}

public class JSONAny: Codable {

    public let value: Any

    static func decodingError(forCodingPath codingPath: [CodingKey]) -> DecodingError {
        let context = DecodingError.Context(codingPath: codingPath, debugDescription: "Cannot decode JSONAny")
        return DecodingError.typeMismatch(JSONAny.self, context)
    }

    static func encodingError(forValue value: Any, codingPath: [CodingKey]) -> EncodingError {
        let context = EncodingError.Context(codingPath: codingPath, debugDescription: "Cannot encode JSONAny")
        return EncodingError.invalidValue(value, context)
    }

    static func decode(from container: SingleValueDecodingContainer) throws -> Any {
        if let value = try? container.decode(Bool.self) {
            return value
        }
        if let value = try? container.decode(Int64.self) {
            return value
        }
        if let value = try? container.decode(Double.self) {
            return value
        }
        if let value = try? container.decode(String.self) {
            return value
        }
        if container.decodeNil() {
            return JSONNull()
        }
        throw decodingError(forCodingPath: container.codingPath)
    }

    static func decode(from container: inout UnkeyedDecodingContainer) throws -> Any {
        if let value = try? container.decode(Bool.self) {
            return value
        }
        if let value = try? container.decode(Int64.self) {
            return value
        }
        if let value = try? container.decode(Double.self) {
            return value
        }
        if let value = try? container.decode(String.self) {
            return value
        }
        if let value = try? container.decodeNil() {
            if value {
                return JSONNull()
            }
        }
        if var container = try? container.nestedUnkeyedContainer() {
            return try decodeArray(from: &container)
        }
        if var container = try? container.nestedContainer(keyedBy: JSONCodingKey.self) {
            return try decodeDictionary(from: &container)
        }
        throw decodingError(forCodingPath: container.codingPath)
    }

    static func decode(from container: inout KeyedDecodingContainer<JSONCodingKey>, forKey key: JSONCodingKey) throws -> Any {
        if let value = try? container.decode(Bool.self, forKey: key) {
            return value
        }
        if let value = try? container.decode(Int64.self, forKey: key) {
            return value
        }
        if let value = try? container.decode(Double.self, forKey: key) {
            return value
        }
        if let value = try? container.decode(String.self, forKey: key) {
            return value
        }
        if let value = try? container.decodeNil(forKey: key) {
            if value {
                return JSONNull()
            }
        }
        if var container = try? container.nestedUnkeyedContainer(forKey: key) {
            return try decodeArray(from: &container)
        }
        if var container = try? container.nestedContainer(keyedBy: JSONCodingKey.self, forKey: key) {
            return try decodeDictionary(from: &container)
        }
        throw decodingError(forCodingPath: container.codingPath)
    }

    static func decodeArray(from container: inout UnkeyedDecodingContainer) throws -> [Any] {
        var arr: [Any] = []
        while !container.isAtEnd {
            let value = try decode(from: &container)
            arr.append(value)
        }
        return arr
    }

    static func decodeDictionary(from container: inout KeyedDecodingContainer<JSONCodingKey>) throws -> [String: Any] {
        var dict = [String: Any]()
        for key in container.allKeys {
            let value = try decode(from: &container, forKey: key)
            dict[key.stringValue] = value
        }
        return dict
    }

    static func encode(to container: inout UnkeyedEncodingContainer, array: [Any]) throws {
        for value in array {
            if let value = value as? Bool {
                try container.encode(value)
            } else if let value = value as? Int64 {
                try container.encode(value)
            } else if let value = value as? Double {
                try container.encode(value)
            } else if let value = value as? String {
                try container.encode(value)
            } else if value is JSONNull {
                try container.encodeNil()
            } else if let value = value as? [Any] {
                var container = container.nestedUnkeyedContainer()
                try encode(to: &container, array: value)
            } else if let value = value as? [String: Any] {
                var container = container.nestedContainer(keyedBy: JSONCodingKey.self)
                try encode(to: &container, dictionary: value)
            } else {
                throw encodingError(forValue: value, codingPath: container.codingPath)
            }
        }
    }

    static func encode(to container: inout KeyedEncodingContainer<JSONCodingKey>, dictionary: [String: Any]) throws {
        for (key, value) in dictionary {
            let key = JSONCodingKey(stringValue: key)!
            if let value = value as? Bool {
                try container.encode(value, forKey: key)
            } else if let value = value as? Int64 {
                try container.encode(value, forKey: key)
            } else if let value = value as? Double {
                try container.encode(value, forKey: key)
            } else if let value = value as? String {
                try container.encode(value, forKey: key)
            } else if value is JSONNull {
                try container.encodeNil(forKey: key)
            } else if let value = value as? [Any] {
                var container = container.nestedUnkeyedContainer(forKey: key)
                try encode(to: &container, array: value)
            } else if let value = value as? [String: Any] {
                var container = container.nestedContainer(keyedBy: JSONCodingKey.self, forKey: key)
                try encode(to: &container, dictionary: value)
            } else {
                throw encodingError(forValue: value, codingPath: container.codingPath)
            }
        }
    }

    static func encode(to container: inout SingleValueEncodingContainer, value: Any) throws {
        if let value = value as? Bool {
            try container.encode(value)
        } else if let value = value as? Int64 {
            try container.encode(value)
        } else if let value = value as? Double {
            try container.encode(value)
        } else if let value = value as? String {
            try container.encode(value)
        } else if value is JSONNull {
            try container.encodeNil()
        } else {
            throw encodingError(forValue: value, codingPath: container.codingPath)
        }
    }

    public required init(from decoder: Decoder) throws {
        if var arrayContainer = try? decoder.unkeyedContainer() {
            self.value = try JSONAny.decodeArray(from: &arrayContainer)
        } else if var container = try? decoder.container(keyedBy: JSONCodingKey.self) {
            self.value = try JSONAny.decodeDictionary(from: &container)
        } else {
            let container = try decoder.singleValueContainer()
            self.value = try JSONAny.decode(from: container)
        }
    }

    public func encode(to encoder: Encoder) throws {
        if let arr = self.value as? [Any] {
            var container = encoder.unkeyedContainer()
            try JSONAny.encode(to: &container, array: arr)
        } else if let dict = self.value as? [String: Any] {
            var container = encoder.container(keyedBy: JSONCodingKey.self)
            try JSONAny.encode(to: &container, dictionary: dict)
        } else {
            var container = encoder.singleValueContainer()
            try JSONAny.encode(to: &container, value: self.value)
        }
    }
}

public typealias AgentsListParams = [String: JSONAny]

public typealias AlertsTestParams = [String: JSONAny]

public typealias ConfigGetParams = [String: JSONAny]

public typealias ConfigSchemaLookupResultChildrenType = JSONAny

public typealias ConfigSchemaParams = [String: JSONAny]

public typealias CronStatusParams = [String: JSONAny]

public typealias DevicePairChangedEvent = [String: JSONAny]

public typealias DevicePairListParams = [String: JSONAny]

public typealias GatewayIdentityGetParams = [String: JSONAny]

public typealias LastHeartbeatParams = [String: JSONAny]

public typealias LastHeartbeatResult = JSONAny

public typealias NodeListParams = [String: JSONAny]

public typealias NodePairListParams = [String: JSONAny]

public typealias NodePendingPullParams = [String: JSONAny]

public typealias SessionsListParamsArchived = JSONAny

public typealias SessionsSubscribeParamsArchived = JSONAny

public typealias SystemInfoParams = [String: JSONAny]

public typealias SystemPresenceParams = [String: JSONAny]

public typealias SystemPresenceResult = [Presence]

public typealias TenantsListParams = [String: JSONAny]

public typealias UsersSelfParams = [String: JSONAny]
