import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { openStream } from "./call.ts";
import { mediaStream } from "./media.ts";

/** A file of which a first piece comes, and no end. */
async function endlessFile() {
  const closed = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    response.on("close", () => closed.resolve());
    response.write("x");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const response = await openStream({ url, method: "GET", timeoutMs: 60_000 });
  return {
    response,
    ...mediaStream(response, { maxBytes: 1_000 }),
    closed: closed.promise,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test("MSG-6 a file that nobody reads is let go when it is cancelled", async () => {
  await using file = await endlessFile();
  await file.stream.cancel();
  expect(file.response.destroyed).toBe(true);
  await file.closed;
});

test("MSG-6 a file is let go when it is cancelled in the middle, also while it stalls", async () => {
  await using file = await endlessFile();
  const reader = file.stream.getReader();
  expect((await reader.read()).value).toHaveLength(1);
  const stalled = reader.read();
  await reader.cancel();
  expect(await stalled).toEqual({ done: true, value: undefined });
  await file.closed;
});
