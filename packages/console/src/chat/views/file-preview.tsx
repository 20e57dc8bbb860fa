import { FileText } from "lucide-react";
import { type ReactNode, useState } from "react";

/** A picture that is not uploaded yet; a file's sign where the browser can make no picture of it. */
export function FilePreview({ source, name = "" }: { readonly source: string; readonly name?: string }): ReactNode {
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return <FileText role={name === "" ? undefined : "img"} aria-label={name || undefined} />;
  return <img src={source} alt={name} onError={() => setBroken(true)} />;
}
