// The frame of every page: colours, menu, copy buttons, the build's age.

import copied from "../icons/copy.svg";
import theme from "../icons/theme.svg";
import { all, el, icon, one, recall, remember } from "./dom";
import { base, type Build, type ListPage } from "./load";
import { dayAgo } from "./times";

const themes = ["", "light", "dark"];
const themeNames: Record<string, string> = { "": "automatic", light: "light", dark: "dark" };

// themeSwitch puts into the bar a button that goes round automatic, light and dark.
export function themeSwitch(): void {
  const button = el("button", { type: "button", class: "icon", "data-theme-switch": true }, icon(theme));
  one(".bar")?.append(button);
  const html = document.documentElement;
  const say = (): void => {
    button.title = `Colours: ${themeNames[html.dataset.theme ?? ""]}`;
    button.setAttribute("aria-label", button.title);
  };
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(recall("theme")) + 1) % themes.length] ?? "";
    if (next) html.dataset.theme = next;
    else delete html.dataset.theme;
    remember("theme", next);
    say();
  });
  say();
}

const health: ListPage = { title: "Health of the catalog", path: "-/health.html", more: true };

// menu makes a menu of the link to all lists. Those in the bar are in it, too: on a phone
// the bar has no room for them.
export function menu(lists: ListPage[]): void {
  const place = one(".menu");
  const link = place && one("a", place);
  if (!link) return;
  const inBar = one<HTMLAnchorElement>(".lists > ul [aria-current]")?.href;
  const section = one(".lists")?.dataset.section;
  const items = [...lists, health].map((list) => {
    const href = base + list.path;
    const at = href === location.href.replace(/#.*/, "");
    const current = at ? "page" : (href === inBar || list.path === section) && "true";
    const key = (list.more && list.key) || false;
    return el("li", { class: !list.more && "first" }, el("a", { href, "data-key": key, "aria-current": current }, list.title));
  });
  const focused = document.activeElement === link;
  const summary = el("summary", {}, ...link.childNodes);
  place.replaceWith(el("details", { class: place.className }, summary, el("ul", {}, ...items)));
  if (focused) summary.focus();
}

// menus close on Escape and when something else is clicked.
export function menus(): void {
  const open = (): HTMLDetailsElement[] => all<HTMLDetailsElement>(".menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      one("summary", menu)?.focus();
    }
  });
}

// copy puts a text into the clipboard and says so in the button that was pressed.
export async function copy(button: HTMLElement, text: string): Promise<void> {
  const label = one("span", button) ?? button;
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(text);
    label.textContent = "Copied";
  } catch {
    label.textContent = "Copying is not allowed here";
  }
  setTimeout(() => (label.textContent = before), 2000);
}

// summary is one paragraph about what the page is about, to paste into a chat.
function summary(): string {
  const plain = (e: Element | null): string => e?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  const what = plain(one("main .lead") ?? one(".prose > p")).replace(/\.$/, "");
  const parts = [plain(one("h1")) + (what && `: ${what}.`)];
  for (const answer of ["Owner", "Channel", "Runbook"]) {
    const text = plain(one(`.blade:not(.missing)[data-answer=${answer.toLowerCase()}] b`));
    if (text) parts.push(`${answer}: ${text}.`);
  }
  return parts.join(" ");
}

export function copyButtons(): void {
  const who = one(".who .headed");
  if (who) {
    const label = [el("span", {}, "Copy"), el("span", { class: "vh" }, " a summary")];
    const button = el("button", { type: "button", class: "plain js" }, icon(copied), ...label);
    button.addEventListener("click", () => void copy(button, summary()));
    who.append(button);
  }
  for (const code of all(".prose pre")) {
    const button = el("button", { type: "button", class: "plain copy-code" }, el("span", {}, "Copy"));
    button.addEventListener("click", () => void copy(button, code.querySelector("code")?.textContent ?? ""));
    const box = el("div", { class: "code" });
    code.replaceWith(box);
    box.append(code, button);
  }
}

// age says in the footer how old the site is.
export function age(build: Build, now: number): void {
  const place = one("[data-build]");
  const day = build.day ?? "";
  if (!place || Number.isNaN(Date.parse(day))) return;
  const commit = build.commit ? `, commit ${build.commit.slice(0, 12)}` : "";
  place.replaceChildren(` · built ${dayAgo(day, now)}`, el("span", { class: "print-only" }, `, ${day}${commit}`));
  place.title = day + commit;
}

// follow marks in "On this page" the section that is being read.
export function follow(): void {
  const links = new Map(all<HTMLAnchorElement>(".contents a").map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  if (!links.size) return;
  const seen = new Set<string>();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) isIntersecting ? seen.add(target.id) : seen.delete(target.id);
      const first = [...links.keys()].find((id) => seen.has(id));
      if (first === undefined) return;
      keepInView(links.get(first));
      for (const [id, link] of links) id === first ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    },
    { rootMargin: "0px 0px -60% 0px" },
  );
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) watch.observe(section);
  }
}

// keepInView scrolls a list that scrolls by itself so that one of its links is seen. The page
// stays where it is.
function keepInView(link: HTMLAnchorElement | undefined): void {
  const box = link?.closest<HTMLElement>(".contents");
  if (!link || !box || box.scrollHeight <= box.clientHeight) return;
  const { top, bottom } = link.getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  if (top < frame.top || bottom > frame.bottom) box.scrollTop += top - frame.top - frame.height / 3;
}

// unfold opens what a link into a folded part leads to, and everything for print.
export function unfold(): void {
  const reveal = (): void => {
    let part: Element | null = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    for (; part; part = part.parentElement) if (part instanceof HTMLDetailsElement) part.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
  const closed: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    for (const fold of all<HTMLDetailsElement>("main details:not([open])")) {
      fold.open = true;
      closed.push(fold);
    }
  });
  addEventListener("afterprint", () => {
    for (const fold of closed.splice(0)) fold.open = false;
  });
}
