import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Scope } from "effect/Scope"
import * as Semaphore from "effect/Semaphore"

/** A part of the log that goes out in one request. */
export interface Batch {
  readonly step?: string
  readonly lines: ReadonlyArray<string>
}

type Entry = { readonly step: string } | { readonly line: string }

const maxLineLength = 2000
const maxBatchLines = 200
const maxBatchBytes = 30_000
const maxBufferedLines = 5000
// With one batch in each interval: at most 3 requests and 90 kB in any second.
const interval = "400 millis"

const sizeOf = (text: string) => Buffer.byteLength(JSON.stringify(text)) + 1

/** Takes what fits into one request: at most one step, and what follows it. */
export const nextBatch = (entries: Array<Entry>): Batch | null => {
  let step: string | undefined
  let bytes = 0
  const lines: Array<string> = []
  for (let entry = entries[0]; entry !== undefined; entry = entries[0]) {
    if ("step" in entry) {
      if (step !== undefined || lines.length > 0) break
      step = entry.step
    } else {
      bytes += sizeOf(entry.line)
      if (lines.length === maxBatchLines || (bytes > maxBatchBytes && lines.length > 0)) break
      lines.push(entry.line)
    }
    entries.shift()
  }
  if (step === undefined) return lines.length === 0 ? null : { lines }
  return { step, lines }
}

export interface Log {
  readonly step: (name: string) => void
  readonly line: (text: string) => void
  /** Hides the values from every later line and text. */
  readonly hide: (...secrets: ReadonlyArray<string | null | undefined>) => void
  readonly redact: (text: string) => string
  /** The last lines. */
  readonly tail: (count: number) => ReadonlyArray<string>
  /** Sends what is buffered. */
  readonly flush: Effect.Effect<void>
  /** Completes when the service says that the dispatch has ended. */
  readonly ended: Effect.Effect<void>
}

export type Send = (batch: Batch) => Effect.Effect<"sent" | "ended" | "lost">

const minSecretLength = 8

/** As a job log shows it: no line of an agent is a command for GitHub's runner. */
export const printable = (text: string) =>
  // oxlint-disable-next-line no-control-regex
  `| ${text.replaceAll("##[", "## [").replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, " ")}`

/** Prints every line at once, and sends them in batches while the program works. */
export const makeLog = Effect.fnUntraced(function* (
  print: (text: string) => void,
  send: Send | null
): Effect.fn.Return<Log, never, Scope> {
  const entries: Array<Entry> = []
  const last: Array<string> = []
  const secrets = new Set<string>()
  const ended = yield* Deferred.make<void>()
  const turn = yield* Semaphore.make(1)
  let buffered = 0
  let dropped = 0

  const redact = (text: string) => [...secrets].reduce((rest, secret) => rest.replaceAll(secret, "***"), text)

  const oneLine = (text: string) => {
    const safe = redact(text).replaceAll("\u0000", "").slice(0, maxLineLength).toWellFormed()
    print(printable(safe))
    last.push(safe)
    if (last.length > 500) last.splice(0, 250)
    if (send === null) return
    if (buffered >= maxBufferedLines) {
      dropped += 1
      return
    }
    buffered += 1
    entries.push({ line: safe })
  }

  const line = (text: string) => {
    for (const part of text.split("\n")) oneLine(part)
  }

  const sendOne = Effect.gen(function* () {
    if (send === null) return false
    const batch = nextBatch(entries)
    if (batch === null) return false
    buffered -= batch.lines.length
    if (dropped > 0 && entries.length === 0) {
      const count = dropped
      dropped = 0
      line(`[${count} lines were left out here]`)
    }
    if ((yield* send(batch)) === "ended") yield* Deferred.succeed(ended, undefined)
    yield* Effect.sleep(interval)
    return true
  }).pipe(turn.withPermits(1))

  if (send !== null) yield* sendOne.pipe(Effect.repeat(Schedule.spaced("50 millis")), Effect.forkScoped)

  return {
    step: (name) => {
      print(`== ${name}`)
      if (send !== null) entries.push({ step: name })
    },
    line,
    hide: (...values) => {
      for (const value of values) {
        if (value != null && value.length >= minSecretLength) secrets.add(value)
      }
    },
    redact,
    tail: (count) => last.slice(-count),
    flush: sendOne.pipe(
      Effect.repeat({ while: (sent) => sent }),
      Effect.timeoutOption("10 seconds"),
      Effect.asVoid
    ),
    ended: Deferred.await(ended)
  }
})
