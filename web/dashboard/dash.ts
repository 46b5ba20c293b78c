/** Dash, from the side of the page's own code: it looks for clientside callbacks as soon as it starts. */

type Props = Readonly<Record<string, unknown>>;

interface DashClientside {
  callback_context: { triggered_id: string };
  no_update: unknown;
  set_props(id: string, props: Props): void;
  headlapse: { choose(value: unknown): unknown };
}

declare global {
  interface Window {
    dash_clientside: DashClientside;
  }
}

export const CHOICE = "headlapse:choice";

/** What a `CHOICE` event tells: the control, and what it was set to. */
export interface Choice {
  readonly id: string;
  readonly value: unknown;
}

/** Change properties of a component. */
export const setProps = (id: string, props: Props): void => window.dash_clientside.set_props(id, props);

/** Offer Dash the callback of Mantine controls, which hands on what was chosen. */
export function install(): void {
  const dash: Partial<DashClientside> = window.dash_clientside ?? {};
  dash.headlapse = {
    choose(value) {
      const { callback_context: context, no_update: nothing } = window.dash_clientside;
      const detail: Choice = { id: context.triggered_id, value };
      document.dispatchEvent(new CustomEvent(CHOICE, { detail }));
      return nothing;
    },
  };
  window.dash_clientside = dash as DashClientside; // Dash adds the rest
}

/** The theme that Mantine shows. */
export const theme = (): string => document.documentElement.dataset.mantineColorScheme ?? "light";

/** Call `listener` when the theme changes. */
export function onTheme(listener: () => void): void {
  const options = { attributes: true, attributeFilter: ["data-mantine-color-scheme"] };
  new MutationObserver(listener).observe(document.documentElement, options);
}
