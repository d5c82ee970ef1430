import * as Effect from "effect/Effect"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"

/** Runs the effect; answers what it succeeded with and the spans that it made, forked fibers of others left out. */
export const traced = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const spans: Array<Tracer.Span> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    return effect.pipe(
      Effect.provideService(Tracer.Tracer, tracer),
      Effect.provideService(References.TracerEnabled, true),
      Effect.map((result) => ({ result, spans }))
    )
  })

/** The texts of the statements among the spans. */
export const statementsOf = (spans: ReadonlyArray<Tracer.Span>) =>
  spans.flatMap(({ attributes }) => {
    const text = attributes.get("db.query.text")
    return typeof text === "string" ? [text] : []
  })
