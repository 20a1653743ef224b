// Keeps what was promised under a name, so that it is loaded or worked out once for all
// bundles of a page: the lists and the palette read the same columns. What failed is
// forgotten: the next who asks tries again.

import { shared } from "./load";

const promises = (shared.kept ??= new Map<string, Promise<unknown>>());

export function kept<T>(name: string, make: () => Promise<T>): Promise<T> {
  let promise = promises.get(name);
  if (!promise) {
    promise = make();
    promise.catch(() => promises.delete(name));
    promises.set(name, promise);
  }
  return promise as Promise<T>;
}
