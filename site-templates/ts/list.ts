// Loaded on lists of entities, and on the home page for "your team". Narrows and sorts
// all entities of the list, not only those that the page shows. What is chosen stands
// in the page's address, after the #, so that it can be shared from any server and
// from a disk: #owner=payments&tier=1&tier=2&sort=-tier&page=2

import { copy } from "./chrome";
import { all, el, one, remember, recall } from "./dom";
import { type Columns, details, open, withKinds } from "./columns";
import { base } from "./load";
import { type Left, narrow, valuesOf } from "./narrow";
import { breathe, pause, sorted } from "./slices";
import { mark, type Sorting } from "./tables";

const pageRows = 50;

// State is what the reader chose.
interface State {
  chosen: Map<string, Set<string>>; // by facet
  sort: string; // a column's key; empty for the order of the list
  down: boolean;
  page: number; // from 1
}

function readState(facets: readonly string[]): State {
  const given = new URLSearchParams(location.hash.slice(1));
  const sort = given.get("sort") ?? "";
  const state: State = {
    chosen: new Map(),
    sort: sort.replace(/^-/, ""),
    down: sort.startsWith("-"),
    page: Math.max(1, Number(given.get("page")) || 1),
  };
  for (const facet of facets) {
    const values = given.getAll(facet);
    if (values.length) state.chosen.set(facet, new Set(values));
  }
  return state;
}

function writeState(state: State): string {
  const out = new URLSearchParams();
  for (const [facet, values] of state.chosen) for (const value of values) out.append(facet, value);
  if (state.sort) out.set("sort", (state.down ? "-" : "") + state.sort);
  if (state.page > 1) out.set("page", String(state.page));
  return out.toString();
}

// Titles finds the title and page of an entity that a column names.
class Titles {
  private readonly rows = new Map<string, Map<string, number>>();
  constructor(private readonly c: Columns) {}

  private row(kind: string, name: string): number | undefined {
    let names = this.rows.get(kind);
    if (!names) {
      names = new Map();
      const [from, to] = this.c.range(kind);
      for (let row = from; row < to; row++) {
        const namespace = this.c.value("namespace", row);
        names.set((namespace ? `${namespace}/` : "") + this.c.names[row]!.toLowerCase(), row);
      }
      this.rows.set(kind, names);
    }
    return names.get(name.toLowerCase());
  }

  link(kind: string, name: string): HTMLElement {
    const row = this.row(kind, name);
    if (row === undefined) return el("bdi", {}, name);
    return el("a", { href: base + this.c.url(row) }, el("bdi", {}, this.c.title(row)));
  }

  text(kind: string, name: string): string {
    const row = this.row(kind, name);
    return row === undefined ? name : this.c.title(row);
  }
}

// targets are the columns whose values are names of entities, with their kind.
const targets: Record<string, string> = { owner: "team", system: "system", domain: "domain" };

class List {
  private readonly table: HTMLTableElement;
  private readonly body: HTMLTableSectionElement;
  private readonly total: HTMLElement;
  private readonly chips: HTMLElement;
  private readonly form: HTMLFormElement | null;
  private readonly still: Node[]; // the rows that came with the page
  private readonly stillTotal: string;
  private readonly stillPages: HTMLElement | null;
  private readonly pages = el("nav", { class: "pages", "aria-label": "Pages of the list", hidden: true });
  private readonly keys: string[];
  private readonly kind: string;
  private readonly facets: string[];
  private readonly names = new Map<string, string>(); // titles of facets, and of facet and value
  private working = new AbortController(); // of what is being worked out for the present choice
  private shown: number[] = []; // rows in order, all pages of them
  private shownFor: string | null = null; // the choice and order whose rows these are
  private left: Left | undefined;
  private state: State;

  constructor(private readonly place: HTMLElement) {
    this.kind = place.dataset.listKind ?? "";
    this.table = one<HTMLTableElement>("table", place)!;
    this.body = this.table.tBodies[0]!;
    this.total = one(".total", place)!;
    this.chips = one(".chips", place)!;
    this.form = one<HTMLFormElement>(".facets");
    this.still = [...this.body.rows];
    this.stillTotal = this.total.textContent ?? "";
    this.stillPages = one(".pages", place);
    place.append(this.pages);
    this.keys = all("th[data-key]", this.table).map((heading) => heading.dataset.key ?? "");
    this.facets = this.form ? all("[data-facet]", this.form).map((set) => set.dataset.facet ?? "") : [];
    this.nameFacets();
    this.state = readState(this.facets);
    this.listen();
    if (location.hash.includes("=")) void this.update();
  }

