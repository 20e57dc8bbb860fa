/** `switchboard status` and `switchboard health`. */
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import { bytes, time } from "../output.ts";

export function registerHealth(program: Command): void {
  const status = program
    .command("status")
    .description("what the gateway does and what is not as it should be")
    .action(
      action(async ({ output, withGateway }) => {
        const result = await withGateway("fail", (gateway) => gateway.request("status", {}));
        output.result(result, (value) => {
          const { inbox, turn, delivery } = value.queues;
          return [
            `Switchboard ${value.runtimeVersion}, up since ${time(value.startedAt)}${value.pid ? `, process ${value.pid}` : ""}`,
            `Memory ${bytes(value.rss ?? 0)}, store ${bytes(value.storeSize)}, ${value.sessions.count} sessions`,
            `Waiting: ${inbox.depth} updates, ${turn.depth} turns, ${delivery.depth} deliveries, ${value.scheduled} scheduled`,
            ...value.channelSummary.map((line) => `  ${line}`),
            ...value.agents.map(({ connections, id }) => `  agent ${id}: ${connections} connected`),
            ...(value.problems.length === 0
              ? [pc.green("✓ Nothing to worry about")]
              : value.problems.map((problem) => `${pc.yellow("!")} ${problem}`)),
          ].join("\n");
        });
      }),
    );
  examples(status, ["status", "status --json"]);

  const health = program
    .command("health")
    .description("whether the gateway and its accounts are well; exit code 1 when not")
    .option("--probe", "ask the platforms now instead of answering from the last minute")
    .action(
      action(async ({ output, withGateway }, { probe = false }: { probe?: boolean }) => {
        const result = await withGateway("fail", (gateway) => gateway.request("health", { probe }, 60_000));
        const accounts = Object.entries(result.channels).flatMap(([channel, { accounts: all = {}, lastError }]) =>
          Object.entries(all).map(([account, { connected }]) => ({ channel, account, connected, lastError })),
        );
        output.result(result, () =>
          accounts
            .map(({ channel, account, connected, lastError }) =>
              connected
                ? `${pc.green("✓")} ${channel}:${account}`
                : `${pc.red("✗")} ${channel}:${account}${lastError ? ` ${lastError}` : ""}`,
            )
            .concat(`${pc.green("✓")} the gateway answers`)
            .join("\n"),
        );
        if (accounts.some(({ connected }) => !connected)) process.exitCode = 1;
      }),
    );
  examples(health, ["health", "health --probe --json"]);
}
