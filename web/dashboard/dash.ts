/** Dash, which draws jobs and figures: loaded when first needed, and put into the page that shows what it draws. */

import { byId } from "../core/dom.ts";
import * as texts from "../core/texts.ts";
import * as messages from "./messages.ts";

type Props = Readonly<Record<string, unknown>>;

declare global {
  interface Window {
    dash_clientside?: { set_props(id: string, props: Props): void };
  }
}

const DRAWN = "parts-of-dash";
const RETRY_MS = 1000;
const SERVER_ERROR = 500; // also of a proxy whose server is gone

let loading: Promise<void> | null = null;

/** Whether somebody has needed it. */
export const isLoaded = (): boolean => loading !== null;

/** Change properties of a component, once it is there. A site has no server, and none. */
export async function setProps(id: string, props: Props): Promise<void> {
  await load();
  window.dash_clientside?.set_props(id, props);
}

/** Show what Dash draws in `place`. */
export function standIn(place: HTMLElement): void {
  const drawn = byId("react-entry-point");
  if (drawn.parentElement !== place) place.append(drawn);
  void load();
}

/** Load it, where that is not done already. */
function load(): Promise<void> {
  const template = document.querySelector<HTMLTemplateElement>("template#dash");
  if (template) loading ??= run([...template.content.querySelectorAll("script")]).catch(tell);
  return loading ?? Promise.resolve();
}

const tell = (error: Error): void => messages.tell([error.message]);

/**
 * Run scripts in their order, the inline ones after the files; ends when Dash has drawn its layout. Nothing runs before all files
 * have arrived: a file that is missing breaks those after it.
 */
async function run(scripts: readonly HTMLScriptElement[]): Promise<void> {
  const isFile = (script: HTMLScriptElement) => script.src !== "";
  const drawn = appearance(DRAWN);
  const files = scripts.filter(isFile).map(({ src }) => src);
  await Promise.all(files.map(cached));
  await Promise.all(files.map(loaded));
  for (const script of scripts.filter((one) => !isFile(one))) document.body.append(copyOf(script));
  await drawn;
}

/** Have the browser keep a file; as long as the server does not respond, ask again. */
async function cached(src: string): Promise<void> {
  const answer = await fetch(src)
    .then(wholly)
    .catch(() => null);
  if (answer?.ok) return;
  if (answer && answer.status < SERVER_ERROR) throw new Error(texts.api.notLoaded(src));
  await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  await cached(src);
}

/** The answer, once its last byte is there. */
async function wholly(answer: Response): Promise<Response> {
  await answer.blob();
  return answer;
}

function loaded(src: string): Promise<void> {
  const script = document.createElement("script");
  Object.assign(script, { src, async: false });
  return new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error(texts.api.notLoaded(src))));
    document.body.append(script);
  });
}

/** A script from a template does not run; a copy does. */
function copyOf({ id, type, text }: HTMLScriptElement): HTMLScriptElement {
  return Object.assign(document.createElement("script"), { id, type, text });
}

function appearance(id: string): Promise<void> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!document.getElementById(id)) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
}
