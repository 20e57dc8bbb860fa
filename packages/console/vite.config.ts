/** Builds the pages. Addresses are relative, so that the gateway may also stand behind a proxy's prefix. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  plugins: [react()],
  // The workspace's packages are bundled from their sources, so that a build needs no other build first.
  resolve: { conditions: ["@switchboard/source", "module", "browser", "production"] },
  build: {
    target: "es2024",
    outDir: "dist",
    assetsDir: "assets",
    emptyOutDir: true,
    // Whose work is in it, and under which terms: published beside it.
    license: { fileName: "licenses.md" },
    // Browsers that know modules know preloading; its polyfill would be the only thing that needs an exception.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { chat: "chat.html", channels: "channels.html", sandbox: "sandbox.html", signIn: "sign-in.html" },
      output: { codeSplitting: { groups: [{ name: "shared", minShareCount: 2 }] } },
    },
  },
});
