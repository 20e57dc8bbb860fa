/** What went wrong, what to do, and a way to try again. */
import { CircleAlert, RotateCw, X } from "lucide-react";
import type { ReactNode } from "react";
import type { Plight } from "../model/plight.ts";

export function Trouble({
  plight,
  retry,
  dismiss,
}: {
  readonly plight: Plight;
  readonly retry?: (() => void) | undefined;
  readonly dismiss?: (() => void) | undefined;
}): ReactNode {
  const { action, code, message } = plight;
  return (
    <div className="trouble" role="alert">
      <CircleAlert aria-hidden />
      <p>
        {message} {action && <span className="trouble-action">{action}</span>} {code && <code>{code}</code>}
      </p>
      {retry && (
        <button type="button" className="button small" onClick={retry}>
          <RotateCw aria-hidden /> Try again
        </button>
      )}
      {dismiss && (
        <button type="button" className="icon-button small" onClick={dismiss} aria-label="Dismiss">
          <X aria-hidden />
        </button>
      )}
    </div>
  );
}
