/** Where the pages and their data lie: the root of the server, or the folder under which a proxy shows it; beside a site's page. */
const { prefix } = document.documentElement.dataset;

export const folder = prefix === undefined ? "" : `${prefix}/`;
