/** Wire the pages, the keys and the list of variants together. */
import { byId, find } from "../core/dom.ts";
import * as keys from "../core/keys.ts";
import { keysOf, neighbour, pictureShortcuts, rowsOf, type Shortcut, stepShortcuts } from "../core/shortcuts.ts";
import * as texts from "../core/texts.ts";
import { Compare } from "./compare.ts";
import * as controls from "./controls.ts";
import { isLoaded, setProps, standIn } from "./dash.ts";
import { unreachable } from "./empty_state.ts";
import { Explore } from "./explore.ts";
import * as exporting from "./export_menu.ts";
import * as fold from "./fold.ts";
import * as guide from "./guide.ts";
import * as jobCards from "./job_cards.ts";
import * as jobForm from "./job_form.ts";
import * as jobLogs from "./job_logs.ts";
import { LinkCheck } from "./link_check.ts";
import * as menus from "./menus.ts";
import * as messages from "./messages.ts";
import { Runs } from "./runs.ts";
import * as scales from "./scales.ts";
import { offerTheme } from "./theme.ts";
import * as url from "./url_state.ts";
import { VariantBox } from "./variant_box.ts";
import { VariantPicker } from "./variant_picker.ts";

const VARIANT = { id: "variant", label: texts.picker.label, placeholder: texts.picker.placeholder };
type Shown = () => Explore | Compare | Runs;

export async function start(): Promise<void> {
  messages.tell(url.unreadIn(location.search));
  await scales.load();
  const picker = new VariantPicker(() => onVariants());
  const chosen = new VariantBox(byId("variant-choice"), VARIANT, (variant) => url.set({ variant, epoch: null, head: null }));
  const offer = (id: string | null) => chosen.show(picker.offered, picker.entry(id));
  const explore = new Explore(picker);
  const compare = new Compare(picker);
  const runs = new Runs();
  const shown: Shown = () => {
    const { page, wall } = url.get();
    if (page === "runs" && wall !== null) return runs;
    return page === "compare" ? compare : explore;
  };

  function onVariants(): void {
    if (url.get().variant === null && picker.preferred) url.set({ variant: picker.preferred });
    const { problem, variants, command } = picker;
    messages.banner(problem && variants !== null ? unreachable(problem, command) : null);
    offer(url.get().variant);
    shown().update();
  }

  function onState(state: url.State, changed: ReadonlySet<url.Field>): void {
    if (changed.size === 1 && changed.has("epoch")) {
      shown().move();
      return;
    }
    if ((state.page === "runs" && state.wall === null) || changed.has("page")) runs.update();
    if (changed.has("page") && state.page !== "compare") compare.close();
    if (changed.has("variant")) {
      offer(state.variant);
      void explore.open();
    }
    if (state.page === "compare" && (["variant", "with", "page"] as const).some((field) => changed.has(field))) compare.open();
    showPage(state.page);
    shown().update();
  }

  url.subscribe(onState);
  offerTheme();
  listen(shown, explore, compare);
  followLinks();
  fold.install();
  menus.install();
  guide.install(byId("help") as HTMLDialogElement);
  jobCards.install();
  jobForm.install();
  if (document.getElementById("page-jobs")) jobLogs.install();
  showPage(url.get().page);
  const table = runs.watch();
  if (url.get().page === "runs") await table; // the server reads the same files for both
  await picker.watch();
  new LinkCheck().check("variants", picker);
  if (!explore.session && url.get().variant) await explore.open();
  if (url.get().page === "compare") compare.open();
}

/** Buttons and keys act on the page that is shown; those of playing are the timeline's. */
function listen(shown: Shown, explore: Explore, compare: Compare): void {
  const help = byId("help") as HTMLDialogElement;
  const exported = () => (url.get().page === "compare" ? compare : explore);
  controls.onAction({
    fold: fold.toggle,
    export: (button) => void exporting.save(exported(), button),
    "copy-python": (button) => void exporting.copyPython(exported(), button),
    help: () => help.showModal(),
    pin: () => shown().pin(),
    "close-help": () => help.close(),
  });
  const all = shortcutsOf(shown, explore, help);
  find(help, "tbody").replaceChildren(...rowsOf(all));
  keys.listen(window, keysOf(all));
}

function shortcutsOf(shown: Shown, explore: Explore, help: HTMLDialogElement): Shortcut[] {
  const view = (step: number) => () => chooseView(explore, step);
  const pin = () => shown().pin();
  return [
    ...stepShortcuts({
      step: (steps) => shown().timeline.step(steps),
      first: () => shown().timeline.first(),
      last: () => shown().timeline.last(),
      play: () => shown().timeline.play(),
    }),
    ...pictureShortcuts({
      get panels() {
        return explore.panel?.heads?.length ?? 0;
      },
      get panel() {
        return url.get().head;
      },
      showPanel: (head) => url.set({ head }),
      chooseNumber: (index) => shown().chooseNumber(index),
    }),
    { shown: ["V", "Shift V"], words: texts.keys.views, keys: { v: view(1), V: view(1), "Shift+V": view(-1) } },
    { shown: ["P"], words: texts.keys.pin, keys: { p: pin, P: pin } },
    { shown: ["?"], words: texts.keys.help, keys: { "?": () => help.showModal() } },
  ];
}

function chooseView({ session, panel }: Explore, step: number): void {
  const usable = (session?.panels ?? []).filter(({ problem }) => !problem).map((one) => one.view);
  if (panel) url.set({ view: neighbour(usable, panel.view, step) });
}

/** Links between pages keep the selection and load nothing. */
function followLinks(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-page]") : null;
    if (!link?.dataset.page || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    url.set({ page: link.dataset.page });
  });
}

function showPage(page: string): void {
  for (const section of document.querySelectorAll<HTMLElement>(".page")) section.hidden = section.id !== `page-${page}`;
  if (page !== "explore") document.title = texts.common.tab([document.getElementById(`page-${page}`)?.ariaLabel ?? page]);
  if (page === "jobs") standIn(byId("page-jobs"));
  if (isLoaded()) void setProps("jobs-clock", { disabled: page !== "jobs" });
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-page]")) {
    link.toggleAttribute("aria-current", link.dataset.page === page && link.classList.contains("page-link"));
    link.href = url.address({ ...url.get(), page: link.dataset.page ?? "explore" });
  }
}
