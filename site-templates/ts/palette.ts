// The search palette and the page of search; loaded when they are first wanted.
// Nothing typed leaves the page.

import { all, el, one, recall, remember } from "./dom";
import { base, build, to } from "./load";
import { countOf, face, group, learnRotations } from "./results";
import { details, nearest, parseQuery, prepare, search, searchDocuments, type Hit } from "./search";

const textDelay = 150; // ms after the last key, before texts are searched too
const recentKey = `recent ${new URL(base).pathname}`; // sites of one host share storage
const plainPage = /^[A-Za-z0-9_-][A-Za-z0-9._/-]*\.html(#[^\s]*)?$/;

interface Recent {
  title: string;
  url: string;
}

// recents reads what was opened lately. Storage is shared with other sites of the
// host, so what it holds is checked.
function recents(): Recent[] {
  try {
    const kept = JSON.parse(recall(recentKey) || "[]") as Recent[];
    return kept.filter((r) => typeof r.title === "string" && plainPage.test(r.url) && !r.url.includes("..")).slice(0, 6);
  } catch {
    return [];
  }
}

function visited(hit: Recent): void {
  const kept = [{ title: hit.title, url: hit.url }, ...recents().filter((r) => r.url !== hit.url)];
  remember(recentKey, JSON.stringify(kept.slice(0, 6)));
}

// Answer is what a query found.
interface Answer {
  hits: Hit[];
  texts: Hit[];
  near: boolean; // hits are only spelt like the query
}

// ask searches names at once and texts after a while. It calls show each time that it
// knows more, until signal says that the reader has typed on.
async function ask(query: string, limit: number, signal: AbortSignal, show: (found: Answer, done: boolean) => void): Promise<void> {
  const partial = (hits: Hit[]): void => show({ hits, texts: [], near: false }, false);
  const hits = await search(query, { limit, signal, partial });
  signal.throwIfAborted();
  show({ hits, texts: [], near: false }, false);
  await new Promise((resolve) => setTimeout(resolve, textDelay));
  signal.throwIfAborted();
  const texts = await searchDocuments(query, { limit, signal });
  signal.throwIfAborted();
  if (hits.length + texts.length > 0) {
    show({ hits, texts, near: false }, true);
    return;
  }
  const near = await nearest(query, { signal });
  signal.throwIfAborted();
  show({ hits: near, texts: [], near: true }, true);
}

function said(found: Answer): string {
  const n = countOf(group(found.hits, found.texts));
  if (found.near) return n ? "Nothing found. Did you mean one of these?" : "Nothing found.";
  return n === 1 ? "1 result" : `${n} results`;
}

function trouble(reason: unknown): string {
  return `Search does not work just now: ${reason instanceof Error ? reason.message : String(reason)}`;
}

class Palette {
  private readonly input = el("input", {
    type: "text",
    role: "combobox",
    "aria-label": "Find anything",
    "aria-expanded": "true",
    "aria-controls": "sp-results",
    "aria-autocomplete": "list",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    placeholder: "Name, owner, channel, words",
  });
  private readonly results = el("div", { class: "results", id: "sp-results", role: "listbox", "aria-label": "Results" });
  private readonly say = el("p", { class: "say", role: "status" });
  private readonly dialog: HTMLDialogElement;
  private typing = new AbortController();
  private options: HTMLAnchorElement[] = [];
  private readonly of = new Map<HTMLElement, Hit | Recent>();
  private at = -1;
  private chosen = ""; // address of the option that the reader moved to, for this query

  constructor() {
    const close = el("button", { type: "button", class: "plain" }, "Close");
    const keys = el("p", { class: "keys" });
    const hints: [string, string][] = [["Enter", "open"], ["Ctrl Enter", "new tab"], ["Alt C", "copy channel"], ["Alt R", "runbook"], ["@team #channel :tag tier:1", "narrow"]];
    for (const [key, what] of hints) keys.append(el("span", {}, el("kbd", {}, key), ` ${what}`));
    this.dialog = el("dialog", { class: "palette", "aria-label": "Find anything" }, el("div", { class: "ask" }, this.input, close), this.say, this.results, keys);
    document.body.append(this.dialog);
    close.addEventListener("click", () => this.dialog.close());
    this.input.addEventListener("input", () => {
      this.chosen = ""; // it was an answer to another query
      void this.typed();
    });
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close(); // the backdrop
    });
    this.results.addEventListener("pointermove", (event) => {
      const option = (event.target as HTMLElement).closest<HTMLAnchorElement>("[role=option]");
      if (option) this.choose(this.options.indexOf(option));
    });
    this.results.addEventListener("click", (event) => {
      const option = (event.target as HTMLElement).closest<HTMLElement>("[role=option]");
      if (option) this.leave(option);
    });
  }

  open(): void {
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.input.select();
    this.chosen = "";
    prepare().catch((reason) => (this.say.textContent = trouble(reason)));
    void this.typed(); // at once; who is on call follows
    void build().then((site) => learnRotations(site.rotations)).then(() => this.typed());
  }

  // leave remembers what was opened. The palette closes, since the way may lead to a
  // place on this very page.
  private leave(option: HTMLElement): void {
    const hit = this.of.get(option);
    if (hit) visited(hit);
    this.dialog.close();
  }

  private async typed(): Promise<void> {
    this.typing.abort();
    this.typing = new AbortController();
    const { signal } = this.typing;
    const query = this.input.value.trim();
    if (!query) {
      this.showStart();
      return;
    }
    this.results.setAttribute("aria-busy", "true"); // what it shows answers the query before
    try {
      const parsed = await parseQuery(query);
      const now = Date.now();
      await ask(query, 12, signal, (found, done) => {
        if (done || found.hits.length) this.results.setAttribute("aria-busy", "false");
        this.say.textContent = done || found.hits.length ? said(found) : "";
        this.show(group(found.hits, found.texts).map((g) => ({ title: g.title, items: g.hits.map((hit) => ({ hit, href: to(hit.url), inside: face(hit, g.title, parsed, now) })) })));
      });
    } catch (reason) {
      if (signal.aborted) return;
      this.results.setAttribute("aria-busy", "false");
      this.say.textContent = trouble(reason);
    }
  }

  // showStart offers what was opened lately, and the lists.
  private showStart(): void {
    this.results.setAttribute("aria-busy", "false");
    this.say.textContent = "";
    const lately = recents().map((hit) => ({ hit, href: to(hit.url), inside: [el("span", { class: "what" }, el("bdi", {}, hit.title))] }));
    const lists = all<HTMLAnchorElement>(".menu a").map((link) => {
      const title = link.textContent?.trim() ?? "";
      return { hit: null, href: link.href, inside: [el("span", { class: "what" }, title)] };
    });
    this.show([
      { title: "Lately", items: lately },
      { title: "Lists", items: lists },
    ]);
  }

  private show(groups: { title: string; items: { hit: Hit | Recent | null; href: string; inside: Node[] }[] }[]): void {
    this.options = [];
    this.of.clear();
    const drawn = groups
      .filter((g) => g.items.length)
      .map((g, i) => {
        const title = el("div", { class: "kind", id: `sp-group-${i}` }, g.title);
        const options = g.items.map(({ hit, href, inside }) => {
          const option = el("a", { class: "hit", role: "option", id: `sp-option-${this.options.length}`, "aria-selected": "false", tabindex: "-1", href }, ...inside);
          this.options.push(option);
          if (hit) this.of.set(option, hit);
          return option;
        });
        return el("div", { role: "group", "aria-labelledby": title.id }, title, ...options);
      });
    this.results.replaceChildren(...drawn);
    this.at = -1;
    const same = this.options.findIndex((option) => option.href === this.chosen);
    this.select(this.input.value.trim() ? Math.max(0, same) : same);
  }

  // choose selects what the reader moved to. It stays selected while more answers to the
  // same query come in.
  private choose(at: number): void {
    this.select(at);
    this.chosen = this.options[at]?.href ?? "";
  }

  private select(at: number): void {
    this.options[this.at]?.setAttribute("aria-selected", "false");
    this.at = at;
    const option = this.options[at];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || event.target !== this.input) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.options.length) {
      event.preventDefault();
      const from = this.at < 0 && step < 0 ? 0 : this.at;
      this.choose((from + step + this.options.length) % this.options.length);
      this.options[this.at]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.enter(event.ctrlKey || event.metaKey);
    } else if (event.altKey && (event.code === "KeyC" || event.code === "KeyR")) {
      event.preventDefault();
      void this.shortcut(event.code);
    }
  }

  private enter(newTab: boolean): void {
    const option = this.options[this.at];
    if (!option) return;
    if (!newTab) {
      option.click();
      return;
    }
    this.leave(option);
    window.open(option.href, "_blank", "noopener");
  }

  // shortcut does without opening the page what most pages are opened for.
  private async shortcut(code: string): Promise<void> {
    const option = this.options[this.at];
    const hit = option && this.of.get(option);
    if (!hit || !("row" in hit) || hit.row < 0) return;
    const [found] = await details([hit.row]);
    if (code === "KeyR") {
      const url = found?.runbook ? new URL(found.runbook, base) : null;
      if (url && ["http:", "https:", new URL(base).protocol].includes(url.protocol)) location.href = url.href;
      else this.say.textContent = `${hit.title} has no runbook`;
      return;
    }
    if (!found?.channel) {
      this.say.textContent = `${hit.title} has no channel`;
      return;
    }
    await navigator.clipboard.writeText(found.channel).then(
      () => (this.say.textContent = `Copied ${found.channel}`),
      () => (this.say.textContent = `Copying is not allowed here: ${found.channel}`),
    );
  }
}

