/** Reads a call's parameters from its query and body, whichever form they have. */
import type { IncomingMessage } from "node:http";
import { badRequest, refusal } from "../failure.ts";
import { isObject, Params, type Upload, type Values } from "./params.ts";

/** Largest body, as at Telegram: fifty megabytes of file and what is around it. */
const LARGEST_BODY = 50 * 1024 * 1024 + 64 * 1024;

export async function readParams(request: IncomingMessage, search: string): Promise<Params> {
  const query: Values = search === "" ? {} : Object.fromEntries(new URLSearchParams(search));
  if (request.method !== "POST") return new Params(query);
  const body = await readBody(request, LARGEST_BODY);
  if (body.length === 0) return new Params(query);
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/json")) return new Params({ ...query, ...parseJson(body) });
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return new Params({ ...query, ...Object.fromEntries(new URLSearchParams(body.toString())) });
  }
  if (type.startsWith("multipart/form-data")) return readForm(body, type, query);
  return new Params(query);
}

/** Rejects with 413 as soon as the body is larger than allowed. */
export function readBody(request: IncomingMessage, largest: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= largest) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on("end", () => {
      if (size > largest) reject(refusal(413, "Request Entity Too Large"));
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    request.on("error", reject);
  });
}

function parseJson(body: Buffer): Values {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw badRequest("can't parse JSON object");
  }
  if (!isObject(value)) throw badRequest("object expected");
  return value;
}

async function readForm(body: Buffer, type: string, query: Values): Promise<Params> {
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  } catch {
    throw badRequest("can't parse multipart form data");
  }
  const values: Record<string, unknown> = { ...query };
  const uploads = new Map<string, Upload>();
  for (const [name, value] of form) {
    if (typeof value === "string") {
      values[name] = value;
      continue;
    }
    uploads.set(name, {
      bytes: new Uint8Array(await value.arrayBuffer()),
      ...(value.name !== "" && { name: value.name }),
      ...(value.type !== "" && value.type !== "application/octet-stream" && { mimeType: value.type }),
    });
  }
  return new Params(values, uploads);
}
