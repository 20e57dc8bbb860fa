import type { PlatformInfo } from "@switchboard/sandbox";
import { type ReactNode, useEffect, useState } from "react";

/** A frame for each platform; loaded when first shown, and kept from then on. */
export function PlatformPanes({
  platforms,
  shown,
}: {
  readonly platforms: readonly PlatformInfo[];
  readonly shown: string | undefined;
}): ReactNode {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (shown !== undefined) setOpened((before) => (before.has(shown) ? before : new Set([...before, shown])));
  }, [shown]);
  if (platforms.length === 0) return <p className="panel-empty">No simulated platform is installed.</p>;
  return platforms
    .filter(({ id }) => opened.has(id))
    .map(({ id, label, pane }) => (
      <iframe key={id} title={`${label}, simulated`} src={pane} allow="clipboard-write" hidden={id !== shown} />
    ));
}
