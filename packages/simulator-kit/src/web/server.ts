/** Talking to the simulator. Addresses are relative to the page. */
import type { PaneAction, PaneEvent, PaneMessage, PaneResult, PaneState } from "../shared/protocol.ts";

const account = new URLSearchParams(location.search).get("account");

function address(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const search = new URLSearchParams(account === null ? {} : { account });
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return text === "" ? `pane/${path}` : `pane/${path}?${text}`;
}

export function fileAddress(id: string): string {
  return address("file", { id });
}

export function fetchState(): Promise<PaneState> {
  return getJson(address("state"));
}

/** The newest messages of a chat, or the newest whose `order` is less; oldest first. */
export function fetchMessages(chat: string, before?: number): Promise<PaneMessage[]> {
  return getJson(address("messages", { chat, before }));
}

/** Rejects with an `Error` whose message is for the person. */
export async function act(action: PaneAction): Promise<PaneResult> {
  return settle(await fetch(address("act"), { method: "POST", body: JSON.stringify(action) }));
}

export interface Upload {
  readonly person: string;
  readonly chat: string;
  readonly thread?: string | undefined;
  readonly replyTo?: string | undefined;
  readonly text: string;
  readonly kind: string;
  readonly file: Blob;
  readonly name: string;
}

export async function upload({ file, ...query }: Upload): Promise<PaneResult> {
  const target = address("upload", { ...query, type: file.type });
  return settle(await fetch(target, { method: "POST", body: file }));
}

async function settle(response: Response): Promise<PaneResult> {
  const result = (await response.json()) as PaneResult;
  if (!response.ok) throw new Error(result.error ?? `HTTP ${response.status}`);
  return result;
}

async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as T;
}

/** Listens for good; the browser reconnects by itself. `online` tells whether events can arrive. */
export function listen(onEvents: (events: readonly PaneEvent[]) => void, online: (is: boolean) => void): void {
  const source = new EventSource(address("events"));
  source.addEventListener("open", () => online(true));
  source.addEventListener("error", () => {
    online(false);
    // A server that answers with an error ends the stream for good, unlike one that is away.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(onEvents, online), 1000);
  });
  source.addEventListener("message", ({ data }: MessageEvent<string>) => onEvents(JSON.parse(data) as PaneEvent[]));
}
