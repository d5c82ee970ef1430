import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { makeCompilerSqlite } from "effect/sql/Statement"
import type { Link, Store, Transaction } from "./Store.ts"

/** Statements on tables in memory, in the transaction of the caller, if any. */
export class Memory extends Context.Service<
  Memory,
  {
    readonly run: <A>(statement: (tx: Transaction, now: DateTime.Utc) => A) => Effect.Effect<A>
    readonly store: Store
  }
>()("test/Memory") {}

const noSql = (statement: string) => Effect.die(new Error(`SQL reached the tables in memory: ${statement}`))

class MemoryConnection implements Connection {
  readonly transaction: Transaction
  readonly #link: Link
  constructor(transaction: Transaction, link: Link) {
    this.transaction = transaction
    this.#link = link
  }
  readonly execute = noSql
  readonly executeRaw = noSql
  readonly executeStream = (statement: string) => {
    throw new Error(statement)
  }
  readonly executeValues = noSql
  readonly executeValuesUnprepared = noSql
  readonly executeUnprepared = (statement: string) => {
    const [verb, name] = [statement.split(" ")[0], statement.split(" ").at(-1) ?? ""]
    const control = Effect.sync((): ReadonlyArray<unknown> => {
      if (verb === "COMMIT") this.transaction.commit()
      else if (verb === "SAVEPOINT") this.transaction.savepoint(name)
      else if (verb === "ROLLBACK" && statement.includes("SAVEPOINT")) this.transaction.rollbackTo(name)
      else if (verb === "ROLLBACK") this.transaction.abort()
      return []
    })
    return this.#link.request.pipe(Effect.andThen(control), Effect.tap(this.#link.answer))
  }
}

const noLink: Link = { request: Effect.void, answer: Effect.void }

/** The database client and the tables of one process on `store`. */
export const layer = (store: Store, owner: unknown = store, link: Link = noLink) =>
  Layer.effectContext(
    Effect.gen(function* () {
      const begin = Effect.acquireRelease(
        Effect.sync(() => new MemoryConnection(store.begin(owner), link)),
        ({ transaction }) => Effect.sync(() => transaction.abort())
      )
      const client = yield* SqlClient.make({
        acquirer: begin,
        compiler: makeCompilerSqlite(),
        driver: "memory",
        spanAttributes: []
      })
      const current = Effect.map(
        Effect.serviceOption(client.transactionService),
        Option.map(([connection]) => (connection as MemoryConnection).transaction)
      )
      const attempt = Effect.fnUntraced(function* <A>(tx: Transaction, statement: (tx: Transaction) => A) {
        for (;;) {
          yield* link.request
          const result = yield* Effect.sync(() => tx.attempt(statement))
          if ("value" in result) return result.value
          yield* Effect.callback<void>((resume) => tx.wait(result.waitFor, () => resume(Effect.void)))
        }
      })
      const run = Effect.fnUntraced(function* <A>(statement: (tx: Transaction, now: DateTime.Utc) => A) {
        const now = yield* DateTime.now
        const open = yield* current
        const tx = Option.getOrElse(open, () => store.begin(owner))
        const result = yield* attempt(tx, (tx) => statement(tx, now)).pipe(
          Effect.onExit(({ _tag }) =>
            Effect.sync(() => {
              if (Option.isSome(open)) return
              if (_tag === "Success") tx.commit()
              else tx.abort()
            })
          )
        )
        yield* link.answer
        return result
      })
      return Context.make(Memory, { run, store }).pipe(Context.add(SqlClient.SqlClient, client))
    })
  ).pipe(Layer.provide(Reactivity.layer))

/** A part of a repo that only other SQL uses. */
export const sqlOnly = (): never => {
  throw new Error("only SQL uses this")
}
