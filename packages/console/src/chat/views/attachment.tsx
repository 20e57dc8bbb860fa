import { oneLine } from "@switchboard/domain";
import { Download, FileText, Link } from "lucide-react";
import { type ReactNode, useState } from "react";
import { fileSize } from "../../shared/words.ts";
import type { Message } from "../model/conversation.ts";
import { mediaUrl } from "../state/uploads.ts";
import { OutLink, safeUrl } from "./markdown.tsx";

type FilePart = Extract<Message["content"][number], { readonly blob?: string | undefined }>;

/** A file of a message: shown where a browser can, else offered for download. */
export function Attachment({ file }: { readonly file: FilePart }): ReactNode {
  const { blob, fileName, sizeBytes, type, url } = file;
  const [isBroken, setBroken] = useState(false);
  const name = oneLine(fileName ?? "") || (NAMES[type] ?? "File");
  if (blob === undefined) {
    return (
      <p className="file-card">
        {url === undefined ? <FileText aria-hidden /> : <Link aria-hidden />}
        <span>{url !== undefined && safeUrl(url) ? <OutLink href={url}>{name}</OutLink> : name}</span>
        <small>{sizeBytes === undefined ? "on the platform" : fileSize(sizeBytes)}</small>
      </p>
    );
  }
  const source = mediaUrl(blob);
  if (!isBroken && (type === "image" || type === "sticker")) {
    return (
      <a className="picture" href={source} target="_blank" rel="noopener noreferrer">
        <img src={source} alt={name} loading="lazy" onError={() => setBroken(true)} />
      </a>
    );
  }
  if (!isBroken && type === "video") {
    // biome-ignore lint/a11y/useMediaCaption: what people send has none
    return <video className="picture" src={source} controls preload="metadata" onError={() => setBroken(true)} />;
  }
  if (!isBroken && (type === "audio" || type === "voice")) {
    // biome-ignore lint/a11y/useMediaCaption: what people send has none
    return <audio src={source} controls preload="metadata" onError={() => setBroken(true)} />;
  }
  return (
    <a className="file-card" href={source} download={name}>
      <FileText aria-hidden />
      <span>{name}</span>
      {sizeBytes !== undefined && <small>{fileSize(sizeBytes)}</small>}
      <Download aria-hidden />
    </a>
  );
}

const NAMES: Partial<Record<FilePart["type"], string>> = {
  image: "Picture",
  video: "Video",
  audio: "Audio",
  voice: "Voice message",
  document: "Document",
  sticker: "Sticker",
};
