import { createContext, useContext } from "react";
import type { ChatApp } from "../state/chat-app.ts";

export const AppContext = createContext<ChatApp | undefined>(undefined);

export function useApp(): ChatApp {
  const app = useContext(AppContext);
  if (!app) throw new Error("AppContext is missing");
  return app;
}
