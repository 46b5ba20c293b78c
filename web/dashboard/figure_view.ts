/** Views that only plotly draws: the server makes a figure, in a component that is loaded when first needed. */
import { byId } from "../core/dom.ts";
import * as controls from "./controls.ts";
import { standIn } from "./dash.ts";
import type { Session } from "./session.ts";
import { theme } from "./theme.ts";

/** Have the server draw `view` of a session at an epoch, or with null draw nothing. */
export function draw(session: Session, view: string | null, epoch: number | null): void {
  if (view === null) return;
  standIn(byId("figure"));
  controls.put("moment", { variant: session.id, epoch, theme: theme() });
  controls.put("panels", { variant: session.id, view });
}
