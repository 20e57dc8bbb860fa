/** base64url (RFC 4648 §5) without what only one runtime has. */

export function toBase64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Takes the right padding, too. `undefined` for anything that `toBase64url` would write otherwise. */
export function fromBase64url(text: string): Uint8Array | undefined {
  const [, digits = "", padding = ""] = /^([A-Za-z0-9_-]*)(={0,2})$/.exec(text) ?? [];
  if (digits === "" || (padding !== "" && text.length % 4 !== 0)) return undefined;
  try {
    const binary = atob(digits.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return toBase64url(bytes) === digits ? bytes : undefined;
  } catch {
    return undefined;
  }
}
