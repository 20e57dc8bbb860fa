/** Files may be dropped anywhere on the conversation. */
import { Paperclip } from "lucide-react";
import { type DragEvent, type ReactNode, useRef, useState } from "react";

export function DropZone({
  attach,
  children,
}: {
  attach(files: Iterable<File>): void;
  readonly children: ReactNode;
}): ReactNode {
  const [isOver, setOver] = useState(false);
  // Entering a child comes before leaving its parent.
  const depth = useRef(0);
  const enter = (event: DragEvent, step: 1 | -1) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth.current = Math.max(0, depth.current + step);
    setOver(depth.current > 0);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button beside the composer does the same by keyboard
    <div
      className="drop-zone"
      onDragEnter={(event) => enter(event, 1)}
      onDragLeave={(event) => enter(event, -1)}
      onDragOver={(event) => hasFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        attach(event.dataTransfer.files);
      }}
    >
      {children}
      {isOver && (
        <div className="drop-hint" aria-hidden>
          <Paperclip /> Drop to attach
        </div>
      )}
    </div>
  );
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer.types.includes("Files");
}
