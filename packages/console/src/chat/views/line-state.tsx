/** The state of the line, said only when it is not as it should be. */
import { type ReactNode, useEffect, useState } from "react";
import { useSignal } from "../../shared/use-signal.ts";
import { useApp } from "./app-context.ts";

/** Breaks that nobody would have noticed are not spoken of. */
const PATIENCE_MS = 700;

export function LineState(): ReactNode {
  const { gateway } = useApp();
  const line = useSignal(gateway.state);
  const isConnected = line.name === "connected";
  const [isLong, setLong] = useState(false);

  useEffect(() => {
    if (isConnected) {
      setLong(false);
      return;
    }
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isConnected]);

  const state = isConnected ? "connected" : isLong ? "lost" : "wavering";
  return (
    <span className="line-state" data-line={state}>
      {state === "lost" && (
        <>
          Reconnecting …
          <button type="button" className="button small quiet" onClick={() => gateway.connect()}>
            Retry now
          </button>
        </>
      )}
      <span className="dot" role="img" aria-label={isConnected ? "Connected" : "Not connected"} />
    </span>
  );
}
