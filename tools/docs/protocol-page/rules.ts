/** What holds for every frame: its form, its order, errors, limits, scopes. */
import { CLOSE, CONNECT_ERRORS, GATEWAY_ERRORS, holds, LIMITS, SCOPES } from "@switchboard/protocol";
import type { Catalogue } from "../catalogue.ts";
import { code, type FieldTables, table } from "../markdown.ts";
import { seconds } from "./words.ts";

export function frames(fields: FieldTables): string {
  const sections = [
    [
      "Request",
      "RequestFrame",
      "Client to gateway. `id` is yours and comes back with the answer; answers may come in another order than the requests.",
    ],
    [
      "Response",
      "ResponseFrame",
      "Gateway to client. Methods that answer twice use the same `id` twice; the first answer's `status` is `accepted`.",
    ],
    ["Event", "EventFrame", "Gateway to client."],
  ] as const;
  return [
    "## Frames",
    ...sections.map(([title, name, about]) => `### ${title}\n\n${about}\n\n${fields.of(name)}`),
  ].join("\n\n");
}

export function order(): string {
  return `## Sequence numbers and gaps

\`seq\` counts, per connection and from 1, the events that were meant for you. Events that a slow connection missed are counted too, and nothing is ever sent again: when \`seq\` jumps, or after a reconnect, read anew what you show (\`health\`, \`system-presence\`, \`sessions.list\`, \`chat.history\`). Events that go to one client only have no \`seq\`. The \`seq\` inside \`chat\` and \`agent\` payloads counts within a run.

\`stateVersion\` tells whether a snapshot is older than an event: each of its numbers grows with every change of what it counts.

The gateway sends \`tick\` every ${seconds(LIMITS.tickMs)}. A client that hears nothing for twice as long should close with ${CLOSE.silent} and connect again.

## Doing things once

Methods with an \`idempotencyKey\` act once for each key: call again with the same key when you do not know whether the first call arrived. A key is remembered for ${seconds(LIMITS.idempotency.ttlMs)}, unless the method says more. The same key with other content is an error.`;
}

export function errors(): string {
  return `## Errors

\`error.code\` is one of ${GATEWAY_ERRORS.map(code).join(", ")}; expect others. \`error.details.code\` says more: a code of the table in [errors.md](errors.md), or \`MISSING_SCOPE\` with \`missingScope\` and \`requiredScopes\`. \`details.action\` says what to do next. Try again only where \`retryable\` is true, and not before \`retryAfterMs\`.

A refused \`connect\` has one of these as \`details.code\`:

${CONNECT_ERRORS.map((each) => `- ${code(each)}`).join("\n")}`;
}

export function closing({ commentsOf }: Catalogue): string {
  const about = commentsOf("CLOSE")?.properties;
  return `## Close codes

${table(
  ["Code", "Meaning"],
  Object.entries(CLOSE).map(([name, number]) => [number, about?.get(name)?.text ?? name]),
)}`;
}

export function limits({ commentsOf }: Catalogue): string {
  const about = commentsOf("LIMITS")?.properties;
  return `## Limits

Sizes are bytes, times milliseconds. \`hello-ok.policy\` has those that a client must keep.

${table(
  ["Limit", "Figure", "Meaning"],
  Object.entries(LIMITS).map(([name, figure]) => [
    code(name),
    typeof figure === "number"
      ? figure
      : Object.entries(figure)
          .map(([part, each]) => `${part} ${each}`)
          .join(", "),
    about?.get(name)?.text ?? "",
  ]),
)}`;
}

export function scopes(): string {
  const rows = SCOPES.map((scope) => {
    const implied = SCOPES.filter((other) => other !== scope && holds([scope], other));
    return [code(scope), implied.length === SCOPES.length - 1 ? "every other" : implied.map(code).join(", ") || "none"];
  });
  return `## Scopes

An operator holds scopes; some contain others. A node holds none: it may call what is for nodes, and nothing else.

${table(["Scope", "Contains"], rows)}`;
}
