import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { JsonTimestamp } from "../../src/domain/Text.ts"

const Stored = Schema.fromJsonString(
  Schema.Struct({ token: Schema.String, expiresAt: JsonTimestamp, name: Schema.NullOr(Schema.String) })
)
export type Session = typeof Stored.Type

const EndedBecause = Schema.Literals(["expired", "refused", "left", "disabled"])
export type EndedBecause = typeof EndedBecause.Type
const isEndedBecause = Schema.is(EndedBecause)

const sessionKey = "ai-implement.session"
const nameKey = "ai-implement.name"

/** The signed-in operator, or why there is none; shared by all tabs through `localStorage`; emits `change`. */
class SessionStore extends EventTarget {
  current: Session | null = null
  endedBecause: EndedBecause | null = null
  #expiry: Fiber.Fiber<void> | null = null

  constructor() {
    super()
    this.#read()
    window.addEventListener("storage", (event) => {
      if (event.key !== sessionKey && event.key !== null) return
      this.#read()
      this.dispatchEvent(new Event("change"))
    })
  }

  get rememberedName(): string {
    return localStorage.getItem(nameKey) ?? ""
  }

  begin(next: Session) {
    localStorage.setItem(sessionKey, Schema.encodeSync(Stored)(next))
    if (next.name === null) localStorage.removeItem(nameKey)
    else localStorage.setItem(nameKey, next.name)
    this.#use(next)
    this.dispatchEvent(new Event("change"))
  }

  end(because: EndedBecause) {
    if (this.current === null) return
    localStorage.setItem(sessionKey, because)
    this.#read()
    this.dispatchEvent(new Event("change"))
  }

  #read() {
    const stored = localStorage.getItem(sessionKey)
    this.#use(Option.getOrNull(Schema.decodeUnknownOption(Stored)(stored)))
    if (isEndedBecause(stored)) this.endedBecause = stored
  }

  #use(next: Session | null) {
    this.current = next
    this.endedBecause = null
    if (this.#expiry !== null) Effect.runFork(Fiber.interrupt(this.#expiry))
    this.#expiry =
      next === null
        ? null
        : Effect.runFork(
            Effect.sleep(DateTime.distance(DateTime.nowUnsafe(), next.expiresAt)).pipe(
              Effect.andThen(Effect.sync(() => this.end("expired")))
            )
          )
  }
}

export const session = new SessionStore()
