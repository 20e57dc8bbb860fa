/** Tells those who listen rather than look what came, once it is whole: reading a growing text aloud helps nobody. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useSignal } from "../../shared/use-signal.ts";
import { textOf } from "../model/conversation.ts";
import { useApp } from "./app-context.ts";

const MOST = 400;

export function Announcer(): ReactNode {
  const app = useApp();
  const conversation = useSignal(app.conversation);
  const line = useSignal(app.gateway.state);
  const [words, setWords] = useState("");
  const said = useRef<number | undefined>(undefined);
  const wasConnected = useRef(true);

  useEffect(() => {
    said.current = undefined;
    return conversation?.state.watch(() => {
      const newest = conversation.state.get().entries.at(-1);
      if (!newest || newest.seq === said.current) return;
      const isFirstLook = said.current === undefined;
      said.current = newest.seq;
      if (isFirstLook || newest.message.role === "user") return;
      const text = textOf(newest.message);
      setWords(text.length > MOST ? `${text.slice(0, MOST)} …` : text || "A file came.");
    });
  }, [conversation]);

  useEffect(() => {
    const isConnected = line.name === "connected";
    if (isConnected !== wasConnected.current) setWords(isConnected ? "Connected again." : "The connection is lost.");
    if (line.name !== "connecting") wasConnected.current = isConnected;
  }, [line]);

  return (
    <div className="unseen" role="status" aria-live="polite">
      {words}
    </div>
  );
}
