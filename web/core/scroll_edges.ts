/** Says of a box that scrolls sideways at which of its edges there is more; scroll_edges.css shows it. */

/** What can be seen of a box, and how much there is. */
export interface Scrolled {
  readonly scrollLeft: number;
  readonly clientWidth: number;
  readonly scrollWidth: number;
}

/** The edges beyond which there is more, as words: "left", "right", both or none. */
export function edgesOf({ scrollLeft, clientWidth, scrollWidth }: Scrolled): string {
  const hidden = scrollWidth - clientWidth;
  return [scrollLeft >= 1 && "left", hidden - scrollLeft >= 1 && "right"].filter(Boolean).join(" ");
}

/** Keep `data-more` of `box` up to date: when it is scrolled, and when its size or that of what is in it changes. */
export function markEdges(box: HTMLElement): void {
  const mark = () => {
    const edges = edgesOf(box);
    if (box.dataset.more !== edges) box.dataset.more = edges;
  };
  const sizes = new ResizeObserver(mark);
  const watch = () => {
    sizes.disconnect();
    for (const sized of [box, ...box.children]) sizes.observe(sized);
  };
  new MutationObserver(watch).observe(box, { childList: true });
  box.addEventListener("scroll", mark, { passive: true });
  watch();
}
