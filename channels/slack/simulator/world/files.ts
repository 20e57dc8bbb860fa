/** Files of a workspace: what people attach and what the bot uploads. */
import type { AttachmentKind } from "@switchboard/domain";
import { Bytes, type Counter, type Journal } from "@switchboard/simulator-kit";

export interface StoredFile {
  readonly id: string;
  readonly kind: AttachmentKind;
  readonly name: string;
  readonly mimeType: string;
  readonly size: number;
  readonly user: string;
  /** Of text that is shown folded: its language. */
  readonly snippet?: string;
}

/** An upload that the bot has begun: a place for the bytes. */
export interface Ticket {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly snippet?: string | undefined;
  bytes?: Uint8Array;
}

export class Files {
  readonly #journal: Journal;
  readonly #numbers: Counter;
  readonly #bytes: Bytes;
  readonly #byId = new Map<string, StoredFile>();
  readonly #tickets = new Map<string, Ticket>();

  constructor(journal: Journal, numbers: Counter, most: number) {
    this.#journal = journal;
    this.#numbers = numbers;
    this.#bytes = new Bytes(journal, most);
    for (const { value } of journal.load("file")) {
      const file = value as StoredFile;
      this.#byId.set(file.id, file);
    }
  }

  byId(id: string): StoredFile | undefined {
    return this.#byId.get(id);
  }

  /** What a reader sees of a file that is shown as text, unfolded. */
  textOf(id: string): string | undefined {
    const file = this.#byId.get(id);
    const bytes = file?.snippet === undefined ? undefined : this.#bytes.get(id);
    return bytes && new TextDecoder().decode(bytes);
  }

  bytes({ id }: StoredFile): Uint8Array | undefined {
    return this.#bytes.get(id);
  }

  begin(name: string, length: number, snippet?: string): Ticket {
    const ticket: Ticket = { id: this.#nextId(), name, length, snippet };
    this.#tickets.set(ticket.id, ticket);
    return ticket;
  }

  ticket(id: string): Ticket | undefined {
    return this.#tickets.get(id);
  }

  /** The upload becomes a file. */
  complete(
    ticket: Ticket,
    file: Pick<StoredFile, "name" | "mimeType" | "user" | "kind">,
    bytes: Uint8Array,
  ): StoredFile {
    const { id, snippet } = ticket;
    this.#tickets.delete(id);
    return this.#store({ ...file, id, size: bytes.byteLength, ...(snippet !== undefined && { snippet }) }, bytes);
  }

  add(file: Pick<StoredFile, "name" | "mimeType" | "user" | "kind">, bytes: Uint8Array): StoredFile {
    return this.#store({ ...file, id: this.#nextId(), size: bytes.byteLength }, bytes);
  }

  remove(id: string): boolean {
    this.#journal.drop("file", id);
    return this.#byId.delete(id);
  }

  #store(file: StoredFile, bytes: Uint8Array): StoredFile {
    this.#bytes.put(file.id, bytes);
    this.#byId.set(file.id, file);
    this.#journal.put("file", file.id, () => file);
    return file;
  }

  #nextId(): string {
    return `F0${this.#numbers.next().toString(36).toUpperCase().padStart(8, "0")}`;
  }
}

const endings: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  mp4: "video/mp4",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  pdf: "application/pdf",
  txt: "text/plain",
  md: "text/markdown",
  json: "application/json",
};

/** Slack looks into the file; here its name and its first bytes must do. */
export function typeOf(name: string, bytes: Uint8Array, told = ""): { mimeType: string; kind: AttachmentKind } {
  const [head] = told.split(";");
  const byName = endings[name.split(".").at(-1)?.toLowerCase() ?? ""];
  const isPng = bytes[0] === 0x89 && bytes[1] === 0x50;
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  const byContent = isPng ? "image/png" : isJpeg ? "image/jpeg" : undefined;
  const mimeType =
    byContent ?? byName ?? (head && head !== "application/octet-stream" ? head : "application/octet-stream");
  const [family] = mimeType.split("/");
  return { mimeType, kind: family === "image" || family === "video" || family === "audio" ? family : "document" };
}