let palette: Palette | undefined;

// page runs the page of search. The query stands in the address after the #.
function page(place: HTMLElement): void {
  const input = one<HTMLInputElement>("[data-query]", place)!;
  const status = one("[data-search-status]", place)!;
  const results = one("[data-search-results]", place)!;
  let typing = new AbortController();
  const run = async (): Promise<void> => {
    typing.abort();
    typing = new AbortController();
    const { signal } = typing;
    const query = input.value.trim();
    results.replaceChildren();
    status.textContent = "";
    if (!query) return;
    try {
      const parsed = await parseQuery(query);
      await ask(query, 60, signal, (found, done) => {
        status.textContent = done || found.hits.length ? said(found) : "";
        const drawn = group(found.hits, found.texts).map((g) =>
          el("section", {}, el("h2", {}, g.title), ...g.hits.map((hit) => el("a", { class: "hit", href: to(hit.url) }, ...face(hit, g.title, parsed, Date.now())))),
        );
        results.replaceChildren(...drawn);
      });
    } catch (reason) {
      if (!signal.aborted) status.textContent = trouble(reason);
    }
  };
  const read = (): void => {
    input.value = new URLSearchParams(location.hash.slice(1)).get("q") ?? "";
    void run();
  };
  input.addEventListener("input", () => {
    // Replaced, not added: going back leads to where the reader came from.
    const query = new URLSearchParams({ q: input.value }).toString();
    location.replace(input.value ? `#${query}` : "#");
  });
  addEventListener("hashchange", read);
  void build().then((site) => learnRotations(site.rotations)).then(read);
  input.focus();
}

// The registry is how this script hands itself to main.ts, as data files do.
(window as unknown as { signpost: { data: (name: string, value: unknown) => void } }).signpost.data("palette", {
  open: () => (palette ??= new Palette()).open(),
  page,
});
