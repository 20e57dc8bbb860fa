/** A message of ours that is not in the transcript yet. */
import { CircleAlert, Clock, Pencil, RotateCw, X } from "lucide-react";
import type { ReactNode } from "react";
import { useSignal } from "../../shared/use-signal.ts";
import { fileSize } from "../../shared/words.ts";
import type { Outgoing, OutgoingFile } from "../model/outgoing.ts";
import { useApp } from "./app-context.ts";
import { FilePreview } from "./file-preview.tsx";

export function OutgoingView({
  outgoing,
  queued,
}: {
  readonly outgoing: Outgoing;
  /** It waits behind an answer that is being written. */
  readonly queued: boolean;
}): ReactNode {
  const app = useApp();
  const { gateway, outbox } = app;
  const isConnected = useSignal(gateway.state).name === "connected";
  const { files, key, plight, refused, state, text } = outgoing;
  return (
    <article className={`message user outgoing ${state}`} aria-label="You" data-state={state} data-key={key}>
      {text !== "" && <p className="typed">{text}</p>}
      {files.map((file) => (
        <OutgoingFileView key={file.id} file={file} />
      ))}
      {state === "failed" ? (
        <div className="failed" role="alert">
          <p>
            <CircleAlert aria-hidden /> {plight?.message ?? "It was not sent."} {plight?.action}
          </p>
          <div className="failed-actions">
            {!refused && (
              <button type="button" className="button small" onClick={() => outbox.retry(key)}>
                <RotateCw aria-hidden /> Try again
              </button>
            )}
            <button type="button" className="button small" onClick={() => app.edit(outgoing)}>
              <Pencil aria-hidden /> Edit
            </button>
            <button type="button" className="button small quiet" onClick={() => outbox.discard(key)}>
              <X aria-hidden /> Discard
            </button>
          </div>
        </div>
      ) : (
        <footer className="message-foot">
          <span className="status" role="status">
            {waits(outgoing, queued, isConnected)}
          </span>
        </footer>
      )}
    </article>
  );
}

function waits({ plight, state }: Outgoing, queued: boolean, isConnected: boolean): ReactNode {
  if (state === "stored") return queued ? "Waiting its turn" : "Sent";
  if (!isConnected) {
    return (
      <>
        <Clock aria-hidden /> Kept here until the gateway is back
      </>
    );
  }
  return plight ? `${plight.message} Trying again …` : "Sending …";
}

function OutgoingFileView({ file }: { readonly file: OutgoingFile }): ReactNode {
  const { uploads } = useApp();
  const preview = uploads.preview(file);
  if (file.kind === "image" && preview) {
    return (
      <span className="picture">
        <FilePreview source={preview} name={file.fileName} />
      </span>
    );
  }
  return (
    <p className="file-card">
      <span>{file.fileName}</span>
      <small>{fileSize(file.sizeBytes)}</small>
    </p>
  );
}
