import { statSync } from "node:fs";
import { get, request } from "node:https";
import { connect as connectPlainly } from "node:net";
import { join } from "node:path";
import { connect, type SecureVersion, type TLSSocket } from "node:tls";
import { nodeGatewayClient } from "@switchboard/client/node";
import { readFingerprint, SCOPES } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { readRunningGateway } from "../state/running-gateway.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";

const TLS = { gateway: { tls: { enabled: true } } };
const start = (config = TLS) => startTestGateway({ config, account: false, agent: "echo" });

/** Asks over TLS and trusts whatever is shown, as a browser does after one clicked it away. */
function ask(url: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      const asked = request(url, { rejectUnauthorized: false, agent: false, ...options }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => {
          body += text;
        });
        response.once("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
      });
      asked.once("error", reject);
      asked.end();
    },
  );
}

function handshake(gateway: TestGateway, maxVersion: SecureVersion): Promise<string | undefined> {
  const port = Number(new URL(gateway.url).port);
  return new Promise((resolve) => {
    const socket: TLSSocket = connect(
      {
        port,
        host: "127.0.0.1",
        rejectUnauthorized: false,
        minVersion: "TLSv1",
        maxVersion,
        ciphers: "ALL@SECLEVEL=0",
      },
      () => {
        resolve(socket.getProtocol() ?? undefined);
        socket.destroy();
      },
    );
    socket.once("error", () => resolve(undefined));
  });
}

describe("a gateway with TLS", () => {
  it("DEV-11 serves everything on its port over https and wss, with the certificate whose fingerprint it tells", async () => {
    await using gateway = await start();
    expect(gateway.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const { status, body } = await ask(`${gateway.url}/healthz`);
    expect([status, JSON.parse(body)]).toMatchObject([200, { ok: true, status: "live" }]);
    expect((await ask(`${gateway.url}/readyz`)).status).toBe(200);
    expect((await ask(`${gateway.url}/webhooks/none/default`, { method: "POST" })).status).toBe(404);
    const shown = await new Promise<string>((resolve) => {
      const asked = get(`${gateway.url}/healthz`, { rejectUnauthorized: false, agent: false }, (response) => {
        resolve((response.socket as TLSSocket).getPeerX509Certificate()?.fingerprint256 ?? "");
        response.resume();
      });
      asked.on("error", () => resolve(""));
    });
    expect(readFingerprint(shown)).toBe(gateway.tlsFingerprint);
    // The harness' own client has been connected with that pin all along.
    expect(await gateway.request("health", {})).toMatchObject({ ts: expect.any(Number) });
  });

  it("DEV-11 leaves a note with its address and its pin for its own commands", async () => {
    await using gateway = await start();
    expect(readRunningGateway(gateway.directory)).toEqual({
      url: gateway.url,
      pid: process.pid,
      tlsFingerprint: gateway.tlsFingerprint,
    });
    if (process.platform !== "win32")
      expect(statSync(join(gateway.directory, "running.json")).mode & 0o777).toBe(0o600);
  });

  it("DEV-11 keeps its certificate over restarts, so that pins go on holding", async () => {
    await using gateway = await start();
    const before = gateway.tlsFingerprint;
    await gateway.restart();
    expect(gateway.tlsFingerprint).toBe(before);
  });

  it("CVE-2026-100551 a client with another pin does not get through, one without any neither", async () => {
    await using gateway = await start();
    const options = {
      url: gateway.url,
      token: gateway.token,
      client: { id: "cli", mode: "cli", version: "1", platform: "linux" },
      scopes: SCOPES,
      reconnect: false,
    } as const;
    const wrong = nodeGatewayClient({ ...options, tlsFingerprint: "0".repeat(64) });
    await expect(wrong.connect()).rejects.toMatchObject({ code: "SEC_006" });
    await expect(nodeGatewayClient(options).connect()).rejects.toMatchObject({ code: "SYS_004" });
  });

  it("CVE-2026-32034 page sessions are for encrypted lines only", async () => {
    await using gateway = await start();
    const headers = { authorization: `Bearer ${gateway.token}` };
    const { status, headers: answer } = await ask(`${gateway.url}/session`, { method: "POST", headers });
    expect(status).toBe(204);
    expect(String(answer["set-cookie"])).toMatch(/; Secure(;|$)/);
  });

  it("DEV-11 speaks TLS 1.2 and 1.3, nothing older", async () => {
    await using gateway = await start();
    expect(await handshake(gateway, "TLSv1.3")).toBe("TLSv1.3");
    expect(await handshake(gateway, "TLSv1.2")).toBe("TLSv1.2");
    expect(await handshake(gateway, "TLSv1.1")).toBeUndefined();
    expect(await handshake(gateway, "TLSv1")).toBeUndefined();
  });

  it("CVE-2026-32034 says nothing in the clear, and goes on after who tried", async () => {
    await using gateway = await start();
    const { port } = new URL(gateway.url);
    const answer = await new Promise<string>((resolve) => {
      let said = "";
      const socket = connectPlainly(Number(port), "127.0.0.1", () =>
        socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"),
      );
      socket.on("data", (data) => {
        said += data.toString("latin1");
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(said));
    });
    expect(answer).not.toMatch(/HTTP|ok|live/);
    expect((await ask(`${gateway.url}/healthz`)).status).toBe(200);
    expect(gateway.fatal).toEqual([]);
  });

  it("CFG_001 does not start with a certificate that cannot be used", async () => {
    await using gateway = await startTestGateway({
      config: { gateway: { tls: { enabled: true, certPath: "missing.pem", keyPath: "missing.key" } } },
      account: false,
      agent: "echo",
      start: false,
    });
    await expect(gateway.start()).rejects.toMatchObject({ code: "CFG_001" });
  });

  it("DEV-11 is turned on by the environment, too", async () => {
    await using gateway = await startTestGateway({ account: false, agent: "echo", env: { GATEWAY_TLS: "true" } });
    expect(gateway.url).toMatch(/^https:/);
    await using wrong = await startTestGateway({
      account: false,
      agent: "echo",
      env: { GATEWAY_TLS: "maybe" },
      start: false,
    });
    await expect(wrong.start()).rejects.toMatchObject({ code: "CFG_001" });
  });

  it("DEV-11 with TLS nobody is warned that others can listen, without it one is", async () => {
    const warning = (gateway: TestGateway) =>
      gateway.log.lines.filter(({ message }) => message.includes("without encryption"));
    const everywhere = { host: "0.0.0.0" };
    await using encrypted = await startTestGateway({
      config: { gateway: { ...TLS.gateway, ...everywhere } },
      account: false,
      agent: "echo",
    });
    expect(warning(encrypted)).toEqual([]);
    await using plain = await startTestGateway({ config: { gateway: everywhere }, account: false, agent: "echo" });
    expect(warning(plain)).toHaveLength(1);
  });
});
