/** What the echo agent shows when asked for `demo …`. */
import { setTimeout as wait } from "node:timers/promises";
import type { AgentEvent, AgentRequest } from "@switchboard/core/ports";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { LONG, MARKDOWN, STREAMED } from "./demo-texts.ts";
import { gradientPng } from "./picture.ts";

export interface DemoPorts {
  /** Keeps bytes in the media store and returns their blob; without it there is no `demo image`. */
  storeBlob?(tenant: TenantId, content: Uint8Array, mimeType: string): Promise<string>;
  /** Wait between two words of `demo stream`, in milliseconds. Default 150. */
  readonly demoDelayMs?: number;
}

type Demo = (request: AgentRequest, ports: DemoPorts, signal: AbortSignal) => AsyncIterable<AgentEvent>;

interface DemoEntry {
  readonly description: string;
  readonly run: Demo;
  readonly available?: (ports: DemoPorts) => boolean;
}

/** The word after `demo`, `""` when there is none; `undefined` when `text` asks for no demo. */
export function demoWord(text: string): string | undefined {
  // Nearly every message leaves here, without any further look.
  if (text.length > 200 || !/\bdemo\b/i.test(text)) return undefined;
  const words = text.trim().toLowerCase().split(/\s+/);
  // In groups the account's own name stands in front.
  const start = words[0]?.startsWith("@") ? 1 : 0;
  if (words[start] !== "demo" || words.length > start + 2) return undefined;
  return words[start + 1] ?? "";
}

/** Runs one demo; an unknown word lists them. */
export async function* runDemo(
  word: string,
  request: AgentRequest,
  ports: DemoPorts,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  const demo = DEMOS.get(word);
  if (demo && isAvailable(demo, ports)) yield* demo.run(request, ports, signal);
  else yield* list(word, ports);
}

const DEMOS: ReadonlyMap<string, DemoEntry> = new Map<string, DemoEntry>([
  ["buttons", { description: "buttons and a link", run: buttons }],
  ["choices", { description: "a list to choose from", run: choices }],
  ["markdown", { description: "every kind of formatting", run: () => text(MARKDOWN) }],
  ["long", { description: "an answer of 20,000 characters", run: () => text(LONG) }],
  ["stream", { description: "an answer that comes word by word; `/stop` ends it", run: stream }],
  ["thinking", { description: "an answer with reasoning (`/reasoning` shows it)", run: thinking }],
  ["image", { description: "a picture", run: image, available: (ports) => ports.storeBlob !== undefined }],
  ["fail", { description: "an agent that fails, again at every try", run: fail }],
  ["flaky", { description: "an agent that fails once and then answers", run: flaky }],
]);

function isAvailable(demo: DemoEntry, ports: DemoPorts): boolean {
  return demo.available?.(ports) ?? true;
}

async function* text(whole: string): AsyncGenerator<AgentEvent> {
  yield { type: "text", delta: whole };
}

function list(word: string, ports: DemoPorts): AsyncGenerator<AgentEvent> {
  const known = [...DEMOS].filter(([, demo]) => isAvailable(demo, ports));
  const lines = known.map(([name, { description }]) => `- \`demo ${name}\`: ${description}`);
  const opening = word === "" ? "Write one of these:" : "I do not know that demo. These I know:";
  return text(`${opening}\n\n${lines.join("\n")}`);
}

async function* buttons(): AsyncGenerator<AgentEvent> {
  yield { type: "text", delta: "Press one, and it comes back to me as your next message." };
  yield {
    type: "controls",
    controls: [
      [
        { kind: "button", label: "Yes", value: "I pressed yes", style: "primary" },
        { kind: "button", label: "No", value: "I pressed no", style: "danger" },
      ],
      [{ kind: "link", label: "What Markdown is", url: "https://commonmark.org/help/" }],
    ],
  };
}

async function* choices(): AsyncGenerator<AgentEvent> {
  yield { type: "text", delta: "Choose a season." };
  const options = ["Spring", "Summer", "Autumn", "Winter"].map((label) => ({
    label,
    value: `I chose ${label.toLowerCase()}`,
  }));
  yield { type: "controls", controls: [[{ kind: "select", label: "Season", options }]] };
}

async function* stream(_: AgentRequest, ports: DemoPorts, signal: AbortSignal): AsyncGenerator<AgentEvent> {
  for (const word of STREAMED.split(/(?<= )/)) {
    yield { type: "text", delta: word };
    await pause(ports.demoDelayMs ?? 150, signal);
  }
}

async function* thinking(_: AgentRequest, ports: DemoPorts, signal: AbortSignal): AsyncGenerator<AgentEvent> {
  yield { type: "thinking", delta: "The person wants to see reasoning. " };
  await pause(ports.demoDelayMs ?? 150, signal);
  yield { type: "thinking", delta: "I have none, but I can pretend." };
  yield { type: "text", delta: "I thought about it first." };
}

async function* image(request: AgentRequest, ports: DemoPorts): AsyncGenerator<AgentEvent> {
  if (!ports.storeBlob) return;
  const png = gradientPng(request.inputs.at(-1)?.at ?? 0);
  const blob = await ports.storeBlob(request.tenant, png, "image/png");
  yield { type: "text", delta: "A picture, made on the spot." };
  yield {
    type: "attachment",
    attachment: { kind: "image", source: { blob }, mimeType: "image/png", fileName: "gradient.png", size: png.length },
  };
}

// biome-ignore lint/correctness/useYield: it fails before it says anything, as providers do
async function* fail(): AsyncGenerator<AgentEvent> {
  throw new SwitchboardError("AGENT_001", "This failure was asked for with `demo fail`.");
}

/** Turns that failed once already; the oldest are forgotten. */
const failedOnce = new Set<string>();

async function* flaky(request: AgentRequest): AsyncGenerator<AgentEvent> {
  if (!failedOnce.delete(request.turn)) {
    failedOnce.add(request.turn);
    for (const oldest of failedOnce) {
      if (failedOnce.size <= 1000) break;
      failedOnce.delete(oldest);
    }
    throw new SwitchboardError("AGENT_001", "This failure was asked for with `demo flaky`; the next try answers.");
  }
  yield { type: "text", delta: "The first try failed, this one did not. The trace of your message shows both." };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch {
    throw new SwitchboardError("AGENT_005");
  }
}
