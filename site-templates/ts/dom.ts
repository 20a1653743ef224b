// Small means to build and find elements. Text goes in as text, never as markup.

export type Child = Node | string | null;

// el makes an element with attributes and children. An attribute of false is left
// out, one of true is empty.
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child): child is Node | string => child !== null));
  return made;
}

// icon draws one of icons/ from its text.
export function icon(text: string): Element {
  const shapes = [...text.matchAll(/<([a-z]+) ([^>]*)>/g)].map(([, tag, attributes]) => {
    const shape = document.createElementNS("http://www.w3.org/2000/svg", tag!);
    for (const [, name, value] of attributes!.matchAll(/([a-zA-Z-]+)="([^"]*)"/g)) if (name !== "xmlns") shape.setAttribute(name!, value!);
    return shape;
  });
  const [svg, ...within] = shapes;
  svg!.append(...within);
  svg!.setAttribute("class", "i");
  svg!.setAttribute("aria-hidden", "true");
  return svg!;
}

export function all<E extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): E[] {
  return [...within.querySelectorAll<E>(selector)];
}

export function one<E extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): E | null {
  return within.querySelector<E>(selector);
}

// recall and remember keep a choice on this computer. Storage may be forbidden or
// full; then the choice lasts as long as the page.
export function recall(key: string): string {
  try {
    return localStorage.getItem(`signpost.${key}`) ?? "";
  } catch {
    return "";
  }
}

export function remember(key: string, value: string): void {
  try {
    if (value) localStorage.setItem(`signpost.${key}`, value);
    else localStorage.removeItem(`signpost.${key}`);
  } catch {
    // Nothing is lost that the page needs.
  }
}

// safeHref refuses addresses that are no way to a page: data of the site may hold
// what somebody wrote.
export function safeHref(href: string): string {
  if (!href) return "";
  try {
    const url = new URL(href, document.baseURI);
    const ours = url.protocol === location.protocol;
    return ours || ["http:", "https:", "mailto:"].includes(url.protocol) ? href : "";
  } catch {
    return "";
  }
}
