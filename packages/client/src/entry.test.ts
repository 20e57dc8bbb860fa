import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** The files that a module loads, itself included, and the packages that they name. */
function loadedBy(file: URL, files = new Map<string, string>()): Map<string, string> {
  if (files.has(file.href)) return files;
  const code = readFileSync(file, "utf8");
  files.set(file.href, code);
  for (const [, path = ""] of code.matchAll(/^(?:import|export) (?!type\b)[^;]*?from "(\.[^"]+)";$/gm)) {
    loadedBy(new URL(path, file), files);
  }
  return files;
}

describe("the package's entries", () => {
  it("DEV-11 a browser is given nothing that only Node has", () => {
    const files = loadedBy(new URL("./index.ts", import.meta.url));
    expect(files.size).toBeGreaterThan(10);
    for (const [name, code] of files) {
      expect(name).not.toContain("/node/");
      expect(code).not.toMatch(/from "(node:|ws")|\b(Buffer|process|require)\b[.(]/);
    }
  });

  it("DEV-11 the looking works: Node's own entry has them", () => {
    const code = [...loadedBy(new URL("./node/index.ts", import.meta.url)).values()].join("\n");
    expect(code).toContain('from "node:tls"');
    expect(code).toContain('from "ws"');
  });
});
