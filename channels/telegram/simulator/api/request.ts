/** Reads a call's parameters from its query and body, whichever form they have. */
import type { IncomingMessage } from "node:http";
import { readBody } from "@switchboard/simulator-kit";
import { badRequest, refusal } from "../failure.ts";
import { isObject, Params, type Upload, type Values } from "./params.ts";

/** Largest body, as at Telegram: fifty megabytes of file and what is around it. */
const LARGEST_BODY = 50 * 1024 * 1024 + 64 * 1024;

export async function readParams(request: IncomingMessage, search: string): Promise<Params> {
  const query: Values = search === "" ? {} : Object.fromEntries(new URLSearchParams(search));
  if (request.method !== "POST") return new Params(query);
  const body = await readBody(request, LARGEST_BODY, () => refusal(413, "Request Entity Too Large"));
  if (body.length === 0) return new Params(query);
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/json")) return new Params({ ...query, ...parseJson(body) });
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return new Params({ ...query, ...Object.fromEntries(new URLSearchParams(body.toString())) });
  }
  if (type.startsWith("multipart/form-data")) return readForm(body, type, query);
  return new Params(query);
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
