/** WebChat in a frame of its own. It stays loaded while the gateway is away: coming back is its own affair. */
import { type ReactNode, useEffect, useState } from "react";
import { useSignal } from "../../shared/use-signal.ts";
import type { SandboxApp } from "../sandbox-app.ts";

const AGAIN_MS = 1_500;

export function WebchatFrame({ app }: { readonly app: SandboxApp }): ReactNode {
  const gateway = useSignal(app.gateway);
  const [place, setPlace] = useState<string>();
  const [tries, setTries] = useState(0);
  const isRunning = gateway?.state === "running";
  const address = gateway?.url;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `tries` is what tries again
  useEffect(() => {
    if (!isRunning || address === undefined || place?.startsWith(address)) return;
    let isWanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    app.webchat().then(
      (url) => isWanted && setPlace(url),
      () => {
        timer = setTimeout(() => setTries((count) => count + 1), AGAIN_MS);
      },
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [address, app, isRunning, place, tries]);

  if (place === undefined) return <p className="panel-empty">Waiting for the gateway …</p>;
  return <iframe title="WebChat" src={place} allow="clipboard-write" />;
}
