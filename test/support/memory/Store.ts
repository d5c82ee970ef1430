import type * as Effect from "effect/Effect"

/** A table in memory; its rows are never altered, only replaced. */
export class Table<Row extends object> {
  declare readonly Row: Row
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

export interface Change {
  readonly table: Table<object>
  readonly key: string
  readonly before: object | null
  readonly after: object | null
}

/** Thrown by a statement that needs a row which another transaction has changed or locked. */
class Blocked extends Error {
  readonly by: Transaction
  constructor(by: Transaction) {
    super("blocked")
    this.by = by
  }
}

/** Reads what is committed and what it wrote itself, as PostgreSQL does by default; what it changes is locked until it ends. */
export class Transaction {
  readonly owner: unknown
  readonly #store: Store
  readonly #own = new Map<Table<object>, Map<string, object | null>>()
  readonly #locks = new Set<string>()
  readonly #savepoints = new Map<string, number>()
  #undo: Array<() => void> = []
  #waiters: Array<() => void> = []
  #waitsFor: Transaction | null = null
  #ended = false

  constructor(store: Store, owner: unknown) {
    this.#store = store
    this.owner = owner
  }

  get<Row extends object>(table: Table<Row>, key: string): Row | null {
    const own = this.#own.get(table)?.get(key)
    return (own === undefined ? (this.#store.rows(table).get(key) ?? null) : own) as Row | null
  }

  all<Row extends object>(table: Table<Row>): ReadonlyArray<Row> {
    const committed = this.#store.rows(table)
    const own = this.#own.get(table)
    if (own === undefined || own.size === 0) return [...committed.values()] as unknown as ReadonlyArray<Row>
    const rows: Array<object> = []
    for (const [key, row] of committed) {
      const changed = own.get(key)
      if (changed === undefined) rows.push(row)
      else if (changed !== null) rows.push(changed)
    }
    for (const [key, row] of own) if (row !== null && !committed.has(key)) rows.push(row)
    return rows as unknown as ReadonlyArray<Row>
  }

  /** `for update`, or the entry of a unique index. */
  lock(table: Table<object>, key: string): void {
    const name = `${table.name}/${key}`
    if (this.#locks.has(name)) return
    const holder = this.#store.locks.get(name)
    if (holder !== undefined) throw new Blocked(holder)
    this.#store.locks.set(name, this)
    this.#locks.add(name)
  }

  put<Row extends object>(table: Table<Row>, key: string, row: Row | null): void {
    this.lock(table, key)
    let own = this.#own.get(table)
    if (own === undefined) this.#own.set(table, (own = new Map()))
    const before = own.get(key)
    const rows = own
    this.#undo.push(() => (before === undefined ? rows.delete(key) : rows.set(key, before)))
    own.set(key, row)
  }

  /** Replaces the row unless there is none or `change` returns null; returns the new one. */
  update<Row extends object>(table: Table<Row>, key: string, change: (row: Row) => Row | null): Row | null {
    const row = this.get(table, key)
    const next = row === null ? null : change(row)
    if (next !== null) this.put(table, key, next)
    return next
  }

  remove(table: Table<object>, key: string): boolean {
    if (this.get(table, key) === null) return false
    this.put(table, key, null)
    return true
  }

  savepoint(name: string): void {
    this.#savepoints.set(name, this.#undo.length)
  }

  rollbackTo(name: string): void {
    this.#rewind(this.#savepoints.get(name) ?? 0)
  }

  #rewind(length: number): void {
    while (this.#undo.length > length) this.#undo.pop()?.()
  }

  /** Runs a statement as a whole, or returns the transaction it must wait for. */
  attempt<A>(statement: (tx: Transaction) => A): { readonly value: A } | { readonly waitFor: Transaction } {
    if (this.#ended) throw new Error("the transaction has ended")
    const before = this.#undo.length
    try {
      return { value: statement(this) }
    } catch (error) {
      this.#rewind(before)
      if (error instanceof Blocked) return { waitFor: error.by }
      throw error
    }
  }

  /** Calls back once the other has ended; throws where both would wait for each other. */
  wait(other: Transaction, resume: () => void): void {
    for (let next: Transaction | null = other; next !== null; next = next.#waitsFor) {
      if (next === this) throw new Error("deadlock detected")
    }
    this.#waitsFor = other
    other.#waiters.push(() => {
      this.#waitsFor = null
      resume()
    })
  }

  commit(): void {
    if (this.#ended) return
    const changes: Array<Change> = []
    for (const [table, rows] of this.#own) {
      const committed = this.#store.rows(table)
      for (const [key, after] of rows) {
        changes.push({ table, key, before: committed.get(key) ?? null, after })
        if (after === null) committed.delete(key)
        else committed.set(key, after)
      }
    }
    this.#end()
    if (changes.length > 0) this.#store.onCommit(changes)
  }

  abort(): void {
    if (!this.#ended) this.#end()
  }

  #end(): void {
    this.#ended = true
    this.#store.open.delete(this)
    for (const name of this.#locks) this.#store.locks.delete(name)
    for (const resume of this.#waiters) resume()
  }
}

/** Tables in memory behind transactions that read committed rows and lock what they change. */
export class Store {
  readonly locks = new Map<string, Transaction>()
  readonly open = new Set<Transaction>()
  readonly #tables = new Map<Table<object>, Map<string, object>>()
  #sequence = 0
  onCommit: (changes: ReadonlyArray<Change>) => void = () => {}

  rows(table: Table<object>): Map<string, object> {
    let rows = this.#tables.get(table)
    if (rows === undefined) this.#tables.set(table, (rows = new Map()))
    return rows
  }

  /** The committed rows. */
  all<Row extends object>(table: Table<Row>): ReadonlyArray<Row> {
    return [...this.rows(table).values()] as unknown as ReadonlyArray<Row>
  }

  /** The next value of a sequence; it survives a rollback. */
  next(): number {
    return ++this.#sequence
  }

  begin(owner: unknown): Transaction {
    const transaction = new Transaction(this, owner)
    this.open.add(transaction)
    return transaction
  }

  /** What a killed process leaves: none of its transactions. */
  abortOf(owner: unknown): void {
    for (const transaction of this.open) if (transaction.owner === owner) transaction.abort()
  }
}

/** How a process reaches its database: what happens before a request arrives there, and before its answer is back. */
export interface Link {
  readonly request: Effect.Effect<void>
  readonly answer: Effect.Effect<void>
}
