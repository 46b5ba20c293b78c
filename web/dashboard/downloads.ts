/** Files that the browser saves. */
import { make } from "../core/dom.ts";

export function saveAs(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
