import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Headers = Schema.Record(Schema.String, Schema.String)

/**
 * What a fault does: before the upstream handles the request, or (`…After`, `malformed`, `truncate`) to its answer.
 * `hold` keeps it waiting until it is let go, to meet what fault there is then; `holdAfter` keeps its answer.
 */
export const Action = Schema.TaggedUnion({
  status: {
    status: Schema.Int,
    headers: Schema.optionalKey(Headers),
    body: Schema.optionalKey(Schema.Unknown)
  },
  delay: { millis: Schema.Finite },
  hold: {},
  hang: {},
  reset: {},
  resetAfter: {},
  statusAfter: {
    status: Schema.Int,
    headers: Schema.optionalKey(Headers),
    body: Schema.optionalKey(Schema.Unknown)
  },
  hangAfter: {},
  holdAfter: {},
  malformed: {},
  truncate: {},
  endless: {},
  inflated: { mebibytes: Schema.Natural }
})
export type Action = typeof Action.Type

export interface Fault {
  readonly match?: string
  // Part of the body of the requests that meet it.
  readonly about?: string
  readonly skip?: number
  readonly times?: number
  readonly action: Action
}

// `status` is null while a call is open, and when its response was never sent.
export interface Call {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly operation: string | null
  readonly status: number | null
}

export type Met = () => Call | null

/** The control surface of a local upstream: faults, latency, calls and contract violations. */
export interface Control {
  failNext(fault: Fault): Met
  clearFaults(): void
  held(): ReadonlyArray<Omit<Call, "status">>
  letGo(): void
  setLatency(millis: number): void
  calls(): ReadonlyArray<Call>
  resetCalls(): void
  violations(): ReadonlyArray<string>
  resetViolations(): void
  violate(message: string): void
}

export interface Recorder {
  readonly control: Control
  readonly latency: () => number
  readonly begin: (call: Omit<Call, "status">) => {
    readonly call: Call
    readonly finish: (status: number) => void
  }
  readonly takeFault: (call: Call, body: string) => Effect.Effect<Action | undefined>
  readonly untilLetGo: (call: Omit<Call, "status">) => Effect.Effect<void>
}

export const makeRecorder = (): Recorder => {
  let faults: Array<Fault & { skip: number; left: number; met: Call | null }> = []
  let calls: Array<{ -readonly [K in keyof Call]: Call[K] }> = []
  let violations: Array<string> = []
  let latency = 0
  const held = new Map<Omit<Call, "status">, () => void>()

  const nextFault = (call: Call, body: string) => {
    const line = `${call.method} ${call.path}`
    const fault = faults.find((each) => {
      const { about = "", left, match } = each
      const meets =
        left > 0 &&
        (match === undefined || line.includes(match) || call.operation?.includes(match) === true) &&
        body.includes(about)
      return meets && each.skip-- <= 0
    })
    if (fault === undefined) return undefined
    fault.left -= 1
    fault.met = call
    faults = faults.filter(({ left }) => left > 0)
    return fault.action
  }

  const untilLetGo = (call: Omit<Call, "status">) =>
    Effect.callback<void>((resume) => {
      held.set(call, () => resume(Effect.void))
    }).pipe(Effect.ensuring(Effect.sync(() => held.delete(call))))

  const takeFault = Effect.fnUntraced(function* (call: Call, body: string) {
    const action = nextFault(call, body)
    if (action?._tag !== "hold") return action
    yield* untilLetGo(call)
    return nextFault(call, body)
  })

  return {
    control: {
      failNext: (fault) => {
        const planted = { ...fault, skip: fault.skip ?? 0, left: fault.times ?? 1, met: null as Call | null }
        faults.push(planted)
        return () => planted.met
      },
      clearFaults: () => void (faults = []),
      held: () => [...held.keys()],
      letGo: () => {
        faults = faults.filter(({ action }) => !action._tag.startsWith("hold"))
        for (const logAndContinue of held.values()) logAndContinue()
      },
      setLatency: (millis) => void (latency = millis),
      calls: () => calls,
      resetCalls: () => void (calls = []),
      violations: () => violations,
      resetViolations: () => void (violations = []),
      violate: (message) => void violations.push(message)
    },
    latency: () => latency,
    begin: (call) => {
      const entry = { ...call, status: null as number | null }
      calls.push(entry)
      return { call: entry, finish: (status) => void (entry.status = status) }
    },
    takeFault,
    untilLetGo
  }
}
