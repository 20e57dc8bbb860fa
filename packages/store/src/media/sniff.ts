/** What a file is by its content. */

/** `undefined` for what has no mark of its own. Damaged and hostile files are merely unknown. */
export async function sniffMimeType(path: string): Promise<string | undefined> {
  try {
    // Loaded with the first file: most starts never need it.
    const { fileTypeFromFile } = await import("file-type");
    return (await fileTypeFromFile(path))?.mime;
  } catch {
    return undefined;
  }
}
