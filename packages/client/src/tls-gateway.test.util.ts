/** For this package's tests: a TLS server with a certificate of its own, which remembers every byte it is told. */
import { createHash, X509Certificate } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";
import { WebSocketServer } from "ws";
import { type ScriptedGateway, type Visit, visitOf } from "./scripted-gateway.test.util.ts";

export interface TlsGateway extends ScriptedGateway {
  /** 64 lower-case hex digits. */
  readonly fingerprint: string;
  /** What came out of the encryption, of all connections together. */
  heard(): string;
  /** How many came, whether or not they finished the TLS handshake. */
  readonly connections: number;
}

export interface TlsGatewayOptions {
  /** Alternative names of the certificate; default a name that nobody looks for. */
  readonly names?: readonly string[];
  readonly certificate?: { readonly key: string; readonly cert: string };
  /** When the certificate ends; default in a year. */
  readonly ends?: Date;
}

export async function certificate({ ends, names = ["nobody.example"] }: TlsGatewayOptions = {}) {
  const made = await generate([{ name: "commonName", value: "test" }], {
    keyType: "ec",
    algorithm: "sha256",
    ...(ends && { notBeforeDate: new Date(ends.getTime() - 86_400_000), notAfterDate: ends }),
    extensions: [{ name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) }],
  });
  return { key: made.private, cert: made.cert };
}

export async function tlsGateway(
  script: (visit: Visit, number: number) => unknown,
  options: TlsGatewayOptions = {},
): Promise<TlsGateway> {
  const { cert, key } = options.certificate ?? (await certificate(options));
  const visits: Visit[] = [];
  const heard: Buffer[] = [];
  let connections = 0;
  const http = createServer({ cert, key });
  http.on("connection", () => {
    connections += 1;
  });
  http.on("secureConnection", (socket) => {
    socket.prependListener("data", (data: Buffer) => heard.push(data));
  });
  http.on("tlsClientError", () => {});
  const server = new WebSocketServer({ server: http });
  server.on("connection", (socket) => {
    const visit = visitOf(socket);
    visits.push(visit);
    void script(visit, visits.length);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `wss://127.0.0.1:${(http.address() as AddressInfo).port}`,
    fingerprint: createHash("sha256").update(new X509Certificate(cert).raw).digest("hex"),
    visits,
    heard: () => Buffer.concat(heard).toString("latin1"),
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
