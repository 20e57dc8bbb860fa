/** Every method: the index, and a section for each. */
import { LIMITS, NOT_HERE } from "@switchboard/protocol";
import type { Catalogue, MethodEntry } from "../catalogue.ts";
import { code, type FieldTables, table } from "../markdown.ts";
import { part } from "./types.ts";
import { firstSentence, methodAnchor, roleWords, scopeOf, seconds } from "./words.ts";

export function methodIndex({ methods }: Catalogue): string {
  const rows = Object.entries(methods).map(([name, method]) => [
    `[${name}](#${methodAnchor(name)})`,
    scopeOf(method),
    roleWords(method.role),
    method.since,
    [method.hidden && "Not advertised.", firstSentence(method.description ?? "")].filter(Boolean).join(" "),
  ]);
  return `## Methods\n\n${table(["Method", "Scope", "Role", "Since", "What it does"], rows)}`;
}

export function methodSection(name: string, method: MethodEntry, fields: FieldTables): string {
  const { description, params, result, accepted, role, since, hidden, controlPlane, idempotent } = method;
  const { calls, windowMs } = LIMITS.controlPlaneWrites;
  const meanwhile = { join: "waits for the first one's answer", "in-flight": "is told `in_flight` at once" };
  const facts = [
    `Scope: ${scopeOf(method)}. Role: ${roleWords(role)}. Since: ${since}.`,
    ...(method.alsoScopes ?? []).map(({ scope, when, unless }) =>
      when === undefined
        ? `Needs ${code(scope)}, too, unless the parameters fit ${code(JSON.stringify(unless))}.`
        : `Needs ${code(scope)}, too, when the parameters fit ${code(JSON.stringify(when))}.`,
    ),
    hidden && "Works, but is not advertised.",
    controlPlane && `At most ${calls} calls in ${seconds(windowMs)}.`,
    idempotent &&
      `Acts once for each \`idempotencyKey\`; ${idempotent.binds.map(code).join(", ")} must be the same again. A repetition while the first call works ${meanwhile[idempotent.meanwhile]}.`,
  ].filter(Boolean);
  return [
    `<a id="${methodAnchor(name)}"></a>\n\n### ${name}`,
    ...(description ? [description] : []),
    facts.join(" "),
    part("Parameters", `${name}.params`, params, fields),
    ...(accepted ? [part("First answer", `${name}.accepted`, accepted, fields)] : []),
    part(accepted ? "Last answer" : "Result", `${name}.result`, result, fields),
  ].join("\n\n");
}

/** Parameters of the same protocol elsewhere. */
export function notHere(): string {
  const rows = Object.entries(NOT_HERE).flatMap(([method, { ignored = {}, refused = {} }]) => [
    ...Object.entries(refused).map(([name, why]) => [method, name, "refused", why]),
    ...Object.entries(ignored).map(([name, why]) => [method, name, "ignored", why]),
  ]);
  return `## Parameters of other gateways

Clients that were made for other gateways of this protocol may send more than this one has a use for. What would change what a request does is refused with \`INVALID_REQUEST\`, so that nobody takes it for done; a value that asks for nothing (\`null\`, \`false\`, an empty text or list) is not. What changes nothing that the caller could notice is ignored. Any other field that is not described here is ignored, too.

${table(
  ["Method", "Parameter", "Here", "Why"],
  rows.map(([method = "", name = "", what = "", why = ""]) => [code(method), code(name), what, `${why}.`]),
)}`;
}
