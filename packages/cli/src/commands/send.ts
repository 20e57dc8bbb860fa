/** `switchboard send`: a message out, without an agent. */
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { SwitchboardError } from "@switchboard/domain";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import { readInputFile } from "../input.ts";
import { time } from "../output.ts";

interface SendOptions {
  readonly to: string;
  readonly channel?: string;
  readonly account?: string;
  readonly thread?: string;
  readonly file?: string;
  readonly at?: string;
  readonly key?: string;
}

export function registerSend(program: Command): void {
  examples(
    program
      .command("send [message]")
      .description("send a message (Markdown) to a conversation, now or later")
      .requiredOption("--to <address>", "the conversation, as the channel writes it")
      .option("--channel <id>", "default: the only one that is connected")
      .option("--account <id>", "default: default")
      .option("--thread <id>", "a thread or topic in it")
      .option("--file <path>", "a file to send along")
      .option("--at <time>", "not before this, ISO 8601")
      .option("--key <key>", "the same key again is the same message")
      .action(
        action(async ({ output, withGateway }, message: string | undefined, options: SendOptions) => {
          const sendAt = options.at === undefined ? undefined : Date.parse(options.at);
          if (Number.isNaN(sendAt))
            throw new SwitchboardError("REQ_001", `"${options.at}" is no time; write it like 2030-01-31T09:00:00Z.`);
          const file = options.file === undefined ? undefined : readInputFile(options.file);
          const result = await withGateway(sendAt === undefined ? "fail" : "local", (gateway) =>
            gateway.request(
              "send",
              {
                to: options.to,
                idempotencyKey: options.key ?? randomUUID(),
                ...(message !== undefined && { message }),
                ...(options.channel !== undefined && { channel: options.channel }),
                ...(options.account !== undefined && { accountId: options.account }),
                ...(options.thread !== undefined && { threadId: options.thread }),
                ...(file && { buffer: file.toString("base64"), filename: basename(options.file ?? "") }),
                ...(sendAt !== undefined && { sendAt }),
              },
              60_000,
            ),
          );
          output.result(result, ({ state, messageId, deliveryIds }) => {
            if (state === "sent") return `${pc.green("✓")} sent as ${messageId}`;
            if (state === "scheduled")
              return `${pc.green("✓")} scheduled for ${time(sendAt ?? 0)}: ${deliveryIds.join(", ")}`;
            return `${pc.yellow("…")} on its way: switchboard deliveries show ${deliveryIds.at(-1)}`;
          });
        }),
      ),
    [
      'send --to 12345 "Hello *there*"',
      'send --channel telegram --to -100123:7 --file report.pdf "The report"',
      'send --to 12345 --at 2030-01-31T09:00:00Z "Good morning"',
    ],
  );
}
