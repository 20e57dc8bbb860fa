/** Files of a world: what people attach and what the bot uploads. */
import { randomBytes } from "node:crypto";
import { extname } from "node:path";
import { Bytes, type Counter, type Journal } from "@switchboard/simulator-kit";

export type FileKind =
  | "photo"
  | "video"
  | "animation"
  | "audio"
  | "voice"
  | "video_note"
  | "document"
  | "sticker"
  | "thumbnail";

export interface StoredFile {
  readonly id: string;
  readonly uniqueId: string;
  readonly kind: FileKind;
  /** What `getFile` calls its path. */
  readonly path: string;
  readonly size: number;
  readonly name?: string;
  readonly mimeType?: string;
  readonly width?: number;
  readonly height?: number;
  /** Seconds. */
  readonly duration?: number;
  /** The file whose bytes this one shows, e.g. a photo's smaller size. */
  readonly sameAs?: string;
}

export interface NewFile {
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
  readonly name?: string;
  readonly mimeType?: string;
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
}

/** Folder of the download path, usual ending and the first letters of a file id, by kind. */
const kinds: Readonly<Record<FileKind, { folder: string; ending: string; prefix: string }>> = {
  photo: { folder: "photos", ending: ".jpg", prefix: "AgACAgIAAxkB" },
  video: { folder: "videos", ending: ".mp4", prefix: "BAACAgIAAxkB" },
  animation: { folder: "animations", ending: ".mp4", prefix: "CgACAgIAAxkB" },
  audio: { folder: "music", ending: ".mp3", prefix: "CQACAgIAAxkB" },
  voice: { folder: "voice", ending: ".oga", prefix: "AwACAgIAAxkB" },
  video_note: { folder: "video_notes", ending: ".mp4", prefix: "DQACAgIAAxkB" },
  document: { folder: "documents", ending: "", prefix: "BQACAgIAAxkB" },
  sticker: { folder: "stickers", ending: ".webp", prefix: "CAACAgIAAxkB" },
  thumbnail: { folder: "thumbnails", ending: ".jpg", prefix: "AAMCAgADGQEA" },
};

export class Files {
  readonly #journal: Journal;
  readonly #numbers: Counter;
  readonly #byId = new Map<string, StoredFile>();
  readonly #byPath = new Map<string, StoredFile>();
  readonly #bytes: Bytes;

  constructor(journal: Journal, numbers: Counter, mostBytes: number) {
    this.#journal = journal;
    this.#numbers = numbers;
    this.#bytes = new Bytes(journal, mostBytes);
    for (const { value } of journal.load("file")) this.#remember(value as StoredFile);
  }

  add(file: NewFile): StoredFile {
    const { bytes, kind, ...facts } = file;
    const { folder, ending, prefix } = kinds[kind];
    const number = this.#numbers.next();
    const named = file.name === undefined ? "" : extname(file.name);
    const stored: StoredFile = {
      id: prefix + randomBytes(36).toString("base64url"),
      uniqueId: randomBytes(11).toString("base64url"),
      kind,
      path: `${folder}/file_${number}${kind === "photo" ? ending : named || ending}`,
      size: bytes.byteLength,
      ...facts,
    };
    this.#keep(stored);
    this.#bytes.put(stored.id, bytes);
    return stored;
  }

  /** A smaller picture of a file. The simulator scales nothing: the bytes are the same. */
  addThumbnail(of: StoredFile, width: number, height: number): StoredFile {
    const { prefix, folder, ending } = kinds.thumbnail;
    const stored: StoredFile = {
      id: prefix + randomBytes(36).toString("base64url"),
      uniqueId: randomBytes(11).toString("base64url"),
      kind: "thumbnail",
      path: `${folder}/file_${this.#numbers.next()}${ending}`,
      size: of.size,
      width,
      height,
      sameAs: of.id,
    };
    this.#keep(stored);
    return stored;
  }

  byId(id: string): StoredFile | undefined {
    return this.#byId.get(id);
  }

  byPath(path: string): StoredFile | undefined {
    return this.#byPath.get(path);
  }

  /** `undefined` when they are no longer kept. */
  bytes(file: StoredFile): Uint8Array | undefined {
    return this.#bytes.get(file.sameAs ?? file.id);
  }

  #keep(file: StoredFile): void {
    this.#remember(file);
    this.#journal.put("file", file.id, () => file);
  }

  #remember(file: StoredFile): void {
    this.#byId.set(file.id, file);
    this.#byPath.set(file.path, file);
  }
}
