/** Suites that hold the project against the platforms' official descriptions, where those are at hand. */
import { defineConfig, mergeConfig } from "vitest/config";
import base from "./vitest.config.ts";

const merged = mergeConfig(base, defineConfig({ test: { testTimeout: 60_000 } }));

export default { ...merged, test: { ...merged.test, include: ["channels/*/**/*.specs.ts"] } };
