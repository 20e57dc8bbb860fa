/** The kinds of files that documents have; nothing is guessed from what is in a file. */

const BY_ENDING: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  css: "text/css",
  js: "text/javascript",
  mjs: "text/javascript",
  json: "application/json",
  txt: "text/plain",
  md: "text/plain",
  csv: "text/csv",
  xml: "application/xml",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  ico: "image/x-icon",
  woff: "font/woff",
  woff2: "font/woff2",
  ttf: "font/ttf",
  otf: "font/otf",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  wav: "audio/wav",
  mp4: "video/mp4",
  webm: "video/webm",
  pdf: "application/pdf",
  wasm: "application/wasm",
};
const KNOWN = new Set(Object.values(BY_ENDING));
const UNKNOWN = "application/octet-stream";

export function mimeTypeOf(path: string): string {
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(BY_ENDING, ending) ? (BY_ENDING[ending] ?? UNKNOWN) : UNKNOWN;
}

export function isServed(mimeType: string): boolean {
  return KNOWN.has(mimeType) || mimeType === UNKNOWN;
}

/** As a `Content-Type`: text is UTF-8. */
export function contentType(mimeType: string): string {
  const isText = mimeType.startsWith("text/") || /[/+](json|xml)$/.test(mimeType);
  return isText ? `${mimeType}; charset=utf-8` : mimeType;
}
