/** The parts of a form. */
export interface Part {
  readonly name: string;
  readonly fileName?: string;
  readonly type?: string;
  readonly bytes: Buffer;
}

/** None when it is no form. */
export function readForm(body: Buffer, contentType = ""): Part[] {
  const [, boundary] = /^multipart\/form-data;\s*boundary="?([^";]+)"?/i.exec(contentType) ?? [];
  if (boundary === undefined) return [];
  const mark = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let at = body.indexOf(mark);
  while (at >= 0) {
    const start = at + mark.length + 2;
    const next = body.indexOf(mark, start);
    const headEnd = body.indexOf("\r\n\r\n", start);
    if (next < 0 || headEnd < 0) break;
    const head = body.subarray(start, headEnd).toString();
    const name = /name="([^"]*)"/i.exec(head)?.[1] ?? "";
    const fileName = /filename="([^"]*)"/i.exec(head)?.[1];
    const type = /^content-type:\s*(.+)$/im.exec(head)?.[1]?.trim();
    parts.push({
      name,
      ...(fileName !== undefined && { fileName: fileName.replaceAll("%22", '"') }),
      ...(type !== undefined && { type }),
      bytes: Buffer.from(body.subarray(headEnd + 4, next - 2)),
    });
    at = next;
  }
  return parts;
}
