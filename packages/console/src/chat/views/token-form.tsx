import { KeyRound } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { Plight } from "../model/plight.ts";
import { Trouble } from "./trouble.tsx";

export function TokenForm({
  plight,
  present,
}: {
  readonly plight: Plight | undefined;
  /** Resolves with whether it was the right one. */
  present(token: string): Promise<boolean>;
}): ReactNode {
  const [token, setToken] = useState("");
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();

  useEffect(() => field.current?.focus(), []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || token.trim() === "") return;
    setBusy(true);
    const right = await present(token.trim());
    setBusy(false);
    setToken("");
    if (!right) field.current?.focus();
  };

  return (
    <main className="gate">
      <form className="gate-card" onSubmit={submit}>
        <KeyRound aria-hidden className="gate-icon" />
        <h1>Open this gateway</h1>
        <p>
          Enter the gateway’s token: what <code>GATEWAY_TOKEN</code> says where the gateway was started, else what is in
          the file <code>gateway-token</code> of its state directory.
        </p>
        <label htmlFor={id}>Token</label>
        <input
          ref={field}
          id={id}
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={token}
          onChange={(event) => setToken(event.target.value)}
          aria-describedby={`${id}-note`}
        />
        {plight && <Trouble plight={plight} />}
        <button type="submit" className="button primary" disabled={busy || token.trim() === ""}>
          {busy ? "Checking …" : "Open"}
        </button>
        <p className="note" id={`${id}-note`}>
          This browser keeps a session cookie that pages cannot read, and not the token.
        </p>
      </form>
    </main>
  );
}
