import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestDb } from "../support/TestDb.ts"
import { assertExactlyOnce, elapsed, eventually, makeScene, start } from "./support.ts"

it.live("dry", () =>
  Effect.gen(function* () {
    const scene = yield* makeScene()
    yield* scene.agent
    const t0 = yield* elapsed(Effect.gen(function* () {
    const service = yield* start(scene.env)
    yield* eventually("first pass", Effect.map(scene.sql`select 1 from passes where finished_at is not null`, (r) => r[0] ?? null))
    return service
    }))
    console.log("start", t0.millis)
    const service = t0.value
    yield* service.order({ report: true })
    for (const n of [1, 2]) {
      yield* service.messages
      yield* service.order({ report: true })
      scene.linear.resetCalls(); scene.github.control.resetCalls()
      const r = yield* elapsed(Effect.flatMap(scene.label("Dry"), (i) => scene.settled(i, "10 seconds")).pipe(Effect.onError(() => Effect.gen(function*() {
        console.log(JSON.stringify(yield* service.lines), yield* scene.rows("ENG-1"), yield* scene.sql`select * from decisions`, yield* scene.sql`select * from passes`, scene.github.runs())
        const m = (yield* service.messages) as any
        console.log(m.map((p: any) => `${p.span} ${p.nth} ${p.edge}`).join("\n"))
      }).pipe(Effect.orDie))))
      console.log(n, r.millis, r.value.events)
      const m = (yield* service.messages) as any
      console.log(m.map((p: any) => `${p.span} ${p.nth} ${p.edge}`).join("\n"))
      console.log(scene.linear.calls().map((c) => c.operation + " " + c.status).join("\n"), scene.github.control.calls().map((c) => c.operation + " " + c.status).join("\n"))
      yield* assertExactlyOnce(scene, r.value.issueIdentifier)
    }
    yield* service.kill("SIGTERM")
    const e = yield* elapsed(service.ended)
    console.log(e)
    console.log(JSON.stringify(yield* service.lines))
  }).pipe(Effect.provide(TestDb)), 60_000
)
