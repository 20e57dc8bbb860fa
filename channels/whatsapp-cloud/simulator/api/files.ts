/** Files that are uploaded, and the addresses from which others are fetched. */
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { newMedia } from "../people.ts";
import type { World } from "../world.ts";
import type { Call } from "./call.ts";
import { readForm } from "./multipart.ts";
import { invalid, noSuchObject } from "./refusal.ts";

/** "The URL is only valid for 5 minutes": the description of GET /<media id>. */
const ADDRESS_MS = 5 * 60_000;

export function takeFile({ body, request, world }: Call) {
  const parts = readForm(body, request.headers["content-type"]);
  const field = (name: string) => parts.find((part) => part.name === name)?.bytes.toString();
  const file = parts.find(({ name }) => name === "file");
  if (field("messaging_product") !== "whatsapp") throw invalid("The parameter messaging_product is required.");
  if (!file?.type) throw invalid("The parameter file is required.");
  if (field("type") !== file.type) throw invalid("Param file must be a file of the type that is told.");
  return { id: newMedia(world, file.bytes, file.type, file.fileName).id };
}

export function mediaAddress({ id, request, world }: Call) {
  const media = world.media.get(id);
  if (!media) throw noSuchObject(id);
  const address = randomUUID();
  world.addresses.set(address, { media: id, expiresAt: Date.now() + ADDRESS_MS });
  return {
    url: `http://${request.headers.host}/media-files/${address}`,
    mime_type: media.mimeType,
    sha256: media.sha256,
    file_size: String(media.size),
    id,
    messaging_product: "whatsapp",
  };
}

export function sendFile(world: World, name: string, response: ServerResponse): void {
  const address = world.addresses.get(name);
  const bytes = address && address.expiresAt > Date.now() ? world.bytes.get(address.media) : undefined;
  if (!address || !bytes) {
    response.writeHead(404).end();
    return;
  }
  const type = world.media.get(address.media)?.mimeType ?? "application/octet-stream";
  response.writeHead(200, { "content-type": type, "content-length": bytes.byteLength }).end(bytes);
}
