/** `switchboard alerts …`: whether those who are told of an account that falls can be told. */
import type { Result } from "@switchboard/protocol";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";

/** Every way has ten seconds, the message in a chat fifteen. */
const PATIENCE_MS = 60_000;

export function registerAlerts(program: Command): void {
  const alerts = program
    .command("alerts")
    .description("who is told when an account falls: alerts in the configuration");
  examples(alerts, ["alerts test"]);

  examples(
    alerts
      .command("test")
      .description(
        "send an alert that is marked as a test by every way that is configured, and say which of them arrived; exit code 1 when one did not",
      )
      .action(
        action(async ({ output, withGateway }) => {
          const result = await withGateway("fail", (gateway) => gateway.request("alerts.test", {}, PATIENCE_MS));
          output.result(result, ({ ways }) => ways.map(show).join("\n"));
          if (result.ways.some(({ arrived }) => !arrived)) process.exitCode = 1;
        }),
      ),
    ["alerts test", "alerts test --json"],
  );
}

function show({
  arrived,
  by,
  deliveryIds = [],
  error,
  state,
  status,
  to,
}: Result<"alerts.test">["ways"][number]): string {
  const about = deliveryIds.length === 0 ? "" : `, ${deliveryIds.join(", ")}`;
  if (arrived) return `${pc.green("✓")} ${by} ${to}: ${status === undefined ? `sent${about}` : `answered ${status}`}`;
  const line = (what: string, next: string) => `${pc.red("✗")} ${by} ${to}: ${what}\n  ${next}`;
  if (error) return line(`${error.message} (${error.code})`, error.action);
  if (state === "queued")
    return line(`waits${about}`, "It is sent when the account can. See: switchboard channels status");
  return line(`answered ${status}`, "The address has to answer with a status from 200 to 299.");
}
