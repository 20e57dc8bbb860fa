/** What a fetched file is called. */

/** By the header, else the last part of the address's path; absent when neither says. Not safe yet. */
export function nameOf(disposition: string | null, url: URL): string | undefined {
  const extended = /filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(disposition ?? "")?.[1];
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))/i.exec(disposition ?? "");
  const told = (extended && decoded(extended)) ?? plain?.[1]?.replace(/\\(.)/g, "$1") ?? plain?.[2];
  return told || decoded(url.pathname.split("/").at(-1) ?? "") || undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
