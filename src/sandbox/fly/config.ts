import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { invalid, unmodelled } from "./errors.ts"

const texts = Schema.Record(Schema.String, Schema.String)
const MachineSecret = Schema.Struct({ env_var: Schema.String, name: Schema.optionalKey(Schema.String) })

export const Config = Schema.Struct({
  image: Schema.String,
  guest: Schema.optionalKey(
    Schema.Struct({
      cpu_kind: Schema.optionalKey(Schema.String),
      cpus: Schema.optionalKey(Schema.Finite),
      memory_mb: Schema.optionalKey(Schema.Finite)
    })
  ),
  auto_destroy: Schema.optionalKey(Schema.Boolean),
  restart: Schema.optionalKey(
    Schema.Struct({
      policy: Schema.optionalKey(Schema.String),
      max_retries: Schema.optionalKey(Schema.Finite)
    })
  ),
  env: Schema.optionalKey(texts),
  metadata: Schema.optionalKey(texts),
  processes: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        env: Schema.optionalKey(texts),
        ignore_app_secrets: Schema.optionalKey(Schema.Boolean),
        secrets: Schema.optionalKey(Schema.Array(MachineSecret))
      })
    )
  )
})
export type Config = typeof Config.Type

const decode = Schema.decodeUnknownEffect(Config)

const ignored = ["containers", "mounts", "schedule", "standbys", "checks", "files"]

const perCpu: Readonly<Record<string, readonly [least: number, most: number]>> = {
  shared: [256, 2048],
  performance: [2048, 8192]
}

const checkGuest = Effect.fnUntraced(function* ({ guest = {} }: Config) {
  const { cpu_kind = "shared", cpus = 1, memory_mb = 256 } = guest
  const limits = perCpu[cpu_kind]
  if (limits === undefined) return yield* invalid(`invalid config.guest.cpu_kind: ${cpu_kind}`)
  if (![1, 2, 4, 8, 16].includes(cpus) || (cpu_kind === "shared" && cpus === 16)) {
    return yield* invalid(`invalid config.guest.cpus: ${cpus}`)
  }
  const [least, most] = limits.map((each) => each * cpus)
  if (memory_mb % 256 !== 0) {
    return yield* invalid(`invalid config.guest.memory_mb: ${memory_mb}, must be in a 256 MiB increment`)
  }
  if (memory_mb < (least ?? 0) || memory_mb > (most ?? 0)) {
    return yield* invalid(
      `invalid config.guest.memory_mb: ${memory_mb}, must be between ${least} and ${most} MiB`
    )
  }
})

export const readConfig = Effect.fnUntraced(function* (given: Readonly<Record<string, unknown>>) {
  const beyond = ignored.find((key) => key in given)
  if (beyond !== undefined) return yield* unmodelled(`config.${beyond}`)
  const config = yield* Effect.mapError(decode(given), ({ message }) => invalid(`invalid config: ${message}`))
  if (config.image === "") return yield* invalid("invalid config.image: must not be empty")
  yield* checkGuest(config)
  return config
})
