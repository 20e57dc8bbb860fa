/** Where an account publishes files for platforms that fetch them: a server of its own, opened with the first file. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface PublishedFiles {
  /** An address that gives these bytes until the account stops. */
  addressOf(bytes: Uint8Array, mimeType?: string): Promise<string>;
}

export function publishedFiles(stopped: AbortSignal): PublishedFiles {
  const files: { readonly bytes: Uint8Array; readonly mimeType: string }[] = [];
  let opening: Promise<Server> | undefined;
  const open = () =>
    new Promise<Server>((resolve) => {
      const server = createServer((request, response) => {
        const file = files[Number(request.url?.slice(1))];
        if (!file) response.writeHead(404).end();
        else response.writeHead(200, { "content-type": file.mimeType }).end(file.bytes);
      });
      stopped.addEventListener("abort", () => {
        server.closeAllConnections();
        server.close();
      });
      server.listen(0, "127.0.0.1", () => resolve(server));
    });
  return {
    async addressOf(bytes, mimeType = "application/octet-stream") {
      opening ??= open();
      const { port } = (await opening).address() as AddressInfo;
      files.push({ bytes, mimeType });
      return `http://127.0.0.1:${port}/${files.length - 1}`;
    },
  };
}
