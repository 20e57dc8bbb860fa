/** Sessions: making, changing and ending them, and speaking into them by key. */
import { Type } from "@switchboard/domain/schema";
import { ErrorShape } from "../frames.ts";
import { Closed, Count, Id, IdempotencyKey, Open, Text } from "../schema.ts";
import { runState } from "../shapes/run-state.ts";
import { SessionEntry, SessionKey, SessionRow } from "../shapes/session.ts";
import { ChatAttachment } from "./chat.ts";
import { BASE, method, sessionWrite } from "./method.ts";

const admin = { scope: "operator.admin", role: "operator", since: BASE } as const;

const Label = Type.String({ minLength: 1, maxLength: 512 });
const Choice = Type.String({ minLength: 1, maxLength: 512 });
const orNull = <S extends typeof Label>(schema: S) => Type.Optional(Type.Union([schema, Type.Null()]));
const Anything = Type.Optional(Type.Unknown());

/** What says which session is meant, and that it is still the one the caller looked at. */
const which = { key: SessionKey, agentId: Type.Optional(Id), expectedSessionId: Type.Optional(Id) };

/** Whoever may write may change these; everything else about a session is the admins' business. */
const WritersPatch = Closed({
  key: Anything,
  agentId: Anything,
  expectedSessionId: Anything,
  label: Anything,
  icon: Anything,
  color: Anything,
  category: Anything,
  pinned: Anything,
  archived: Anything,
  unread: Anything,
  model: Anything,
  thinkingLevel: Anything,
  fastMode: Anything,
  permissionMode: Type.Optional(Type.Union([Type.Enum(["read-only", "guarded", "workspace"]), Type.Null()])),
});

/** Deleting what was archived before loses nothing that is in use. */
const DeleteArchived = Closed({
  key: Anything,
  agentId: Anything,
  expectedSessionId: Anything,
  deleteTranscript: Anything,
  archivedOnly: Type.Literal(true),
});

/** Sessions of wider reach than the chat of whoever makes them. */
const WideSession = Type.Union([
  Type.Object({ incognito: Type.Literal(true) }),
  Type.Object({ execNode: Type.Unknown() }),
  Type.Object({ toolOverrides: Type.Unknown() }),
  Type.Object({ permissionMode: Type.Literal("full") }),
]);

export const sessionWorkMethods = {
  /**
   * Makes a WebChat session, or changes the one that has this key, and says a first message there. `runError`: the
   * session is there, but the message was not taken. What a session cannot have here is refused.
   */
  "sessions.create": method({
    params: Open({
      key: Type.Optional(SessionKey),
      idempotencyKey: Type.Optional(IdempotencyKey),
      agentId: Type.Optional(Id),
      label: Type.Optional(Label),
      displayName: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
      model: Type.Optional(Choice),
      thinkingLevel: Type.Optional(Choice),
      parentSessionKey: Type.Optional(SessionKey),
      task: Type.Optional(Type.String()),
      /** The same as `task`. */
      message: Type.Optional(Type.String()),
      attachments: Type.Optional(Type.Array(ChatAttachment, { maxItems: 32 })),
    }),
    result: Closed({
      ok: Type.Literal(true),
      key: Text,
      sessionId: Text,
      entry: SessionEntry,
      runStarted: Type.Boolean(),
      runId: Type.Optional(Text),
      runError: Type.Optional(ErrorShape),
    }),
    ...sessionWrite,
    alsoScopes: [{ scope: "operator.admin", when: WideSession }],
    idempotent: {
      meanwhile: "join",
      binds: ["key", "agentId", "label", "displayName", "model", "thinkingLevel", "task", "message"],
    },
  }),

  /** `chat.send` into a session that exists. Without a key each call is a run of its own. */
  "sessions.send": method({
    params: Open({
      key: SessionKey,
      agentId: Type.Optional(Id),
      message: Type.String(),
      thinking: Type.Optional(Type.String({ maxLength: 64 })),
      attachments: Type.Optional(Type.Array(ChatAttachment, { maxItems: 32 })),
      timeoutMs: Type.Optional(Count),
      idempotencyKey: Type.Optional(IdempotencyKey),
    }),
    result: Closed(runState),
    ...sessionWrite,
    idempotent: { meanwhile: "in-flight", binds: ["key", "message", "agentId"] },
  }),

  /** Stops a session's runs, or the one run that is named, wherever it runs. */
  "sessions.abort": method({
    params: Open({
      key: Type.Optional(SessionKey),
      runId: Type.Optional(Id),
      agentId: Type.Optional(Id),
      /** False: what waits behind the running one stays. Default true. */
      clearQueued: Type.Optional(Type.Boolean()),
    }),
    result: Closed({
      ok: Type.Literal(true),
      abortedRunId: Type.Union([Text, Type.Null()]),
      status: Type.Enum(["aborted", "no-active-run"]),
    }),
    ...sessionWrite,
  }),

  /** Changes what was chosen for a session; `null` clears. What this gateway does not know is refused, not dropped. */
  "sessions.patch": method({
    params: Open({
      ...which,
      label: orNull(Label),
      model: orNull(Choice),
      thinkingLevel: orNull(Choice),
      verbosity: orNull(Choice),
      reasoningLevel: orNull(Choice),
    }),
    result: Closed({
      ok: Type.Literal(true),
      /** Where the store is; `[redacted]` without admin. */
      path: Type.String(),
      key: Text,
      entry: SessionEntry,
      resolved: Closed({ modelProvider: Text, model: Text }),
    }),
    ...sessionWrite,
    alsoScopes: [{ scope: "operator.admin", unless: WritersPatch }],
  }),

  /** Stops what runs and begins anew: the agent forgets, what was chosen stays, and so does the transcript to look at. */
  "sessions.reset": method({
    params: Open({ ...which, reason: Type.Optional(Type.Enum(["new", "reset"])) }),
    result: Closed({ ok: Type.Literal(true), key: Text, entry: SessionEntry, session: SessionRow }),
    ...admin,
  }),

  /** Stops what runs and wipes transcript and choices. The main session cannot be deleted, only reset. */
  "sessions.delete": method({
    params: Open({
      ...which,
      deleteTranscript: Type.Optional(Type.Boolean()),
      archivedOnly: Type.Optional(Type.Boolean()),
    }),
    result: Closed({
      ok: Type.Literal(true),
      key: Text,
      deleted: Type.Boolean(),
      /** Always empty: nothing is kept. */
      archived: Type.Array(Text),
    }),
    ...sessionWrite,
    alsoScopes: [{ scope: "operator.admin", unless: DeleteArchived }],
  }),

  /** Keeps the newest `maxLines` entries of the transcript. Without a number nothing is done, and the answer says so. */
  "sessions.compact": method({
    params: Open({ ...which, maxLines: Type.Optional(Type.Integer({ minimum: 1 })) }),
    result: Closed({
      ok: Type.Literal(true),
      key: Text,
      compacted: Type.Boolean(),
      kept: Count,
      removed: Count,
      reason: Type.Optional(Text),
    }),
    ...admin,
  }),
};
