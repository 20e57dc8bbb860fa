/** `switchboard qr`: a setup code for a phone or another device. */
import { type Command, Option } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";

interface QrOptions {
  readonly publicUrl?: string;
  readonly limited?: boolean;
  readonly node?: boolean;
  readonly here?: boolean;
  readonly setupCodeOnly?: boolean;
  readonly ascii?: boolean;
}

export function registerQr(program: Command): void {
  examples(
    program
      .command("qr")
      .description("a setup code for a phone or another device, to scan or to copy; it works once, for three minutes")
      .option("--limited", "the device may do everything but administer")
      .addOption(new Option("--node", "the device only offers its commands").conflicts("limited"))
      .option("--here", "the device runs on this machine, e.g. an emulator")
      .option("--public-url <url>", "the address under which the device finds the gateway")
      .option("--setup-code-only", "print the bare code")
      .option("--no-ascii", "do not draw the QR code")
      .action(
        action(async ({ output, withGateway }, options: QrOptions) => {
          const { here, limited, node, publicUrl } = options;
          const profile = node ? "node" : limited ? "limited" : undefined;
          const result = await withGateway("fail", (gateway) =>
            gateway.request("device.pair.setupCode", {
              includeQr: output.json,
              ...(profile && { bootstrapProfile: profile }),
              ...(here && { onThisMachine: true }),
              ...(publicUrl !== undefined && { publicUrl }),
            }),
          );
          const drawn = options.ascii === false || output.json ? [] : await draw(result.setupCode);
          output.result(result, ({ access, accessDowngraded, expiresAtMs, gatewayUrl, setupCode }) => {
            if (options.setupCodeOnly) return setupCode;
            const minutes = Math.max(1, Math.round((expiresAtMs - Date.now()) / 60_000));
            return [
              ...drawn,
              setupCode,
              "",
              `${pc.green("✓")} Works once, for ${minutes} minutes, at ${gatewayUrl}, with ${access} access.`,
              ...(accessDowngraded
                ? [`${pc.yellow("!")} Less access than asked for: the address is not encrypted. Start with --tls.`]
                : []),
              `Then let the device in: switchboard devices approve --latest`,
            ].join("\n");
          });
        }),
      ),
    ["qr", "qr --limited --json", "qr --here --setup-code-only"],
  );
}

async function draw(code: string): Promise<readonly string[]> {
  const { qrLines } = await import("@switchboard/server");
  return qrLines(code, { colour: process.stdout.isTTY === true });
}
