/** What every command gets: its options, a way to speak, a way to reach the gateway. */
import { toSwitchboardError } from "@switchboard/domain";
import type { Command } from "commander";
import { type AccessOptions, accessGateway, type GatewayAccess } from "./gateway-access.ts";
import { createOutput, type Output, reportError } from "./output.ts";

export interface CommandContext {
  readonly output: Output;
  /** Opens the gateway, runs `work`, closes it again. */
  withGateway<T>(whenStopped: AccessOptions["whenStopped"], work: (gateway: GatewayAccess) => Promise<T>): Promise<T>;
}

interface GlobalOptions {
  readonly json?: boolean;
  readonly url?: string;
  readonly token?: string;
  readonly tlsFingerprint?: string;
}

/** Wraps a command's work: errors become a message and an exit code, never a stack trace. */
export function action<Args extends readonly unknown[]>(
  work: (context: CommandContext, ...args: Args) => Promise<void>,
): (...args: [...Args, Command]) => Promise<void> {
  return async (...all) => {
    const command = all.at(-1) as Command;
    const args = all.slice(0, -1) as unknown as Args;
    const { json = false, tlsFingerprint, token, url } = command.optsWithGlobals<GlobalOptions>();
    const output = createOutput(json);
    try {
      await work(
        {
          output,
          async withGateway(whenStopped, use) {
            const gateway = await accessGateway({ url, token, tlsFingerprint, whenStopped }, output);
            try {
              return await use(gateway);
            } finally {
              await gateway.close();
            }
          },
        },
        ...args,
      );
    } catch (error) {
      process.exitCode = reportError(toSwitchboardError(error), json);
    }
  };
}

/** Adds examples to a command's help. */
export function examples(command: Command, lines: readonly string[]): Command {
  return command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  $ switchboard ${line}`).join("\n")}`);
}
