/** What a document consists of, as it is kept in its folder. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { matches, parseJsonObject } from "@switchboard/domain";
import { type Static, Type } from "@switchboard/domain/schema";

export const MANIFEST = "document.json";

const Manifest = Type.Object({
  id: Type.String(),
  title: Type.Optional(Type.String()),
  sessionKey: Type.Optional(Type.String()),
  nodeId: Type.Optional(Type.String()),
  updatedAt: Type.Integer(),
  files: Type.Array(
    Type.Object({
      path: Type.String(),
      mimeType: Type.String(),
      bytes: Type.Integer({ minimum: 0 }),
      /** SHA-256 of the content, and the file's name in the folder. */
      content: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    }),
  ),
});
export type Manifest = Static<typeof Manifest>;
export type ManifestFile = Manifest["files"][number];

/** `undefined` when there is none, or it cannot be used. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const bytes = await readPlainFile(join(folder, MANIFEST));
  const content = bytes && parseJsonObject(bytes.toString("utf8"));
  return matches(Manifest, content) ? content : undefined;
}

/** A regular file's content; `undefined` when it is missing or anything else, a symbolic link above all. */
export async function readPlainFile(path: string): Promise<Buffer | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    return (await file.stat()).isFile() ? await file.readFile() : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ELOOP" || code === "ENOTDIR" || code === "ENXIO" || code === "EISDIR") {
      return undefined;
    }
    throw error;
  }
}
