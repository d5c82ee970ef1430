import * as Effect from "effect/Effect"
import { chromium } from "playwright"
import { chromium as local } from "../support/chromium.ts"

export interface Visit {
  /** What the page complained about: errors in its console, uncaught exceptions, refused requests. */
  readonly complaints: Array<string>
}

/** A page of a real browser, signed out. */
export const openPage = Effect.fn("openPage")(function* (address: string) {
  const options = yield* Effect.promise(() => local())
  const browser = yield* Effect.acquireRelease(
    Effect.promise(() => chromium.launch(options)),
    (opened) => Effect.promise(() => opened.close())
  )
  const page = yield* Effect.promise(() => browser.newPage({ viewport: { width: 1280, height: 800 } }))
  const complaints: Array<string> = []
  page.on("pageerror", (error) => complaints.push(String(error)))
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text())
  })
  yield* Effect.promise(() => page.goto(`${address}/admin`))
  return { page, complaints }
})
