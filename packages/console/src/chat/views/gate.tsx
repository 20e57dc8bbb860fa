/** Lets in who has a session with the gateway, and asks everybody else for its token. */
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { useSignal } from "../../shared/use-signal.ts";
import { type Plight, plightOf, refusalCode } from "../model/plight.ts";
import { takeToken } from "../state/address.ts";
import { presentToken } from "../state/browser-session.ts";
import { useApp } from "./app-context.ts";
import { ChatView } from "./chat-view.tsx";
import { Refused } from "./refused.tsx";
import { TokenForm } from "./token-form.tsx";

/** Refusals that the right token cures. */
const CURABLE = /^AUTH_(TOKEN|PASSWORD|REQUIRED|UNAUTHORIZED|RATE)/;

export function Gate({ token }: { readonly token: string | undefined }): ReactNode {
  const app = useApp();
  const line = useSignal(app.gateway.state);
  const hello = useSignal(app.gateway.hello);
  const [plight, setPlight] = useState<Plight>();
  const begun = useRef(false);

  const present = useCallback(
    async (given: string) => {
      setPlight(undefined);
      const wrong = await presentToken(given);
      // A session from before may still be good although this token is not.
      app.gateway.connect();
      if (wrong) setPlight(wrong);
      return wrong === undefined;
    },
    [app],
  );
  const presentFromAddress = useCallback(
    async (given: string) => {
      // The browser goes on telling scripts the address a document was loaded by, fragment included: a new document
      // knows nothing of the token.
      if (await present(given)) location.reload();
    },
    [present],
  );

  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    if (token === undefined) app.gateway.connect();
    else void presentFromAddress(token);
  }, [app, presentFromAddress, token]);

  useEffect(() => {
    // Whoever pastes the address into a tab that shows the page already loads nothing anew.
    const onHash = () => {
      const given = takeToken(location, history);
      if (given !== undefined) void presentFromAddress(given);
    };
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, [presentFromAddress]);

  if (line.name === "refused") {
    const code = refusalCode(line.error);
    if (!CURABLE.test(code ?? "")) return <Refused error={line.error} retry={() => app.gateway.connect()} />;
    const limited = code === "AUTH_RATE_LIMITED" ? plightOf(line.error) : undefined;
    return <TokenForm plight={plight ?? limited} present={present} />;
  }
  return hello ? <ChatView /> : <Waiting />;
}

/** Nothing for a moment, since most connections take none; then why it takes longer. */
function Waiting(): ReactNode {
  const { gateway } = useApp();
  const line = useSignal(gateway.state);
  return (
    <div className="gate" role="status">
      <p className="gate-waiting">
        {line.name === "waiting" ? "The gateway does not answer. Trying again …" : "Connecting …"}
      </p>
    </div>
  );
}
