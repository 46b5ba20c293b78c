/** Dash, from the side of the page's own code. */

type Props = Readonly<Record<string, unknown>>;

declare global {
  interface Window {
    dash_clientside?: { set_props(id: string, props: Props): void };
  }
}

/** Change properties of a component; in a site, which has no server, there is none. */
export const setProps = (id: string, props: Props): void => window.dash_clientside?.set_props(id, props);

/** The theme that Mantine shows. */
export const theme = (): string => document.documentElement.dataset.mantineColorScheme ?? "light";

/** Call `listener` when the theme changes. */
export function onTheme(listener: () => void): void {
  const options = { attributes: true, attributeFilter: ["data-mantine-color-scheme"] };
  new MutationObserver(listener).observe(document.documentElement, options);
}
