// Loads browser data: classic scripts that call signpost.data(name, value), since
// neither fetch nor modules work on file: URLs.
//
// Several bundles of a page may hold this file. They share one registry and one
// Trusted Types policy, kept in the global `signpost`, which is found only as the
// window's own property: an element with the id "signpost" is not taken for it.

interface Waiting {
  came: boolean;
  promise: Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: Error) => void;
}

interface Registry {
  data: (name: string, value: unknown) => void;
  known: Map<string, Waiting>;
  scriptURL: (path: string) => string;
  kept?: Map<string, Promise<unknown>>; // see kept.ts
}

// The URL of the script that holds this code. It is known only while that runs first.
const own = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "";

// The site's root, with a slash at the end. Scripts lie one folder below it; a page for
// tests, which has them elsewhere, says in <html data-base> where the root is.
export const base: string = (() => {
  const said = document.documentElement.dataset.base;
  return said === undefined ? new URL("..", own || document.baseURI).href : new URL(said || ".", document.baseURI).href;
})();

// siteScript returns the URL of a script of the site and refuses everything else:
// only plain relative paths of .js files pass, without a scheme, host or "..". A number may
// follow, so that no cache answers.
function siteScript(path: string): string {
  const plain = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.js(?:\?\d+)?$/;
  if (!plain.test(path)) throw new TypeError(`not a script of this site: ${path}`);
  return base + path;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (path: string) => string }): { createScriptURL: (path: string) => string };
}

function waiting(): Waiting {
  let resolve!: (value: unknown) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<unknown>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { came: false, promise, resolve, reject };
}

function newRegistry(): Registry {
  const known = new Map<string, Waiting>();
  const types = (window as unknown as { trustedTypes?: PolicyFactory }).trustedTypes;
  const rules = { createScriptURL: siteScript };
  const policy = types ? types.createPolicy("signpost", rules) : rules;
  return {
    known,
    scriptURL: (path) => policy.createScriptURL(path),
    data(name, value) {
      let entry = known.get(name);
      if (!entry) known.set(name, (entry = waiting()));
      entry.came = true;
      entry.resolve(value);
    },
  };
}

export const shared: Registry = (() => {
  const global = window as unknown as { signpost: Registry };
  if (!Object.prototype.hasOwnProperty.call(window, "signpost")) global.signpost = newRegistry();
  return global.signpost;
})();

// to returns the way to what search has found: a page of the site, or a document that is
// in another wiki.
export const to = (url: string): string => (/^https?:\/\//i.test(url) ? url : base + url);

// load returns the data that the script at a path, relative to the site's root, hands
// over under a name. A script is loaded once; one that failed is tried again.
export function load<T>(name: string, path: string): Promise<T> {
  const before = shared.known.get(name);
  if (before) return before.promise as Promise<T>;
  const entry = waiting();
  shared.known.set(name, entry);
  const script = document.createElement("script");
  const fail = (why: string): void => {
    script.remove();
    shared.known.delete(name);
    entry.reject(new Error(`${path} ${why}`));
  };
  script.onerror = () => fail("could not be loaded");
  script.onload = () => {
    script.remove();
    if (!entry.came) fail(`does not hold ${name}`);
  };
  try {
    script.src = shared.scriptURL(path);
    document.head.append(script);
  } catch (reason) {
    fail(String(reason));
  }
  return entry.promise as Promise<T>;
}

// reload does the same for data that may have changed since it was loaded.
export function reload<T>(name: string, path: string): Promise<T> {
  shared.known.delete(name);
  return load<T>(name, `${path}?${Date.now()}`);
}

// ListPage is one of the site's lists.
export interface ListPage {
  title: string;
  path: string;
  key?: string;
  more?: boolean; // stands in the menu only
}

// Build is what build.js says of the whole site.
export interface Build {
  commit?: string;
  day?: string;
  lists: ListPage[];
  read?: Record<string, [last: number, limit: number]>; // when each live system was read, and after how many seconds that is too old
  live?: string; // changes when live systems have said something newer
  rotations: string; // path of who is on call, from the site's root; empty if there are no rotations
}

// build returns it. It is a file of its own, so that no page changes with every commit.
export function build(): Promise<Build> {
  return load<Build>("build", "build.js");
}
