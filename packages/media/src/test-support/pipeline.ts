/** The pipeline on a directory of its own, with files in memory for the media store. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { MediaPipeline } from "@switchboard/core/ports";
import type { AttachmentRules, OutboundAttachment, OutboundMedia } from "@switchboard/domain";
import { DEFAULT_TENANT, SwitchboardError } from "@switchboard/domain";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import sharp, { type Sharp } from "sharp";
import { createEgress } from "../egress/index.ts";
import { openMediaPipeline } from "../index.ts";

export interface TestPipeline extends AsyncDisposable {
  readonly pipeline: MediaPipeline;
  readonly directory: string;
  readonly blobs: Map<string, Uint8Array>;
  /** Blobs that were opened and neither read to their end nor cancelled. */
  openBlobs(): number;
  /** Opens bytes of the media store as an attachment. */
  open(
    bytes: Uint8Array,
    rules: AttachmentRules,
    attachment?: Partial<OutboundAttachment>,
    signal?: AbortSignal,
  ): Promise<OutboundMedia>;
  /** Temporary files that are there. */
  left(): Promise<readonly string[]>;
}

export const never: AbortSignal = new AbortController().signal;

export async function testPipeline(inboundLimits = {}): Promise<TestPipeline> {
  const temporary = await temporaryDirectory();
  const directory = join(temporary.path, "temporary");
  const blobs = new Map<string, Uint8Array>();
  let open = 0;
  const pipeline = await openMediaPipeline({
    directory,
    egress: createEgress({ allow: ["127.0.0.1"] }),
    inboundLimits,
    async readBlob(_tenant, blob) {
      const bytes = blobs.get(blob);
      if (!bytes) throw new SwitchboardError("REQ_002", "There is no such file.");
      open += 1;
      const stream = inPieces(bytes, () => {
        open -= 1;
      });
      return { stream, size: bytes.byteLength };
    },
  });
  return {
    pipeline,
    directory,
    blobs,
    openBlobs: () => open,
    open(bytes, rules, attachment = {}, signal = never) {
      blobs.set("b1", bytes);
      return pipeline.outbound(DEFAULT_TENANT, { kind: "image", source: { blob: "b1" }, ...attachment }, rules, signal);
    },
    left: () => readdir(directory),
    [Symbol.asyncDispose]: () => temporary.remove(),
  };
}

/** `ended` is called once it was read to its end, or cancelled. */
export function inPieces(bytes: Uint8Array, ended = () => {}): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at < bytes.byteLength) {
        controller.enqueue(bytes.subarray(at, at + 30_000));
        at += 30_000;
        return;
      }
      ended();
      controller.close();
    },
    cancel: ended,
  });
}

export async function bytesOf({ stream }: { readonly stream: ReadableStream<Uint8Array> }): Promise<Buffer> {
  return Buffer.from(await new Response(stream).arrayBuffer());
}

export type Colour = { readonly r: number; readonly g: number; readonly b: number; readonly alpha?: number };

export const RED: Colour = { r: 255, g: 0, b: 0 };

/** A picture of one colour. */
export function plain(width: number, height: number, background: Colour = RED): Sharp {
  const channels = background.alpha === undefined ? 3 : 4;
  return sharp({ create: { width, height, channels, background } });
}

/** A picture that no encoder makes small. */
export function noisy(width: number, height: number): Sharp {
  const data = Buffer.alloc(width * height * 3);
  let state = 1;
  for (let at = 0; at < data.length; at += 1) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    data[at] = state >> 16;
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}
