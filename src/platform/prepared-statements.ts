// drizzle sends every statement by postgres.js's `unsafe` and asks it not to prepare. With parameters that is two ways to
// the server and back for each: one to hear the parameters' types, one with their values; and each is parsed anew. A
// prepared statement is one way from its second use on a connection.
import type { Sql, TransactionSql } from "postgres";

/** Statements with more are made of many rows: each number of rows is a text of its own, kept for ever by a connection. */
const MOST_PARAMETERS = 40;

type Client = Sql | TransactionSql;
type Unsafe = Client["unsafe"];

/** The same client, and those that it hands to transactions, preparing what is asked again and again. */
export function preparing<C extends Client>(client: C): C {
  const unsafe: Unsafe = (text, parameters = [], options = {}) =>
    client.unsafe(text, parameters, { ...options, prepare: parameters.length <= MOST_PARAMETERS });
  const nested = (name: "begin" | "savepoint") => (work: (inner: TransactionSql) => unknown) =>
    (client as TransactionSql & Sql)[name]((inner: TransactionSql) => work(preparing(inner)));
  const replaced: Record<PropertyKey, unknown> = {
    unsafe,
    begin: nested("begin"),
    savepoint: nested("savepoint"),
  };
  return new Proxy(client, {
    get: (target, key) => replaced[key] ?? Reflect.get(target, key),
  });
}
