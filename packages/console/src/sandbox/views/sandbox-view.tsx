/** WebChat, the simulated platforms and the trace: beside each other, or one at a time where there is no room. */
import { type ReactNode, useState } from "react";
import { useMedia } from "../../shared/use-media.ts";
import { useSignal } from "../../shared/use-signal.ts";
import type { SandboxApp } from "../sandbox-app.ts";
import { Columns } from "./columns.tsx";
import { GatewayBar } from "./gateway-bar.tsx";
import { PlatformPanes } from "./platform-panes.tsx";
import { Tabs } from "./tabs.tsx";
import { TracePanel } from "./trace-panel.tsx";
import { WebchatFrame } from "./webchat-frame.tsx";

export function SandboxView({ app }: { readonly app: SandboxApp }): ReactNode {
  const platforms = useSignal(app.platforms);
  const isNarrow = useMedia("(max-width: 960px)");
  const [tab, setTab] = useState("webchat");
  const [platform, setPlatform] = useState<string>();
  const shownPlatform = platforms.find(({ id }) => id === (isNarrow ? tab : platform)) ?? platforms[0];
  const shows = (panel: "webchat" | "platforms" | "trace") =>
    !isNarrow || tab === panel || (panel === "platforms" && platforms.some(({ id }) => id === tab));

  return (
    <div className="sandbox">
      <GatewayBar app={app} />
      {isNarrow && (
        <nav aria-label="Panels">
          <Tabs
            label="Panels"
            chosen={tab}
            choose={setTab}
            tabs={[
              { id: "webchat", label: "WebChat" },
              ...platforms.map(({ id, label }) => ({ id, label })),
              { id: "trace", label: "Trace" },
            ]}
          />
        </nav>
      )}
      <Columns isStacked={isNarrow}>
        {/* Panels are hidden, never taken away: a frame that is put elsewhere loads again. */}
        <section className="panel" aria-label="WebChat" hidden={!shows("webchat")}>
          {!isNarrow && <h2 className="panel-head">WebChat</h2>}
          <WebchatFrame app={app} />
        </section>
        <section className="panel" aria-label="Simulated platforms" hidden={!shows("platforms")}>
          {!isNarrow && (
            <Tabs
              label="Simulated platforms"
              chosen={shownPlatform?.id ?? ""}
              choose={setPlatform}
              tabs={platforms.map(({ id, label }) => ({ id, label: `${label}, simulated` }))}
            />
          )}
          <PlatformPanes platforms={platforms} shown={shows("platforms") ? shownPlatform?.id : undefined} />
        </section>
        <section className="panel" aria-label="Trace" hidden={!shows("trace")}>
          <TracePanel app={app} />
        </section>
      </Columns>
    </div>
  );
}
