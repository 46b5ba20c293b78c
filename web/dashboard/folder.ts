/** Where the pages and their data lie: the root of the server, or the folder under which a proxy shows it. */
export const folder = `${document.documentElement.dataset.prefix ?? ""}/`;
