import { defineConfig } from "vitest/config";

const conditions = ["@switchboard/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "channels/*/**/*.test.ts", "tools/**/*.test.ts", "bench/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    // Without Maglev: its concurrent compiler ends a process of Node 24 now and then where processors are short.
    execArgv: ["--conditions=@switchboard/source", "--no-maglev"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
    // Shared machines stall for seconds now and then. There a failed test runs once more, and the report says so.
    retry: process.env.REQUIRE_SERVICES === "1" ? 1 : 0,
    // Most tests wait for sockets, disks and browsers; the usual "one core less" leaves half of a small machine idle.
    maxWorkers: "100%",
  },
});
