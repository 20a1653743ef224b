// The frame of every page: colours, menu, copy buttons, the build's age.

import { all, el, one, recall, remember } from "./dom";
import { dayAgo } from "./times";

const themes = ["", "light", "dark"];
const themeNames: Record<string, string> = { "": "automatic", light: "light", dark: "dark" };

// themeSwitch goes round automatic, light and dark.
export function themeSwitch(): void {
  const button = one("[data-theme-switch]");
  if (!button) return;
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

export function copyButtons(): void {
  for (const button of all("[data-copy]")) {
    button.addEventListener("click", () => void copy(button, button.dataset.copy ?? ""));
  }
  for (const code of all(".prose pre")) {
    const button = el("button", { type: "button", class: "plain copy-code" }, el("span", {}, "Copy"));
    button.addEventListener("click", () => void copy(button, code.querySelector("code")?.textContent ?? ""));
    const box = el("div", { class: "code" });
    code.replaceWith(box);
    box.append(code, button);
  }
}

// Build is what build.js says: the day of the build and its commit.
export interface Build {
  commit?: string;
  day?: string;
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
      for (const [id, link] of links) id === first ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    },
    { rootMargin: "0px 0px -60% 0px" },
  );
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) watch.observe(section);
  }
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
