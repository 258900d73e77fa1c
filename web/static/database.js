/** The browser's own database. Several tabs share it: each change reads what another tab wrote last and is one transaction. */

const STORES = ["chats", "answers", "saved"];

/** @type {Promise<IDBDatabase>} */
let opening = null;
let database = "nonmun";

/** Use the database of this name from now on.
 * @param {string} name
 */
export const useDatabase = (name) => {
  database = name;
  opening = null;
};

/** @returns {Promise<IDBDatabase>} */
const open = () => {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => STORES.forEach((name) => request.result.createObjectStore(name));
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opening;
};

/** Run a transaction; resolves once what it wrote is safe.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(stores: Record<string, IDBObjectStore>) => (() => T) | void} work returns what reads the result at the end
 * @returns {Promise<T>}
 */
const transact = async (mode, work) => {
  const opened = await open();
  return new Promise((resolve, reject) => {
    const transaction = opened.transaction(STORES, mode);
    const stores = Object.fromEntries(STORES.map((name) => [name, transaction.objectStore(name)]));
    transaction.onabort = () => reject(transaction.error);
    const result = work(stores);
    transaction.oncomplete = () => resolve(result ? result() : undefined);
  });
};

/** Read every value of a store.
 * @param {string} store
 * @returns {Promise<any[]>}
 */
export const readAll = (store) =>
  transact("readonly", (stores) => {
    const request = stores[store].getAll();
    return () => request.result;
  });

/** Read the values whose keys begin with some letters, by the rest of their keys.
 * @param {string} store
 * @param {string} start
 * @returns {Promise<Map<string, any>>}
 */
export const readUnder = (store, start) =>
  transact("readonly", (stores) => {
    const range = IDBKeyRange.bound(start, `${start}\uffff`);
    const [keys, values] = [stores[store].getAllKeys(range), stores[store].getAll(range)];
    return () => new Map(keys.result.map((key, at) => [String(key).slice(start.length), values.result[at]]));
  });

/** Change a value, starting from what is stored now; undefined leaves nothing. Other values are written along.
 * @param {string} store
 * @param {string} key
 * @param {(stored: any) => any} change
 * @param {{ store: string, key: string, value: any }[]} [also]
 * @returns {Promise<any>} the value that is stored now
 */
export const update = (store, key, change, also = []) =>
  transact("readwrite", (stores) => {
    let value;
    const request = stores[store].get(key);
    request.onsuccess = () => {
      value = change(request.result);
      if (value === undefined) stores[store].delete(key);
      else stores[store].put(value, key);
      for (const one of also) stores[one.store].put(one.value, one.key);
    };
    return () => value;
  });

/** Remove the values whose keys begin with some letters.
 * @param {string[]} names of stores
 * @param {string} start
 * @returns {Promise<void>}
 */
export const removeUnder = (names, start) =>
  transact("readwrite", (stores) => {
    for (const name of names) stores[name].delete(IDBKeyRange.bound(start, `${start}\uffff`));
  });
