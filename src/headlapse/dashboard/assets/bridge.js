/* The one classic script: Dash looks for clientside callbacks here before the modules have loaded. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.headlapse = {
  /** A Mantine control changed: tell the modules which, and to what. */
  choose(value) {
    const { triggered_id: id } = window.dash_clientside.callback_context;
    document.dispatchEvent(new CustomEvent("headlapse:choice", { detail: { id, value } }));
    return window.dash_clientside.no_update;
  },
};
