import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as WorkflowEngine from "effect/workflow/WorkflowEngine"
import type { Link } from "../../support/memory/Store.ts"
import type { Ground } from "./Ground.ts"

interface Mishaps {
  readonly base: Context.Context<never>
  readonly kill: (replica: Replica) => void
  readonly freeze: (replica: Replica) => void
}

/** One process of the service: what it may still do is decided at each of its requests. */
export class Replica {
  readonly name: string
  readonly #ground: Ground
  readonly #mishaps: Mishaps
  readonly workflows = new Map<
    string,
    (
      payload: object,
      executionId: string
    ) => Effect.Effect<unknown, unknown, WorkflowEngine.WorkflowInstance | WorkflowEngine.WorkflowEngine>
  >()
  readonly singletons = new Map<string, Effect.Effect<void>>()
  readonly listeners = new Set<(signal: string) => void>()
  services: Context.Context<never> = Context.empty()
  ready = false
  killed = false
  #frozen: Array<() => void> | null = null

  constructor(ground: Ground, name: string, mishaps: Mishaps) {
    this.#ground = ground
    this.#mishaps = mishaps
    this.name = name
  }

  /** The others believe that it works. */
  get live(): boolean {
    return !this.killed && this.ready
  }

  get frozen(): boolean {
    return this.#frozen !== null
  }

  fork<A, E, R>(effect: Effect.Effect<A, E, R>): Fiber.Fiber<A, E> {
    const services = this.services as unknown as Context.Context<R>
    return Effect.runForkWith(this.#mishaps.base)(Effect.provideContext(effect, services))
  }

  kill(): void {
    this.#ground.trace(`${this.name} is killed`)
    this.killed = true
    this.ready = false
    this.#ground.store.abortOf(this)
  }

  freeze(): void {
    this.#ground.trace(`${this.name} freezes`)
    this.#frozen = []
  }

  thaw(): void {
    if (this.#frozen === null) return
    this.#ground.trace(`${this.name} thaws`)
    const waiting = this.#frozen
    this.#frozen = null
    for (const resume of waiting) resume()
  }

  readonly #thawed = Effect.callback<void>((resume) => {
    if (this.#frozen === null) resume(Effect.void)
    else this.#frozen.push(() => resume(Effect.void))
  })

  readonly #held: Effect.Effect<void> = Effect.suspend(() =>
    this.killed
      ? Effect.never
      : this.#frozen === null
        ? Effect.void
        : Effect.andThen(this.#thawed, this.#held)
  )

  readonly #interleaved = Effect.andThen(Effect.yieldNow, this.#held)

  /** Between any two requests a process may be killed or frozen, and others may run. */
  readonly step: Effect.Effect<void> = Effect.suspend(() => {
    const { chance, plan } = this.#ground
    if (this.killed) return Effect.never
    if (this.#frozen === null && this.ready) {
      if (this.#ground.mishap(plan.kill)) this.#mishaps.kill(this)
      else if (this.#ground.mishap(plan.freeze)) this.#mishaps.freeze(this)
    }
    return chance.is(0.5) ? this.#interleaved : this.#held
  })

  readonly #slow: Effect.Effect<void> = Effect.suspend(() =>
    !this.#ground.mishap(this.#ground.plan.database)
      ? Effect.void
      : this.#ground.chance.is(0.3)
        ? Effect.die(new Error("the connection to the database was lost"))
        : Effect.sleep(this.#ground.chance.int(3000))
  )

  readonly link: Link = {
    request: Effect.andThen(this.#slow, this.step),
    answer: Effect.andThen(this.step, this.#slow)
  }
}
