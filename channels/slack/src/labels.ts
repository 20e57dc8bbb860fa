/** Whether the label of a link reads like an address, and one of somewhere else. Pure. */

/** A name with dots that ends as hosts do. */
const HOST = /^(?:[\p{L}\p{N}_-]+\.)+(?:xn--[\p{L}\p{N}-]+|\p{L}{2,})$/iu;
/** Ends of the names of files that are the ends of no host's. */
const FILE = /\.(?:[cm]?[jt]sx?|json|html?|css|txt|pdf|png|jpe?g|gif|svg|ya?ml|toml|csv|xml|docx?|xlsx?|pptx?)$/i;
/** Dots in other scripts, which browsers take for dots. */
const DOTS = /[\u3002\uff0e\uff61]/g;
const APART = /[\s<>()[\]{}"'`|,;!*]+/;

/** `[https://good.example](https://evil.example)` misleads; `[the report](https://good.example)` does not. */
export function misleads(label: string, url: string): boolean {
  const text = label
    .normalize("NFKC")
    .replaceAll(DOTS, ".")
    .replaceAll(/\p{Cf}/gu, "");
  const actual = hostOf(url);
  return text
    .split(APART)
    .flatMap(hostsIn)
    .some((host) => hostOf(`https://${host}`) !== actual);
}

/** What reads like a host in a word: behind `://` whatever is there, else only what ends like one. */
function hostsIn(word: string): string[] {
  const scheme = word.indexOf("://");
  if (scheme >= 0) {
    const [authority = ""] = word.slice(scheme + 3).split(/[/?#\\]/, 1);
    const host = authority.slice(authority.lastIndexOf("@") + 1);
    return host === "" ? [] : [host];
  }
  const [name = ""] = word.split(/[/?#\\]/, 1);
  return name
    .split(/[:@]/)
    .map((piece) => (piece.endsWith(".") ? piece.slice(0, -1) : piece))
    .filter((piece) => HOST.test(piece) && !FILE.test(piece));
}

/** Without `www.`, which says nothing of whose it is. For `mailto:` the host of the first address. */
function hostOf(url: string): string | undefined {
  const mail = /^mailto:[^?]*?@([^?,]+)/i.exec(url)?.[1];
  const address = mail === undefined ? url : `https://${mail}`;
  if (!URL.canParse(address)) return undefined;
  return new URL(address).hostname.replace(/^www\./, "").replace(/\.$/, "");
}
