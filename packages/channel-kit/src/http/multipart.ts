/** Forms with files whose length is known before anything is read: RFC 7578. */
import { randomUUID } from "node:crypto";
import { ReadableStream } from "node:stream/web";
import type { OutboundMedia } from "@switchboard/domain";
import { headerName, uploadBytes } from "./media.ts";

export interface FormField {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
}

export interface FormFile {
  readonly name: string;
  readonly file: OutboundMedia;
}

export interface Form {
  readonly contentType: string;
  /** In bytes. */
  readonly size: number;
  readonly body: globalThis.ReadableStream<Uint8Array>;
  /** Lets go of the files that were not read. Must be called when the call is over. */
  release(): void;
}

export function multipart(fields: readonly FormField[], files: readonly FormFile[]): Form {
  const boundary = `switchboard-${randomUUID()}`;
  const head = (name: string, type?: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; ${name}\r\n${type === undefined ? "" : `content-type: ${type}\r\n`}\r\n`;
  const texts = Buffer.from(
    fields.map(({ name, type, value }) => `${head(`name="${name}"`, type)}${value}\r\n`).join(""),
  );
  const parts = files.map(({ file, name }) => ({
    file,
    head: Buffer.from(head(`name="${name}"; filename="${headerName(file.fileName)}"`, file.mimeType)),
  }));
  const between = Buffer.from("\r\n");
  const end = Buffer.from(`--${boundary}--\r\n`);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield texts;
    for (const { file, head: first } of parts) {
      yield first;
      yield* uploadBytes(file.stream as unknown as AsyncIterable<Uint8Array>);
      yield between;
    }
    yield end;
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    size: parts.reduce(
      (sum, part) => sum + part.head.length + part.file.size + between.length,
      texts.length + end.length,
    ),
    body: ReadableStream.from(bytes()) as unknown as globalThis.ReadableStream<Uint8Array>,
    release() {
      for (const { stream } of files.map(({ file }) => file)) if (!stream.locked) void stream.cancel().catch(() => {});
    },
  };
}
