/** The configuration file: read with its secrets hidden, changed as a whole or by a patch. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Id, Open, Text } from "../schema.ts";
import { BASE, method, OWN } from "./method.ts";

const Issue = Closed({ path: Type.String(), message: Type.String() });
const Anything = Type.Record(Type.String(), Type.Unknown());

/** JSON text; refused when it is larger. */
const Raw = Type.String({ minLength: 1, maxLength: 1_048_576 });

/**
 * What a change did. `config`: the file's content now. What is not named in `restart.paths` counts already; a path is
 * dotted, as deep as changes are told apart.
 */
const Changed = Closed({
  ok: Type.Literal(true),
  path: Type.Optional(Text),
  config: Anything,
  hash: Text,
  configRevisionHash: Text,
  /** Nothing was different: nothing was written. */
  noop: Type.Optional(Type.Literal(true)),
  applied: Type.Array(Text),
  restart: Closed({ required: Type.Boolean(), paths: Type.Array(Text) }),
});

/** `hash` of `config.get`: somebody else's change in between is an error. */
const baseHash = Type.Optional(Id);

const UiHint = Closed({
  label: Type.Optional(Type.String()),
  help: Type.Optional(Type.String()),
  sensitive: Type.Optional(Type.Boolean()),
});
const ReloadKind = Type.Enum(["restart", "hot", "none"]);

export const configMethods = {
  /**
   * The file. Secrets read `[hidden]` everywhere, also in `raw`; references to variables stay what they are. `path` only
   * for admins. While the file is not valid, `config` is what is in force and `issues` say what is wrong.
   */
  "config.get": method({
    params: Open({}),
    result: Closed({
      path: Type.Optional(Text),
      exists: Type.Boolean(),
      valid: Type.Boolean(),
      /** The file's text, secrets hidden; absent when it is no JSON. */
      raw: Type.Optional(Type.String()),
      /** The file's content. */
      parsed: Anything,
      /** With environment and defaults. */
      config: Anything,
      issues: Type.Array(Issue),
      /** Of the file's text; changes with it. Says nothing about what is in it. */
      hash: Text,
      /** Of the content, however it is written. */
      configRevisionHash: Text,
      /** The `configRevisionHash` that is wholly in force; another one while a restart is due. */
      appliedConfigHash: Text,
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
  /** Says what is wrong with a configuration before it is put in force. `raw`: the file's text. */
  "config.validate": method({
    params: Open({ raw: Type.String({ maxLength: 1_048_576 }) }),
    result: Closed({ valid: Type.Boolean(), issues: Type.Array(Issue) }),
    scope: "operator.read",
    role: "operator",
    since: OWN,
  }),

  /** The whole file anew. What reads `[hidden]` keeps its value. What can be applied without a restart is. */
  "config.set": method({
    params: Open({ raw: Raw, baseHash }),
    result: Changed,
    scope: "operator.admin",
    role: "operator",
    since: BASE,
    controlPlane: true,
  }),
  /** The same. It does not restart by itself: see `restart`, and `gateway.restart.request`. */
  "config.apply": method({
    params: Open({ raw: Raw, baseHash }),
    result: Changed,
    scope: "operator.admin",
    role: "operator",
    since: BASE,
    controlPlane: true,
  }),
  /**
   * A merge patch (RFC 7396) of the file's content, except that lists whose entries have an `id` are merged by it. A
   * patch that would take entries out of a list has to name the list in `replacePaths`, e.g. `bindings` or
   * `agents[].models`.
   */
  "config.patch": method({
    params: Open({ raw: Raw, baseHash, replacePaths: Type.Optional(Type.Array(Id, { maxItems: 256 })) }),
    result: Changed,
    scope: "operator.admin",
    role: "operator",
    since: BASE,
    controlPlane: true,
  }),

  "config.schema": method({
    params: Open({}),
    result: Closed({
      /** A JSON Schema. */
      schema: Type.Unknown(),
      /** By dotted path; `*` stands for any name, `[]` for any place in a list. */
      uiHints: Type.Record(Type.String(), UiHint),
      version: Text,
      /** ISO 8601. */
      generatedAt: Text,
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
  /** The schema of one setting, e.g. `gateway.port`, and what is below it. */
  "config.schema.lookup": method({
    params: Open({ path: Type.String({ minLength: 1, maxLength: 1_024, pattern: "^[A-Za-z0-9_./\\[\\]\\-*]+$" }) }),
    result: Closed({
      path: Text,
      schema: Type.Unknown(),
      reloadKind: Type.Optional(ReloadKind),
      hint: Type.Optional(UiHint),
      hintPath: Type.Optional(Type.String()),
      children: Type.Array(
        Closed({
          key: Text,
          path: Text,
          type: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
          required: Type.Boolean(),
          hasChildren: Type.Boolean(),
          reloadKind: Type.Optional(ReloadKind),
          hint: Type.Optional(UiHint),
          hintPath: Type.Optional(Type.String()),
        }),
      ),
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
};
