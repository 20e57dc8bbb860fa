/** A file as Slack writes it. */
import type { Fields } from "../events/tell.ts";
import type { StoredFile } from "./files.ts";
import type { World } from "./world.ts";

export function fileWire({ app, base }: World, { id, kind, mimeType, name, size, snippet, user }: StoredFile): Fields {
  const address = `${base.url}/files-pri/${app.team}-${id}`;
  const ending = name.includes(".") ? (name.split(".").at(-1) ?? "") : "";
  return {
    id,
    created: Math.floor(Date.now() / 1000),
    name,
    title: name,
    mimetype: mimeType,
    filetype: snippet ?? (ending || "binary"),
    pretty_type: ending.toUpperCase() || "Binary",
    user,
    user_team: app.team,
    editable: snippet !== undefined,
    size,
    mode: snippet === undefined ? "hosted" : "snippet",
    is_external: false,
    external_type: "",
    is_public: false,
    public_url_shared: false,
    display_as_bot: false,
    username: "",
    // Clips that are recorded in the client.
    ...(kind === "voice" && { subtype: "slack_audio" }),
    url_private: `${address}/${encodeURIComponent(name)}`,
    url_private_download: `${address}/download/${encodeURIComponent(name)}`,
    permalink: `${base.url}/files/${user}/${id}`,
    file_access: "visible",
  };
}
