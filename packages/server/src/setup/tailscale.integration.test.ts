/** A gateway behind `tailscale serve` gives devices its name there. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeSetupCode } from "@switchboard/protocol";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { startTestGateway } from "../test-support/gateway.ts";

const NAME = "box.tail1234.ts.net";
const RUNNING = { BackendState: "Running", CertDomains: [NAME], Self: { DNSName: `${NAME}.` } };

/** A stand-in for the daemon's command that answers `status --json` so, and a PATH on which it is found first. */
async function daemon(answer: string) {
  const directory = await temporaryDirectory();
  const path = join(directory.path, "tailscale");
  writeFileSync(path, `#!/bin/sh\n[ "$1 $2" = "status --json" ] || exit 1\ncat <<'END'\n${answer}\nEND\n`);
  chmodSync(path, 0o755);
  return {
    env: { PATH: `${directory.path}:${process.env.PATH ?? ""}` },
    [Symbol.asyncDispose]: () => directory.remove(),
  };
}

describe("setup codes of a gateway that Tailscale serves", () => {
  it("DEV-7 carry the name with the certificate, once visitors of it are let in", async () => {
    await using tailscale = await daemon(JSON.stringify(RUNNING));
    for (const [auth, source] of [
      [{ tailscale: true }, "tailscale"],
      [{}, undefined],
    ] as const) {
      await using gateway = await startTestGateway({
        agent: "echo",
        account: false,
        env: tailscale.env,
        config: { gateway: { auth } },
      });
      const made = gateway.request("device.pair.setupCode", {});
      if (source === undefined) {
        await expect(made).rejects.toThrow("listens on this machine only");
        continue;
      }
      const { setupCode, urlSource } = await made;
      expect(urlSource).toBe(source);
      expect(decodeSetupCode(setupCode, Date.now()).url).toBe(`wss://${NAME}`);
    }
  });

  it.each([
    ["is not running", JSON.stringify({ ...RUNNING, BackendState: "Stopped" })],
    ["has no certificate", JSON.stringify({ ...RUNNING, CertDomains: null })],
    ["has no name", JSON.stringify({ ...RUNNING, Self: null })],
    ["says nonsense", "not JSON"],
  ])("DEV-7 do without a daemon that %s", async (_why, answer) => {
    await using tailscale = await daemon(answer);
    await using gateway = await startTestGateway({
      agent: "echo",
      account: false,
      env: tailscale.env,
      config: { gateway: { auth: { tailscale: true } } },
    });
    await expect(gateway.request("device.pair.setupCode", {})).rejects.toThrow("listens on this machine only");
  });
});
