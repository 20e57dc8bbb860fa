/** Builds what draws A2UI: one classic script for each version, `--mode v0.8` or `--mode v0.9`, beside their pages. */
import { defineConfig } from "vite";

const SCRIPTS: Readonly<Record<string, { readonly entry: string; readonly file: string }>> = {
  "v0.8": { entry: "src/a2ui/v0-8.ts", file: "a2ui.bundle.js" },
  "v0.9": { entry: "src/a2ui/v0-9.ts", file: "a2ui-v0.9.bundle.js" },
};

export default defineConfig(({ mode }) => {
  const script = SCRIPTS[mode];
  if (!script) throw new Error(`There is no A2UI ${mode}.`);
  return {
    base: "./",
    publicDir: "src/a2ui/public",
    define: { "process.env.NODE_ENV": '"production"' },
    resolve: { conditions: ["module", "browser", "production"] },
    build: {
      target: "es2022",
      emptyOutDir: false,
      // Whose work it is, and under which terms: published beside it.
      license: { fileName: `licenses-${mode}.md` },
      // Documents load it with a plain script element, and apps look for what it sets right afterwards.
      lib: { entry: script.entry, formats: ["iife"], name: "a2ui", fileName: () => script.file },
    },
  };
});
