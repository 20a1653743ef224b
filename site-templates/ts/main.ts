// On every page: what makes it live without asking anybody. Search, lists and the
// home page's "your team" are loaded when they are first wanted.

import { age, copyButtons, follow, menu, menus, themeSwitch, unfold } from "./chrome";
import { all, one, recall } from "./dom";
import { listen, shortcutsButton } from "./keys";
import { build, load } from "./load";
import { live } from "./live";
import { show } from "./oncall";
import { reachable, sortable } from "./tables";
import { narrowable } from "./timeline";
import { expire } from "./stale";
import { relate } from "./times";

interface Palette {
  open: () => void;
  page: (place: HTMLElement) => void;
}

interface Lists {
  list: (place: HTMLElement) => void;
  mine: (place: HTMLElement) => void;
}

// The paths of scripts for later, from the site's root. The bundler fills them in, so that
// this script, whose name changes with its content, never asks for those of another site.
declare const PALETTE: string;
declare const LIST: string;

const palette = (): Promise<Palette> => load<Palette>("palette", PALETTE);
const lists = (): Promise<Lists> => load<Lists>("lists", LIST);

// openPalette falls back to the page of search, which says what is wrong.
function openPalette(): void {
  palette().then(
    (palette) => palette.open(),
    () => one<HTMLAnchorElement>("a[data-palette-open]")?.click(),
  );
}

function paletteLinks(): void {
  for (const link of all<HTMLAnchorElement>("a[data-palette-open]")) {
    link.setAttribute("aria-keyshortcuts", "/ Control+K Meta+K");
    const fetch = (): void => void palette().catch(() => undefined);
    link.addEventListener("pointerenter", fetch, { once: true });
    link.addEventListener("focus", fetch, { once: true });
    link.addEventListener("click", (event) => {
      const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 || !event.isTrusted;
      if (elsewhere) return;
      event.preventDefault();
      openPalette();
    });
  }
}

function onDemand(): void {
  const search = one("[data-search-page]");
  if (search) void palette().then((palette) => palette.page(search));
  const list = one("[data-list-kind]");
  if (list?.dataset.listKind) void lists().then((lists) => lists.list(list));
  const mine = one("[data-mine]");
  const team = mine && one<HTMLSelectElement>("[data-team]", mine);
  if (!mine || !team) return;
  const start = (): void => void lists().then((lists) => lists.mine(mine));
  if (recall("team")) start();
  else team.addEventListener("change", start, { once: true });
}

function tick(): void {
  const now = Date.now();
  expire(now);
  relate(now);
  show(now);
}

// enhance does for parts of the page that have come later what is done for all at first.
function enhance(): void {
  sortable();
  reachable();
  tick();
}

themeSwitch();
menus();
copyButtons();
sortable();
reachable();
follow();
unfold();
narrowable();
paletteLinks();
listen(openPalette);
shortcutsButton();
tick();
setInterval(tick, 30_000);
document.addEventListener("visibilitychange", tick);
onDemand();
void build().then(
  (build) => {
    menu(build.lists);
    age(build, Date.now());
    void live(build, enhance);
  },
  () => undefined,
);
