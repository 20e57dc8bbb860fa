/** A2UI as people hand it in: JSON lines, or only a text. Checked here, so that a mistake is told with its line. */
import { SwitchboardError } from "@switchboard/domain";

const SAYS = {
  "v0.8": ["beginRendering", "surfaceUpdate", "dataModelUpdate", "deleteSurface"],
  "v0.9": ["createSurface", "updateComponents", "updateDataModel", "deleteSurface"],
} as const;

/** The lines without empty ones. @throws REQ_001 for what no node would draw, with the number of the line. */
export function a2uiLines(text: string): string {
  const lines = text.split(/\r?\n/).map((line, at) => ({ line: line.trim(), at: at + 1 }));
  const written = lines.filter(({ line }) => line !== "");
  if (written.length === 0) throw wrong("There are no A2UI messages in it.");
  const versions = new Set(written.map(({ at, line }) => versionOf(line, at)));
  if (versions.size > 1) throw wrong("It has messages of A2UI v0.8 and of v0.9; a page draws one of them.");
  return `${written.map(({ line }) => line).join("\n")}\n`;
}

/** A surface that shows a text. */
export function a2uiText(text: string): string {
  const components = [
    { id: "root", component: { Column: { children: { explicitList: ["text"] } } } },
    { id: "text", component: { Text: { text: { literalString: text }, usageHint: "body" } } },
  ];
  const messages = [
    { surfaceUpdate: { surfaceId: "main", components } },
    { beginRendering: { surfaceId: "main", root: "root" } },
  ];
  return messages.map((message) => `${JSON.stringify(message)}\n`).join("");
}

function versionOf(line: string, at: number): keyof typeof SAYS {
  const message = parsed(line);
  if (typeof message !== "object" || message === null || Array.isArray(message)) {
    throw wrong(`Line ${at} is no JSON object.`);
  }
  const { version } = message as { version?: unknown };
  if (version !== undefined && version !== "v0.9") {
    throw wrong(`Line ${at} is of a version that is not known: ${JSON.stringify(version)}. v0.8 has no version.`);
  }
  const known = version ?? "v0.8";
  if (SAYS[known].filter((each) => Object.hasOwn(message, each)).length === 1) return known;
  throw wrong(`Line ${at} is no message of A2UI ${known}: it needs exactly one of ${SAYS[known].join(", ")}.`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function wrong(message: string): SwitchboardError {
  return new SwitchboardError("REQ_001", message);
}
