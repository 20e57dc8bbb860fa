/** Every event: the index, and a section for each. */
import { CLOSE } from "@switchboard/protocol";
import type { Catalogue, EventEntry } from "../catalogue.ts";
import { type FieldTables, table } from "../markdown.ts";
import { part } from "./types.ts";
import { audienceWords, eventAnchor, firstSentence } from "./words.ts";

export function eventIndex({ events }: Catalogue): string {
  const rows = Object.entries(events).map(([name, { scope, dropIfSlow, description = "" }]) => [
    `[${name}](#${eventAnchor(name)})`,
    audienceWords(scope),
    dropIfSlow ? "yes" : "no",
    firstSentence(description),
  ]);
  return `## Events

What is left out for a client that does not keep up shows as a gap in \`seq\`. A client that falls behind on the others is closed with ${CLOSE.policy}.

${table(["Event", "Who gets it", "Left out when slow", "What it says"], rows)}`;
}

export function eventSection(name: string, { description, payload, scope }: EventEntry, fields: FieldTables): string {
  return [
    `<a id="${eventAnchor(name)}"></a>\n\n### ${name}`,
    ...(description ? [description] : []),
    `Who gets it: ${audienceWords(scope)}.`,
    part("Payload", `${name}.event`, payload, fields),
  ].join("\n\n");
}
