/**
 * Files on their way into the gateway's media store. They go up as soon as they are attached, so that sending is quick;
 * until then the browser keeps their bytes, so that a reload loses none.
 */
import type { GatewayClient } from "@switchboard/client";
import { LIMITS, SwitchboardError } from "@switchboard/protocol";
import { del, get, set } from "idb-keyval";
import { Signal } from "../../shared/signal.ts";
import { fileSize } from "../../shared/words.ts";
import type { OutgoingFile } from "../model/outgoing.ts";
import { type Plight, plightOf } from "../model/plight.ts";

export type Upload =
  | { readonly state: "uploading" }
  | { readonly state: "ready"; readonly blob: string }
  | { readonly state: "failed"; readonly plight: Plight };

const UPLOAD_MS = 120_000;

export class Uploads {
  /** By the file's id; absent for files of an earlier visit that nobody asked about yet. */
  readonly states = new Signal<ReadonlyMap<string, Upload>>(new Map());
  readonly #client: GatewayClient;
  readonly #bytes = new Map<string, Blob>();
  readonly #previews = new Map<string, string>();
  readonly #underWay = new Map<string, Promise<OutgoingFile>>();

  constructor(client: GatewayClient) {
    this.#client = client;
  }

  /** Takes a file in and begins to upload it. @throws MSG_003 when the gateway would not take it, REQ_001 when it is empty. */
  add(file: File): OutgoingFile {
    const most = this.#client.hello?.policy.attachments?.maxBytes ?? LIMITS.attachments.maxBytes;
    const fileName = file.name || "pasted file";
    if (file.size > most) {
      throw new SwitchboardError("MSG_003", `${fileName} has ${fileSize(file.size)}; at most ${fileSize(most)} fit.`);
    }
    if (file.size === 0) throw new SwitchboardError("REQ_001", `${fileName} is empty.`);
    const mimeType = file.type || "application/octet-stream";
    const taken: OutgoingFile = {
      id: crypto.randomUUID(),
      kind: kindOf(mimeType),
      fileName,
      mimeType,
      sizeBytes: file.size,
    };
    this.#bytes.set(taken.id, file);
    // Without IndexedDB a reload loses files that are not uploaded yet, and nothing else.
    set(taken.id, file).catch(() => {});
    this.upload(taken).catch(() => {});
    return taken;
  }

  /** Resolves when the gateway has the file. Rejects with SYS_004 while there is no line: ask again then. */
  upload(file: OutgoingFile): Promise<OutgoingFile> {
    if (file.blob !== undefined) return Promise.resolve(file);
    const known = this.states.get().get(file.id);
    if (known?.state === "ready") return Promise.resolve({ ...file, blob: known.blob });
    const running = this.#underWay.get(file.id) ?? this.#start(file);
    this.#underWay.set(file.id, running);
    return running;
  }

  /** Forgets a file that will not be sent. */
  drop({ id }: OutgoingFile): void {
    this.#bytes.delete(id);
    del(id).catch(() => {});
    const preview = this.#previews.get(id);
    if (preview) URL.revokeObjectURL(preview);
    this.#previews.delete(id);
  }

  /** An address that shows the file, while there is one. */
  preview({ id, blob }: OutgoingFile): string | undefined {
    const known = this.#previews.get(id);
    if (known) return known;
    const bytes = this.#bytes.get(id);
    if (!bytes) return blob === undefined ? undefined : mediaUrl(blob);
    const url = URL.createObjectURL(bytes);
    this.#previews.set(id, url);
    return url;
  }

  async #start(file: OutgoingFile): Promise<OutgoingFile> {
    this.#become(file, { state: "uploading" });
    try {
      const bytes = this.#bytes.get(file.id) ?? (await get<Blob>(file.id));
      if (!bytes) throw new SwitchboardError("REQ_002", `${file.fileName} is no longer here; attach it again.`);
      const content = await base64(bytes);
      const { mimeType, fileName } = file;
      const { blob } = await this.#client.request(
        "media.put",
        { content, mimeType, fileName },
        { timeoutMs: UPLOAD_MS },
      );
      this.#become(file, { state: "ready", blob });
      del(file.id).catch(() => {});
      return { ...file, blob };
    } catch (error) {
      const isLine = error instanceof SwitchboardError && error.code === "SYS_004";
      this.#become(file, isLine ? { state: "uploading" } : { state: "failed", plight: plightOf(error) });
      throw error;
    } finally {
      this.#underWay.delete(file.id);
    }
  }

  #become({ id }: OutgoingFile, upload: Upload): void {
    this.states.update((all) => new Map(all).set(id, upload));
  }
}

/** Where the gateway shows a stored file to this page. */
export function mediaUrl(blob: string): string {
  return `media/${encodeURIComponent(blob)}`;
}

function kindOf(mimeType: string): OutgoingFile["kind"] {
  const family = mimeType.split("/")[0];
  return family === "image" || family === "video" || family === "audio" ? family : "document";
}

function base64(bytes: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",", 2)[1] ?? "");
    reader.onerror = () => reject(reader.error ?? new Error("The file cannot be read."));
    reader.readAsDataURL(bytes);
  });
}
