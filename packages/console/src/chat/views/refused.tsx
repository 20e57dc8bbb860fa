import type { ReactNode } from "react";
import { plightOf } from "../model/plight.ts";
import { Trouble } from "./trouble.tsx";

/** The page cannot be used here, and no token would help. */
export function Refused({ error, retry }: { readonly error: unknown; readonly retry?: () => void }): ReactNode {
  return (
    <main className="gate">
      <div className="gate-card">
        <h1>This page cannot reach its gateway</h1>
        <Trouble plight={plightOf(error)} retry={retry} />
      </div>
    </main>
  );
}
