/**
 * Documents on disk: `canvas/<tenant>/<document id>/` holds `document.json` and one file for each content, named by its
 * SHA-256. An address is looked up in `document.json` and never made into a path, so there is nothing to get out of.
 */
import { createHash, randomBytes } from "node:crypto";
import { lstat, mkdir, open, readdir, rename, rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { CANVAS_LIMITS } from "@switchboard/protocol";
import { MANIFEST, type Manifest, type ManifestFile, readManifest, readPlainFile } from "./manifest.ts";
import { isServed, mimeTypeOf } from "./mime-types.ts";
import { filePath, isFolderName } from "./names.ts";

/** A document as somebody wants it to be. */
export interface DraftDocument {
  /** Default a new one that cannot be guessed. */
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly sessionKey?: string | undefined;
  readonly nodeId?: string | undefined;
  readonly files: readonly {
    readonly path: string;
    readonly content: Uint8Array;
    readonly mimeType?: string | undefined;
  }[];
}

export interface OpenedFile {
  readonly document: Manifest;
  readonly mimeType: string;
  readonly content: Buffer;
}

export class CanvasDocuments {
  readonly #directory: string;
  readonly #now: () => number;
  #last: Promise<unknown> = Promise.resolve();

  /** `directory` is made with the first document. `now`: Unix milliseconds. */
  constructor(directory: string, now: () => number) {
    this.#directory = directory;
    this.#now = now;
  }

  /**
   * Publishes a document, or replaces it whole: readers see the old one or the new one.
   * @throws REQ_001 for names and types that are not served, REQ_003 for too much of anything, STORE_003.
   */
  put(tenant: TenantId, draft: DraftDocument): Promise<Manifest> {
    return this.#oneByOne(async () => {
      const files = checkedFiles(draft);
      const { id = `cv_${randomBytes(12).toString("hex")}`, nodeId, sessionKey, title } = draft;
      if (!isFolderName(id)) throw new SwitchboardError("REQ_001", `"${id}" cannot be the id of a document.`);
      const others = (await this.list(tenant)).filter((other) => other.id !== id);
      if (others.length >= CANVAS_LIMITS.documents) {
        const action = "Remove some with canvas.document.remove.";
        throw new SwitchboardError("REQ_003", `There are ${others.length} documents already.`, { action });
      }
      const manifest: Manifest = {
        id,
        ...(title !== undefined && { title }),
        ...(sessionKey !== undefined && { sessionKey }),
        ...(nodeId !== undefined && { nodeId }),
        updatedAt: this.#now(),
        files: files.map(({ file }) => file),
      };
      const folder = this.#folder(tenant, id);
      for (const each of [this.#directory, this.#tenantFolder(tenant), folder]) await ownFolder(each);
      for (const { content, file } of files) await writeWhole(folder, file.content, content);
      await writeWhole(folder, MANIFEST, Buffer.from(JSON.stringify(manifest)));
      await dropOthers(folder, manifest);
      return manifest;
    });
  }

  /** The newest first. */
  async list(tenant: TenantId): Promise<Manifest[]> {
    const parent = this.#tenantFolder(tenant);
    if (!(await isFolder(this.#directory)) || !(await isFolder(parent))) return [];
    const names = (await readdir(parent)).filter(isFolderName);
    const found = await Promise.all(names.map((id) => this.#manifest(tenant, id)));
    return found.filter((each) => each !== undefined).sort((a, b) => b.updatedAt - a.updatedAt);
  }

  /** False: there was none. */
  remove(tenant: TenantId, id: string): Promise<boolean> {
    return this.#oneByOne(async () => {
      if ((await this.#manifest(tenant, id)) === undefined) return false;
      const folder = this.#folder(tenant, id);
      // From here on it is gone, whatever happens to the rest.
      await unlink(join(folder, MANIFEST));
      await rm(folder, { recursive: true, force: true });
      return true;
    });
  }

  /** One of a document's files, by the exact path it was published under; `undefined` when there is none. */
  async open(tenant: TenantId, id: string, path: string): Promise<OpenedFile | undefined> {
    // A document that is replaced at this moment may lose the file between the two looks.
    return (await this.#openOnce(tenant, id, path)) ?? (await this.#openOnce(tenant, id, path));
  }

  async #openOnce(tenant: TenantId, id: string, path: string): Promise<OpenedFile | undefined> {
    const document = await this.#manifest(tenant, id);
    const file = document?.files.find((each) => each.path === path);
    if (!document || !file) return undefined;
    const content = await readPlainFile(join(this.#folder(tenant, id), file.content));
    return content?.length === file.bytes ? { document, mimeType: file.mimeType, content } : undefined;
  }

  async #manifest(tenant: TenantId, id: string): Promise<Manifest | undefined> {
    if (!isFolderName(id)) return undefined;
    const folder = this.#folder(tenant, id);
    for (const each of [this.#directory, this.#tenantFolder(tenant), folder]) {
      if (!(await isFolder(each))) return undefined;
    }
    const manifest = await readManifest(folder);
    return manifest?.id === id ? manifest : undefined;
  }

  #folder(tenant: TenantId, id: string): string {
    return join(this.#tenantFolder(tenant), id);
  }

  /** A tenant whose id is no plain name has a folder by its hash; the mark keeps the two kinds apart. */
  #tenantFolder(tenant: TenantId): string {
    return join(this.#directory, isFolderName(tenant) ? tenant : `~${sha256(tenant)}`);
  }

  #oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (error instanceof SwitchboardError || code === undefined) throw error;
      throw new SwitchboardError("STORE_003", `The folder of documents cannot be written (${code}).`);
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}

function checkedFiles(draft: DraftDocument): { file: ManifestFile; content: Uint8Array }[] {
  const { documentBytes, fileBytes, files: mostFiles, pathCharacters } = CANVAS_LIMITS;
  if (draft.files.length > mostFiles) throw tooMuch(`A document may have at most ${mostFiles} files.`);
  const seen = new Set<string>();
  let total = 0;
  return draft.files.map(({ content, mimeType, path: given }) => {
    const path = given.length <= pathCharacters ? filePath(given) : undefined;
    const shown = JSON.stringify(given.slice(0, pathCharacters));
    if (path === undefined) throw invalid(`${shown} cannot be the name of a file in a document.`);
    // Two spellings would be one file on some systems.
    const key = path.toLowerCase();
    if (seen.has(key)) throw invalid(`${shown} is there twice.`);
    seen.add(key);
    if (mimeType !== undefined && !isServed(mimeType)) throw invalid(`Files of this type are not served: ${shown}.`);
    if (content.length > fileBytes) throw tooMuch(`${shown} has more than ${fileBytes} bytes.`);
    total += content.length;
    if (total > documentBytes) throw tooMuch(`A document may have at most ${documentBytes} bytes.`);
    const file = { path, mimeType: mimeType ?? mimeTypeOf(path), bytes: content.length, content: sha256(content) };
    return { file, content };
  });
}

async function writeWhole(folder: string, name: string, content: Uint8Array): Promise<void> {
  const temporary = join(folder, `.${randomBytes(8).toString("hex")}`);
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  // Replaces whatever has the name, without following it.
  await rename(temporary, join(folder, name));
}

/** Contents that nothing names any more, and what a crash left half written. */
async function dropOthers(folder: string, { files }: Manifest): Promise<void> {
  const kept = new Set([MANIFEST, ...files.map(({ content }) => content)]);
  for (const name of await readdir(folder)) {
    if (!kept.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** @throws STORE_003 when something else has its name, e.g. a symbolic link. */
async function ownFolder(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  if (!(await isFolder(path))) throw new SwitchboardError("STORE_003", `${path} is no folder.`);
}

/** A symbolic link to a folder is none. */
async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

const invalid = (message: string) => new SwitchboardError("REQ_001", message);
const tooMuch = (message: string) => new SwitchboardError("REQ_003", message);
