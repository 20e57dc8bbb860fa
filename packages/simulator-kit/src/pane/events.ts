/** Server-sent events to an open pane. What happens within a moment goes out together. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { PaneChange, PaneWorld } from "./pane-world.ts";

const MOMENT_MS = 30;
const HEARTBEAT_MS = 15_000;

/** Streams until the page goes away. Each message is a list of `PaneEvent`s. */
export function streamEvents(request: IncomingMessage, response: ServerResponse, world: PaneWorld): void {
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    connection: "keep-alive",
    "x-accel-buffering": "no",
  });
  // Tells the browser to come back soon after a restart.
  response.write("retry: 500\n\n");
  const waiting = new Map<unknown, PaneChange>();
  let timer: NodeJS.Timeout | undefined;
  const send = (): void => {
    timer = undefined;
    const events = [...waiting.values()].map(({ event }) => event());
    waiting.clear();
    response.write(`data: ${JSON.stringify(events)}\n\n`);
  };
  const stop = world.listen((change) => {
    // The last of several changes moves to the end.
    waiting.delete(change.key);
    waiting.set(change.key, change);
    timer ??= setTimeout(send, MOMENT_MS);
  });
  const heartbeat = setInterval(() => response.write(":\n\n"), HEARTBEAT_MS);
  request.on("close", () => {
    stop();
    clearTimeout(timer);
    clearInterval(heartbeat);
  });
}
