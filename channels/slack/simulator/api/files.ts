/** `files.*`: an upload is asked for, brought and completed. */
import { fileWire } from "../world/file-wire.ts";
import { typeOf } from "../world/files.ts";
import { post } from "../world/post.ts";
import { readThread, writable } from "./chat.ts";
import type { Call, Method } from "./method.ts";
import { ApiRefusal, invalid } from "./refusal.ts";

const WRITE = ["files:write"];

export const fileMethods: Readonly<Record<string, Method>> = {
  "files.getUploadURLExternal": {
    kind: "other",
    scopes: WRITE,
    fields: ["filename", "length", "alt_text", "snippet_type"],
    run: begin,
  },
  "files.completeUploadExternal": {
    kind: "send",
    scopes: WRITE,
    fields: ["files", "channel_id", "channels", "thread_ts", "initial_comment", "blocks"],
    run: complete,
  },
  "files.info": {
    kind: "other",
    scopes: ["files:read"],
    fields: ["file", "count", "cursor", "limit", "page"],
    run: ({ params, world }) => {
      const file = world.files.byId(params.required("file", "file_not_found"));
      if (!file) throw new ApiRefusal("file_not_found");
      return { file: fileWire(world, file) };
    },
  },
  "files.delete": {
    kind: "other",
    scopes: WRITE,
    fields: ["file"],
    run: ({ params, world }) => {
      const id = params.required("file", "file_not_found");
      if (!world.files.remove(id)) throw new ApiRefusal("file_not_found");
      for (const message of world.history.all()) {
        if (!message.files.includes(id) || message.deleted) continue;
        message.deleted = true;
        world.history.keep(message);
        world.changes.tell({ kind: "message", message });
      }
      return {};
    },
  },
};

function begin({ params, world }: Call) {
  const length = params.number("length");
  if (length === undefined || length <= 0) throw invalid("invalid_arguments", "missing required field: length");
  const ticket = world.files.begin(params.required("filename"), length, params.text("snippet_type"));
  return { upload_url: `${world.base.url}/upload/v1/${world.app.team}/${ticket.id}`, file_id: ticket.id };
}

function complete({ params, world }: Call) {
  const wanted = params.json("files");
  if (!Array.isArray(wanted) || wanted.length === 0)
    throw invalid("invalid_arguments", "missing required field: files");
  const channel = params.text("channel_id") === undefined ? undefined : writable(world, params, "channel_id");
  const thread = channel && readThread(world, channel, params);
  const ready = wanted.map((each: unknown) => {
    const { id, title } = (each ?? {}) as { readonly id?: unknown; readonly title?: unknown };
    const ticket = world.files.ticket(String(id));
    if (!ticket?.bytes) throw new ApiRefusal("file_not_found");
    return { ticket, bytes: ticket.bytes, title: typeof title === "string" ? title : ticket.name };
  });
  const files = ready.map(({ bytes, ticket, title }) =>
    world.files.complete(ticket, { name: title, user: world.app.user, ...typeOf(title, bytes) }, bytes),
  );
  if (channel) {
    post(world, {
      channel,
      user: world.app.user,
      text: params.text("initial_comment") ?? "",
      files: files.map(({ id }) => id),
      ...(thread !== undefined && { thread }),
    });
  }
  return { files: files.map(({ id, name }) => ({ id, title: name })) };
}
