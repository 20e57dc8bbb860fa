import { ReadableStream } from "node:stream/web";
import type { OutboundMedia } from "@switchboard/domain";
import { expect, test } from "vitest";
import { multipart } from "./multipart.ts";

const file = (text: string, fileName: string, stream = new Blob([text]).stream()): OutboundMedia =>
  ({ fileName, mimeType: "text/plain", size: text.length, stream }) as OutboundMedia;

test("MSG-3 a form has the length that it says, and other programs can read it", async () => {
  const form = multipart(
    [{ name: "json", type: "application/json", value: '{"é":1}' }],
    [
      { name: "files[0]", file: file("one", 'a"b\r\nc.txt') },
      { name: "files[1]", file: file("", "empty.txt") },
    ],
  );
  const bytes = Buffer.from(await new Response(form.body).arrayBuffer());
  expect(bytes.length).toBe(form.size);
  const read = await new Response(bytes, { headers: { "content-type": form.contentType } }).formData();
  expect(read.get("json")).toBe('{"é":1}');
  const first = read.get("files[0]") as File;
  expect([await first.text(), first.name, first.type]).toEqual(["one", 'a"b  c.txt', "text/plain"]);
  expect((read.get("files[1]") as File).size).toBe(0);
});

test("MSG-3 what was not read is let go, and a file that breaks off is no message", async () => {
  let cancelled = 0;
  const stream = new ReadableStream({ cancel: () => void cancelled++ });
  multipart([], [{ name: "file", file: file("x", "x", stream as never) }]).release();
  expect(cancelled).toBe(1);
  const broken = new ReadableStream({ pull: () => Promise.reject(new Error("gone")) });
  const form = multipart([], [{ name: "file", file: file("x", "x", broken as never) }]);
  await expect(new Response(form.body).text()).rejects.toMatchObject({ code: "MSG_002" });
});
