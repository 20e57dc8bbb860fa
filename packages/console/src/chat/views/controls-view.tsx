/** Buttons, links and selects below a message. Pressing says the value, as if it had been written. */
import type { Control } from "@switchboard/domain";
import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { useApp } from "./app-context.ts";
import { safeUrl } from "./markdown.tsx";

export function ControlsView({
  controls,
  isActive,
}: {
  readonly controls: readonly (readonly unknown[])[];
  readonly isActive: boolean;
}): ReactNode {
  return (
    <fieldset className="controls" aria-label="Choices">
      {controls.map((row, index) => (
        // Rows have no identity but their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div className="control-row" key={index}>
          {row.map((control, place) => {
            const known = asControl(control);
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            return known && <OneControl key={place} control={known} isActive={isActive} />;
          })}
        </div>
      ))}
    </fieldset>
  );
}

function OneControl({ control, isActive }: { readonly control: Control; readonly isActive: boolean }): ReactNode {
  const app = useApp();
  switch (control.kind) {
    case "button":
      return (
        <button
          type="button"
          className={`button ${control.style ?? ""}`}
          disabled={!isActive}
          onClick={() => app.send(control.value)}
        >
          {control.label}
        </button>
      );
    case "link": {
      const href = safeUrl(control.url);
      if (!href) return null;
      return (
        <a className="button" href={href} target="_blank" rel="noopener noreferrer nofollow">
          {control.label} <ExternalLink aria-hidden />
        </a>
      );
    }
    case "select":
      return (
        <select
          aria-label={control.label}
          disabled={!isActive}
          value=""
          onChange={(event) => app.send(event.target.value)}
        >
          <option value="" disabled>
            {control.label} …
          </option>
          {control.options.map(({ label, value }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      );
  }
}

/** The wire leaves controls open; what is none is left out. */
function asControl(value: unknown): Control | undefined {
  const { kind, label, options, url, value: says } = (value ?? {}) as Record<string, unknown>;
  if (typeof label !== "string") return undefined;
  if (kind === "button" && typeof says === "string") return value as Control;
  if (kind === "link" && typeof url === "string") return value as Control;
  if (kind === "select" && Array.isArray(options)) return value as Control;
  return undefined;
}
