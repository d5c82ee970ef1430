import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as References from "effect/References"
import * as Scheduler from "effect/Scheduler"
import { createHash } from "node:crypto"
import { WebCrypto } from "effect/crypto/WebCrypto"
import { serviceOf } from "./service.ts"
import { Replica } from "./Replica.ts"
import { Durable } from "./Durable.ts"
import type { Ground } from "./Ground.ts"
import type { Upstreams } from "./Upstreams.ts"

interface Held {
  readonly replica: Replica
  readonly fiber: Fiber.Fiber<void>
}

const webCrypto = (ground: Ground) =>
  ({
    subtle: {
      digest: (_: string, data: Uint8Array) =>
        ground.time.promised(new Uint8Array(createHash("sha256").update(data).digest()).buffer)
    }
  }) as unknown as (typeof globalThis)["crypto"]

/** The replicas, and which of them runs which singleton. */
export class Hosts {
  readonly #ground: Ground
  readonly #upstreams: Upstreams
  readonly #durable: Durable
  readonly replicas: Array<Replica> = []
  readonly #held = new Map<string, Held>()
  readonly base: Context.Context<never>
  #started = 0

  constructor(ground: Ground, upstreams: Upstreams) {
    this.#ground = ground
    this.#upstreams = upstreams
    this.#durable = new Durable(ground, () => this.any())
    const { chance, time } = ground
    this.base = Context.empty().pipe(
      Context.add(Scheduler.Scheduler, time),
      Context.add(Clock.Clock, time),
      Context.add(References.MinimumLogLevel, "None"),
      Context.add(References.TracerEnabled, false),
      Context.add(Random.Random, {
        nextIntUnsafe: () => chance.int(2 ** 31),
        nextDoubleUnsafe: chance.next
      }),
      Context.add(WebCrypto, webCrypto(ground))
    ) as Context.Context<never>
  }

  /** Any that the others believe to work. */
  any(): Replica | null {
    const live = this.replicas.filter(({ live }) => live)
    return live.length === 0 ? null : this.#ground.chance.pick(live)
  }

  start(): void {
    for (let index = 0; index < this.#ground.plan.replicas; index++) this.#boot()
  }

  #boot(): void {
    const replica = new Replica(this.#ground, `replica ${++this.#started}`, {
      base: this.base,
      kill: (replica) => this.#kill(replica),
      freeze: (replica) => this.#freeze(replica)
    })
    this.replicas.push(replica)
    this.#ground.trace(`${replica.name} starts`)
    replica.fork(
      Effect.map(
        serviceOf(
          {
            ground: this.#ground,
            upstreams: this.#upstreams,
            durable: this.#durable,
            signal: (name) => this.#signal(name)
          },
          replica
        ),
        (services) => {
          if (replica.killed) return
          replica.services = services
          replica.ready = true
          this.#rebalance()
          this.#durable.takeOver()
        }
      )
    )
  }

  // Every singleton runs on some replica that the others believe to work.
  #rebalance(): void {
    for (const name of new Set(this.replicas.flatMap(({ singletons }) => [...singletons.keys()]))) {
      if (this.#held.get(name)?.replica.live === true) continue
      const replica = this.any()
      const run = replica?.singletons.get(name)
      if (replica === null || run === undefined) continue
      this.#held.set(name, { replica, fiber: replica.fork(run) })
    }
  }

  #kill(replica: Replica): void {
    const { chance, time } = this.#ground
    replica.kill()
    this.replicas.splice(this.replicas.indexOf(replica), 1)
    time.after(chance.between(1000, 30_000), () => {
      this.#rebalance()
      this.#durable.takeOver()
    })
    time.after(chance.between(1000, 90_000), () => this.#boot())
  }

  /** Until it thaws, its locks pass to others; then it notices that within a second. */
  #freeze(replica: Replica): void {
    const durable = this.#durable
    const { chance, time } = this.#ground
    const millis = chance.between(500, 90_000)
    replica.freeze()
    if (millis < 12_000) return void time.after(millis, () => replica.thaw())
    time.after(12_000, () => {
      if (replica.killed) return
      const runs = durable.runsOf(replica)
      const held = [...this.#held].filter(([, each]) => each.replica === replica)
      replica.ready = false
      this.#rebalance()
      durable.takeOver()
      time.after(millis - 12_000, () => {
        replica.thaw()
        time.after(chance.int(1000), () => {
          if (replica.killed) return
          durable.abandon(replica, runs)
          for (const [name, lost] of held) {
            replica.fork(Fiber.interrupt(lost.fiber))
            if (this.#held.get(name) === lost) this.#held.delete(name)
          }
          replica.ready = true
          this.#rebalance()
          durable.takeOver()
        })
      })
    })
  }

  #signal(name: string): void {
    const { chance, plan, time } = this.#ground
    for (const replica of this.replicas) {
      if (this.#ground.mishap(plan.database * 10)) continue
      time.after(chance.int(500), () => {
        for (const listen of replica.listeners) listen(name)
      })
    }
  }
}
