/** The tests that mutation testing repeats: those that need no socket, file or browser. */
import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

export default defineConfig({ ...base, test: { ...base.test, include: ["packages/{domain,core}/src/**/*.test.ts"] } });