  private nameFacets(): void {
    for (const facet of this.facets) {
      const set = this.set(facet);
      this.names.set(facet, one("legend", set!)?.textContent ?? facet);
      for (const label of all("label", set!)) {
        const box = one<HTMLInputElement>("input", label);
        this.names.set(`${facet}=${box?.value}`, one("span", label)?.textContent ?? "");
      }
    }
  }

  private set(facet: string): HTMLElement | null {
    return this.form && (all("[data-facet]", this.form).find((set) => set.dataset.facet === facet) ?? null);
  }

  private listen(): void {
    this.form?.addEventListener("submit", (event) => event.preventDefault());
    this.form?.addEventListener("change", () => this.go(this.fromForm()));
    this.table.addEventListener("sp-sort", (event) => {
      const { key, down } = (event as CustomEvent<Sorting>).detail;
      const few = !this.stillPages && this.state.chosen.size === 0;
      if (few || !this.sorts(key)) return; // the table sorts what is on the page
      event.preventDefault();
      this.go({ ...this.state, sort: key, down, page: 1 });
    });
    addEventListener("hashchange", () => {
      if (!["", "#sp-main"].includes(location.hash) && !location.hash.includes("=")) return; // an anchor
      this.state = readState(this.facets);
      void this.update();
    });
    for (const button of all("[data-sheet]")) {
      button.addEventListener("click", () => {
        const open = this.form?.classList.toggle("open") ?? false;
        (open ? one(".sheet-close", this.form!) : one(".sheet-open", this.place))?.focus();
      });
    }
    this.form?.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.form?.classList.contains("open")) one(".sheet-close", this.form)?.click();
    });
    const address = one("[data-copy-address]", this.place);
    address?.addEventListener("click", () => void copy(address, location.href));
    one("[data-csv]", this.place)?.addEventListener("click", () => void this.download());
  }

  // sorts reports whether the column file knows a column.
  private sorts(key: string): boolean {
    return ["name", "owner", "oncall", "channel", "system", "domain", "tier", "lifecycle", "type", "language"].includes(key);
  }

  private fromForm(): State {
    const chosen = new Map<string, Set<string>>();
    for (const box of all<HTMLInputElement>("input:checked", this.form!)) {
      const values = chosen.get(box.name) ?? new Set();
      chosen.set(box.name, values.add(box.value));
    }
    return { ...this.state, chosen, page: 1 };
  }

  // go changes the address, which changes the list.
  private go(state: State): void {
    const hash = writeState(state);
    if (location.hash.slice(1) === hash) return;
    // An empty hash would scroll to the top; "#sp-main" does not, and means no choice.
    location.hash = hash || "sp-main";
    if (!hash) {
      this.state = state;
      void this.update();
    }
  }

  private async update(): Promise<void> {
    this.working.abort();
    this.working = new AbortController();
    const { signal } = this.working;
    this.fillForm();
    this.drawChips();
    if (!writeState(this.state)) {
      this.restore();
      return;
    }
    this.table.setAttribute("aria-busy", "true");
    try {
      const c = await open();
      await this.work(c, signal);
      await pause(signal); // drawing is a task of its own
      this.table.setAttribute("aria-busy", "false");
      await this.draw(c);
    } catch (reason) {
      if (signal.aborted) return; // the reader has chosen something else
      this.table.setAttribute("aria-busy", "false");
      this.total.textContent = `The list could not be narrowed: ${reason instanceof Error ? reason.message : String(reason)}`;
    }
  }

  // work finds the rows of the present choice and counts the further ones, unless only
  // another page of them is wanted.
  private async work(c: Columns, signal: AbortSignal): Promise<void> {
    const wanted = writeState({ ...this.state, page: 1 });
    if (wanted === this.shownFor) return;
    const progress = (done: number, of: number): void => {
      this.total.textContent = `Reading the list: part ${Math.min(done + 1, of)} of ${of}`;
    };
    const left = await narrow(c, this.kind, this.facets, this.state.chosen, signal, progress);
    const rows = await this.sorted(c, left.rows, signal);
    signal.throwIfAborted();
    this.left = left;
    this.shown = rows;
    this.shownFor = wanted;
    this.count(left);
  }

  private restore(): void {
    this.table.setAttribute("aria-busy", "false");
    this.shownFor = null; // the counts are those of the page again
    this.body.replaceChildren(...this.still);
    this.total.textContent = this.stillTotal;
    if (this.stillPages) this.stillPages.hidden = false;
    this.pages.hidden = true;
    mark(this.table, -1, false);
    for (const label of this.form ? all("label", this.form) : []) {
      const n = one(".n", label)!;
      n.textContent = n.dataset.all ?? n.textContent;
      one<HTMLInputElement>("input", label)!.disabled = false;
    }
  }

  private fillForm(): void {
    for (const box of this.form ? all<HTMLInputElement>("input", this.form) : []) {
      box.checked = this.state.chosen.get(box.name)?.has(box.value) ?? false;
    }
  }

  private async sorted(c: Columns, rows: readonly number[], signal?: AbortSignal): Promise<number[]> {
    const key = this.state.sort || "name";
    await withKinds(c, [...this.keys, key].flatMap((k) => targets[k] ?? []));
    const titles = new Titles(c);
    const text = (row: number): string => {
      if (key === "name") return c.title(row);
      const value = c.value(key, row);
      return value && targets[key] ? titles.text(targets[key], value) : value;
    };
    const order = new Intl.Collator("en", { numeric: true });
    const sign = this.state.down ? -1 : 1;
    const listed: { row: number; text: string; title: string }[] = [];
    for (const row of rows) if (listed.push({ row, text: text(row), title: c.title(row) }) % 256 === 0) await breathe(signal);
    const ordered = await sorted(listed, (a, b) => Number(!a.text) - Number(!b.text) || sign * order.compare(a.text, b.text) || (key === "name" ? 0 : order.compare(a.title, b.title)));
    return ordered.map(({ row }) => row);
  }

  // count writes next to each choice how many rows it would leave.
  private count(left: Left): void {
    for (const facet of this.facets) {
      const counts = left.counts.get(facet);
      for (const label of all("label", this.set(facet)!)) {
        const box = one<HTMLInputElement>("input", label)!;
        const n = one(".n", label)!;
        n.dataset.all ??= n.textContent ?? "";
        n.textContent = counts ? String(counts.get(box.value) ?? 0) : n.dataset.all;
        box.disabled = n.textContent === "0" && !box.checked;
      }
    }
  }

  private async draw(c: Columns): Promise<void> {
    const last = Math.max(1, Math.ceil(this.shown.length / pageRows));
    const page = Math.min(this.state.page, last);
    const rows = this.shown.slice((page - 1) * pageRows, page * pageRows);
    const titles = new Titles(c);
    this.body.replaceChildren(...rows.map((row) => this.row(c, titles, row)));
    this.total.textContent = rows.length === this.shown.length ? counted(rows.length) : `${(page - 1) * pageRows + 1} to ${(page - 1) * pageRows + rows.length} of ${this.shown.length}`;
    if (!rows.length) this.body.append(this.nothing());
    if (this.stillPages) this.stillPages.hidden = true;
    this.drawPages(page, last);
    mark(this.table, this.state.sort ? this.keys.indexOf(this.state.sort) : -1, this.state.down);
    const drawn = [...this.body.rows];
    const found = await details(rows);
    found.forEach((detail, i) => {
      if (detail.description) drawn[i]?.cells[0]?.append(el("span", { class: "sub" }, detail.description));
    });
  }

  private row(c: Columns, titles: Titles, row: number): HTMLTableRowElement {
    const cells = this.keys.map((key, i) => {
      const label = this.table.tHead?.rows[0]?.cells[i]?.textContent ?? "";
      return key === "name"
        ? el("td", { class: "name" }, el("a", { href: base + c.url(row) }, el("bdi", {}, c.title(row))))
        : el("td", { "data-th": label }, this.cell(c, titles, key, row));
    });
    return el("tr", {}, ...cells);
  }

  private cell(c: Columns, titles: Titles, key: string, row: number): Node | string {
    const value = valuesOf(c, key, row).join(", ");
    if (key === "owner" && c.values("gap", row).includes("owner-wrong")) return el("span", { class: "bad" }, "does not exist");
    if (!value) return key === "owner" ? el("span", { class: "none" }, "none") : "";
    if (targets[key]) return titles.link(targets[key], value);
    return el("span", {}, this.shape(key, value), el("bdi", {}, value));
  }

  // shape is that of a value in its facet: a triangle for "deprecated".
  private shape(key: string, value: string): Node | null {
    const box = all<HTMLInputElement>("input", this.set(key) ?? undefined).find((input) => input.value === value);
    const drawn = box?.nextElementSibling?.querySelector(".st")?.cloneNode(true);
    if (!drawn) return null;
    const shape = document.createDocumentFragment();
    shape.append(drawn, " ");
    return shape;
  }

  // nothing says which choice to take back.
  private nothing(): HTMLElement {
    const ways = [...this.state.chosen.keys()].map((facet) => ({ facet, n: this.left?.without.get(facet) ?? 0 })).filter(({ n }) => n > 0);
    const buttons = ways.map(({ facet, n }) => {
      const button = el("button", { type: "button", class: "button" }, `Without “${this.names.get(facet)}”: ${counted(n)}`);
      button.addEventListener("click", () => this.go(this.without(facet)));
      return button;
    });
    return el("tr", {}, el("td", { colspan: String(this.keys.length) }, el("p", {}, "Nothing has all of these. ", ...buttons.flatMap((button) => [button, " "]))));
  }

  private without(facet: string, value?: string): State {
    const chosen = new Map([...this.state.chosen].map(([key, values]) => [key, new Set(values)]));
    if (value === undefined) chosen.delete(facet);
    else chosen.get(facet)?.delete(value);
    if (!chosen.get(facet)?.size) chosen.delete(facet);
    return { ...this.state, chosen, page: 1 };
  }

  private drawChips(): void {
    const chips = [...this.state.chosen].flatMap(([facet, values]) =>
      [...values].map((value) => {
        const what = `${this.names.get(facet)}: ${this.names.get(`${facet}=${value}`) || value}`;
        const chip = el("button", { type: "button", class: "chip", "aria-label": `Take back ${what}` }, what);
        chip.addEventListener("click", () => this.go(this.without(facet, value)));
        return chip;
      }),
    );
    this.chips.replaceChildren(...chips);
  }

  private drawPages(page: number, last: number): void {
    this.pages.hidden = last === 1;
    const wanted = [...Array(last).keys()].map((i) => i + 1).filter((i) => i === 1 || i === last || Math.abs(i - page) <= 2);
    this.pages.replaceChildren(
      ...wanted.map((i) => (i === page ? el("span", { "aria-current": "page" }, String(i)) : el("a", { href: `#${writeState({ ...this.state, page: i })}` }, String(i)))),
    );
  }

  // download writes the rows that the choice leaves, all pages of them.
  private async download(): Promise<void> {
    const c = await open();
    const rows = await this.sorted(c, (await narrow(c, this.kind, [], this.state.chosen)).rows);
    const keys = this.keys.filter((key) => key !== "name" && this.sorts(key));
    const lines = [["name", "title", "description", ...keys]];
    for (let i = 0; i < rows.length; i += 250) {
      const some = rows.slice(i, i + 250);
      const found = await details(some);
      some.forEach((row, n) => lines.push([c.names[row]!, c.title(row), found[n]!.description, ...keys.map((key) => c.value(key, row))]));
      await breathe();
    }
    const text = lines.map((line) => line.map(quoted).join(",") + "\r\n").join("");
    const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    el("a", { href: url, download: `${this.kind}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }
}

function counted(n: number): string {
  return n === 1 ? "1 entry" : `${n || "No"} entries`;
}

// quoted writes a field of CSV. One that a spreadsheet would take for a formula gets
// an apostrophe first.
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

// mine shows what the chosen team owns, on the home page.
function mine(place: HTMLElement): void {
  const team = one<HTMLSelectElement>("[data-team]", place)!;
  const shown = one("[data-mine-shown]", place)!;
  const known = recall("team");
  if (!team.value && [...team.options].some((option) => option.value === known)) team.value = known;
  const show = async (): Promise<void> => {
    remember("team", team.value);
    shown.hidden = !team.value;
    if (!team.value) return;
    const wanted = team.value;
    const c = await open();
    const owned = new Map([["owner", new Set([wanted])]]);
    const left = await Promise.all(c.entry.kinds.map(({ name }) => narrow(c, name, [], owned)));
    const rows = left.flatMap((found) => found.rows);
    if (team.value !== wanted) return; // another was chosen meanwhile
    rows.sort((a, b) => (c.value("tier", a) || "9").localeCompare(c.value("tier", b) || "9") || c.title(a).localeCompare(c.title(b)));
    const items = rows.slice(0, 12).map((row) => {
      const kind = c.kindTitles.get(c.value("kind", row)) ?? "";
      const tier = c.value("tier", row);
      return el(
        "li",
        {},
        el("span", { class: "name" }, el("a", { href: base + c.url(row) }, el("bdi", {}, c.title(row)))),
        el("span", { class: "side-note" }, tier ? `${kind} · tier ${tier}` : kind),
      );
    });
    const option = team.selectedOptions[0];
    const page = el("a", { href: option?.dataset.page ?? "" }, "The page of ", el("bdi", {}, option?.textContent ?? ""));
    const more = rows.length > items.length ? `, with ${rows.length - items.length} more` : "";
    shown.replaceChildren(el("ul", { class: "list" }, ...items), el("p", { class: "small" }, page, more));
  };
  team.addEventListener("change", () => void show());
  void show();
}

// The registry is how this script hands itself to main.ts, as data files do.
(window as unknown as { signpost: { data: (name: string, value: unknown) => void } }).signpost.data("lists", {
  list: (place: HTMLElement) => new List(place),
  mine,
});
