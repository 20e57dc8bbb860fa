/** What browsers are told with every answer: a document may run its scripts, and reach nothing but its own files. */

const ALWAYS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  // The token is in the address.
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  // A sandboxed page has no origin of its own: to a browser even its own files are somebody else's. The token decides.
  "cross-origin-resource-policy": "cross-origin",
  "permissions-policy":
    "camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), midi=()",
  "x-dns-prefetch-control": "off",
};

export interface Shown {
  /** The absolute addresses under which its own files are. */
  readonly folders: readonly string[];
  /** Those under which there are scripts that it may run besides. */
  readonly scripts: readonly string[];
  /** Who may show it in a frame. */
  readonly ancestors: readonly string[];
}

export function documentHeaders({ ancestors, folders, scripts }: Shown): Record<string, string> {
  const own = folders.length === 0 ? "'none'" : folders.join(" ");
  const inline = folders.length === 0 ? "'unsafe-inline'" : `${own} 'unsafe-inline'`;
  const run = [...new Set([...folders, ...scripts]), "'unsafe-inline'"].join(" ");
  const data = folders.length === 0 ? "data: blob:" : `${own} data: blob:`;
  const policy = [
    `default-src ${own}`,
    `script-src ${run}`,
    `style-src ${inline}`,
    `img-src ${data}`,
    `media-src ${data}`,
    `font-src ${data}`,
    `connect-src ${own}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${ancestors.join(" ")}`,
    "sandbox allow-scripts",
  ];
  return {
    ...ALWAYS,
    "content-security-policy": policy.join("; "),
    // Modules, fonts and fetch ask for it; `null` is what a page in a sandbox is.
    "access-control-allow-origin": "null",
  };
}

export function refusalHeaders(): Record<string, string> {
  return { ...ALWAYS, "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox" };
}
