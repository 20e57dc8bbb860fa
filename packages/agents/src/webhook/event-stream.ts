/** Reads server-sent events: their names and their data. */
import { unreadable } from "../external/answer-events.ts";

export interface StreamedEvent {
  readonly event: string;
  readonly data: string;
}

const LONGEST_LINE = 24 * 1024 * 1024;

/** `alive` is called for every piece that came. @throws AGENT_004 for a line that is too long. */
export async function* eventsOf(body: ReadableStream<Uint8Array>, alive: () => void): AsyncGenerator<StreamedEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  let event = "";
  let data: string[] = [];
  for await (const chunk of body) {
    alive();
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST_LINE) throw unreadable("a line of the stream is too long");
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield { event: event || "message", data: data.join("\n") };
        event = "";
        data = [];
        continue;
      }
      const [, name = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (name === "event") event = value;
      else if (name === "data") data.push(value);
    }
  }
}
