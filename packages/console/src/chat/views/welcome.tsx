import type { ReactNode } from "react";
import { useSignal } from "../../shared/use-signal.ts";
import { useApp } from "./app-context.ts";

/** What the echo agent can show; models get an open question instead. */
const TRY = ["demo markdown", "demo buttons", "demo stream", "demo thinking"];

export function Welcome(): ReactNode {
  const app = useApp();
  const defaults = useSignal(app.gateway.hello)?.snapshot.sessionDefaults;
  const isEcho = defaults?.modelConfigured === false;
  return (
    <div className="welcome">
      <h2>What is on your mind?</h2>
      <p>
        {isEcho
          ? "The built-in echo agent answers until a model is set. It repeats what you say, and has a few demonstrations:"
          : "Write below. Enter sends, Shift+Enter makes a new line, / shows the commands."}
      </p>
      {isEcho && (
        <div className="welcome-tries">
          {TRY.map((text) => (
            <button key={text} type="button" className="button" onClick={() => app.send(text)}>
              {text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
