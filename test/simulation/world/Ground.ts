import * as DateTime from "effect/DateTime"
import { Store } from "../../support/memory/Store.ts"
import { Chance } from "./Chance.ts"
import type { Plan } from "./plan.ts"
import { Time } from "./Time.ts"

const start = Date.UTC(2026, 0, 5, 9)

/** What all parts of a world stand on: one chance that decides, one time, one database. */
export class Ground {
  readonly chance: Chance
  readonly time: Time
  readonly store = new Store()
  readonly plan: Plan
  readonly violations: Array<string> = []
  readonly log: Array<string> | null
  #uuids = 0
  /** Nothing goes wrong any more. */
  calm = false

  constructor(seed: number, plan: (chance: Chance) => Plan, traced: boolean) {
    this.chance = new Chance(seed)
    this.time = new Time(this.chance, start)
    this.plan = plan(this.chance)
    this.log = traced ? [] : null
  }

  get now(): DateTime.Utc {
    return DateTime.makeUnsafe(this.time.now)
  }

  trace(what: string): void {
    this.log?.push(`${DateTime.formatIso(DateTime.makeUnsafe(this.time.now - start)).slice(11, 23)} ${what}`)
  }

  violate(what: string): void {
    this.trace(`VIOLATION: ${what}`)
    this.violations.push(what)
  }

  /** Sorts after every earlier one. */
  uuid(): string {
    const millis = this.time.now.toString(16).padStart(12, "0")
    const count = (++this.#uuids).toString(16).padStart(12, "0")
    return `${millis.slice(0, 8)}-${millis.slice(8)}-7${count.slice(0, 3)}-8${count.slice(3, 6)}-${count.slice(6).padEnd(12, "0")}`
  }

  /** A mishap of that probability, until the calm. */
  mishap(probability: number): boolean {
    return !this.calm && probability > 0 && this.chance.is(probability)
  }
}
