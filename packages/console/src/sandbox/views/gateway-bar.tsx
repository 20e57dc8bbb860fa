/** How the gateway is, and the buttons that do to it what real life does. */
import { RotateCw, Zap } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useSignal } from "../../shared/use-signal.ts";
import type { SandboxApp } from "../sandbox-app.ts";

const WORDS = {
  running: "Gateway running",
  starting: "Gateway starting …",
  down: "Gateway down. Write on: what you send is kept, and nothing that was stored is lost.",
} as const;

export function GatewayBar({ app }: { readonly app: SandboxApp }): ReactNode {
  const gateway = useSignal(app.gateway);
  const isOnline = useSignal(app.isOnline);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const state = gateway?.state ?? "starting";

  const run = (work: () => Promise<unknown>) => {
    setBusy(true);
    setTrouble(undefined);
    work()
      .catch((error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)))
      .finally(() => setBusy(false));
  };

  return (
    <header className="gateway-bar">
      <h1>
        Switchboard <span>sandbox</span>
      </h1>
      <p className="gateway-state" role="status" data-state={isOnline ? state : "lost"}>
        <span className="dot" aria-hidden />
        {isOnline ? WORDS[state] : "The sandbox itself does not answer. Start it again with: npm run demo"}
        {isOnline && state === "running" && gateway && gateway.starts > 1 && (
          <span className="starts">, started {gateway.starts} times</span>
        )}
      </p>
      {trouble && (
        <p className="bar-trouble" role="alert">
          {trouble}
        </p>
      )}
      <div className="gateway-buttons">
        <button
          type="button"
          className="button danger small"
          disabled={busy || state !== "running"}
          onClick={() => run(() => app.kill())}
          title="kill -9: the process ends at once, whatever it was doing"
        >
          <Zap aria-hidden /> Kill <span className="wide-only">the gateway (SIGKILL)</span>
        </button>
        <button
          type="button"
          className="button small"
          disabled={busy || !isOnline}
          onClick={() => run(() => app.restart())}
          title="Ends it in good order and starts it again"
        >
          <RotateCw aria-hidden /> Restart
        </button>
      </div>
    </header>
  );
}
