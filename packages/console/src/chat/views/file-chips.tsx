/** The files that go with the message that is being written. */
import { FileText, LoaderCircle, X } from "lucide-react";
import type { ReactNode } from "react";
import { useSignal } from "../../shared/use-signal.ts";
import { fileSize } from "../../shared/words.ts";
import type { OutgoingFile } from "../model/outgoing.ts";
import { useApp } from "./app-context.ts";
import { FilePreview } from "./file-preview.tsx";

export function FileChips({
  files,
  drop,
}: {
  readonly files: readonly OutgoingFile[];
  drop(file: OutgoingFile): void;
}): ReactNode {
  const { uploads } = useApp();
  const states = useSignal(uploads.states);
  if (files.length === 0) return null;
  return (
    <ul className="file-chips" aria-label="Attached files">
      {files.map((file) => {
        const upload = states.get(file.id);
        const preview = file.kind === "image" ? uploads.preview(file) : undefined;
        return (
          <li key={file.id} className={upload?.state ?? ""}>
            {preview ? <FilePreview source={preview} /> : <FileText aria-hidden />}
            <span className="file-name" title={file.fileName}>
              {file.fileName}
            </span>
            <small>{upload?.state === "failed" ? upload.plight.message : fileSize(file.sizeBytes)}</small>
            {upload?.state === "uploading" && <LoaderCircle className="spinner" role="img" aria-label="Uploading" />}
            <button
              type="button"
              className="icon-button small"
              onClick={() => drop(file)}
              aria-label={`Remove ${file.fileName}`}
            >
              <X aria-hidden />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
