import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { isTimely, timeIn, UpstreamText, UpstreamInt } from "../client/upstreamText.ts"
import type { Run } from "../../domain/Dispatch.ts"
import { MachineId } from "../../domain/Ids.ts"

export interface Machine {
  readonly id: string
  readonly name: string
  readonly region: string
  /** As Fly names it: an open set. */
  readonly state: string
  readonly metadata: Readonly<Record<string, string>>
  readonly cpus: number | null
  readonly memoryMb: number | null
  readonly createdAt: DateTime.Utc | null
  readonly updatedAt: DateTime.Utc | null
  /** The first start in its events. */
  readonly startedAt: DateTime.Utc | null
  /** The last end of its main process. */
  readonly exit: Exit | null
}

export interface Exit {
  readonly code: number | null
  readonly oomKilled: boolean
  readonly requested: boolean
  readonly at: DateTime.Utc
}

const optional = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

const MachineEvent = Schema.Struct({
  type: optional(UpstreamText),
  status: optional(UpstreamText),
  timestamp: optional(Schema.Finite),
  request: optional(Schema.Unknown)
})

const MachineConfig = Schema.Struct({
  metadata: optional(Schema.Record(Schema.String, UpstreamText)),
  guest: optional(
    Schema.Struct({ cpus: Schema.optionalKey(Schema.Unknown), memory_mb: Schema.optionalKey(Schema.Unknown) })
  )
})

/** The parts of Fly's answer that are read; its contract promises nearly none of them. */
export const MachineAnswer = Schema.Struct({
  id: UpstreamText,
  state: UpstreamText,
  name: optional(UpstreamText),
  region: optional(UpstreamText),
  created_at: optional(UpstreamText),
  updated_at: optional(UpstreamText),
  config: optional(MachineConfig),
  incomplete_config: optional(MachineConfig),
  events: optional(Schema.Array(MachineEvent))
})

const ExitRequest = Schema.Struct({
  exit_event: Schema.Struct({
    exit_code: optional(Schema.Int),
    guest_exit_code: optional(Schema.Int),
    oom_killed: optional(Schema.Boolean),
    requested_stop: optional(Schema.Boolean)
  })
})

const decodeExit = Schema.decodeUnknownOption(
  Schema.Union([ExitRequest, Schema.Struct({ MonitorEvent: ExitRequest })])
)

const exitIn = (request: unknown) => {
  const decoded = Option.getOrUndefined(decodeExit(request)) ?? { exit_event: {} }
  return ("MonitorEvent" in decoded ? decoded.MonitorEvent : decoded).exit_event
}

type Answered = typeof MachineAnswer.Type

const epoch = DateTime.makeUnsafe(0)

const timeOf = ({ timestamp }: typeof MachineEvent.Type) =>
  DateTime.make(timestamp ?? 0).pipe(
    Option.filter(isTimely),
    Option.getOrElse(() => epoch)
  )

const exitOf = (events: ReadonlyArray<typeof MachineEvent.Type>): Exit | null => {
  const event = events.findLast(({ type }) => type === "exit")
  if (event === undefined) return null
  const exit = exitIn(event.request)
  return {
    code: exit.exit_code ?? exit.guest_exit_code ?? null,
    oomKilled: exit.oom_killed === true,
    requested: exit.requested_stop === true,
    at: timeOf(event)
  }
}

const firstMachine = DateTime.makeUnsafe("2016-01-01T00:00:00Z")

// A host that cannot be reached has its machines listed as created in 1970.
const possible = (at: DateTime.Utc | null) =>
  at !== null && DateTime.isGreaterThan(at, firstMachine) ? at : null

const isCount = Schema.is(UpstreamInt)

const sizeIn = (size: unknown) => (isCount(size) ? size : null)

export const toMachine = ({
  config,
  created_at,
  events,
  id,
  incomplete_config,
  name,
  region,
  state,
  updated_at
}: Answered) => {
  const inOrder = (events ?? []).toSorted((a, b) => DateTime.Order(timeOf(a), timeOf(b)))
  const started = inOrder.find(({ status }) => status === "started")
  const guest = config?.guest ?? incomplete_config?.guest
  return {
    id,
    name: name ?? "",
    region: region ?? "",
    state,
    metadata: config?.metadata ?? incomplete_config?.metadata ?? {},
    cpus: sizeIn(guest?.cpus),
    memoryMb: sizeIn(guest?.memory_mb),
    createdAt: possible(timeIn(created_at)),
    updatedAt: timeIn(updated_at),
    startedAt: started === undefined ? null : timeOf(started),
    exit: exitOf(inOrder)
  } satisfies Machine
}

export const runOf = (app: string, { id, region }: Pick<Machine, "id" | "region">): Run => ({
  kind: "fly",
  app,
  machineId: MachineId.make(id),
  region,
  url: `https://fly.io/apps/${encodeURIComponent(app)}/machines/${encodeURIComponent(id)}`
})
