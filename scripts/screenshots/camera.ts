import * as Effect from "effect/Effect"
import { mkdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname } from "node:path"
import { chromium, type Browser, type BrowserContext, type Page } from "playwright"
import type { Demo } from "../../src/sandbox/demo.ts"
import { signIn } from "../../test/e2e/browser.ts"
import { chromium as local } from "../../test/support/chromium.ts"
import type { Scene } from "./scenes.ts"
import type { Subjects } from "./subjects.ts"

export const themes = ["light", "dark"] as const
export type Theme = (typeof themes)[number]

export interface Look {
  readonly theme: Theme
  readonly width: number
  readonly height: number
  /** As high as the page is, within reason. */
  readonly whole: boolean
}

type State = Awaited<ReturnType<BrowserContext["storageState"]>>

const tallest = 2400

const font = (weight: number) => {
  const file = `@fontsource/cascadia-mono/files/cascadia-mono-latin-${weight}-normal.woff2`
  const bytes = readFileSync(createRequire(import.meta.url).resolve(file)).toString("base64")
  return `document.fonts.add(new FontFace("Cascadia Mono", Uint8Array.fromBase64("${bytes}").buffer, { weight: ${weight} }))`
}

/** The browser of npm brings no monospaced font. */
const fonts = [400, 600].map(font).join("\n")

const settle = (page: Page) =>
  page.waitForFunction(`document.fonts.status === "loaded" && document.querySelector("app-shell") !== null`)

/** As a browser of its own each: signed in or not, in one theme and size. */
export const camera = Effect.fnUntraced(function* ({ address, code }: Demo) {
  const options = yield* Effect.promise(() => local())
  const browser: Browser = yield* Effect.acquireRelease(
    Effect.promise(() =>
      chromium.launch({ ...options, args: [...options.args, "--font-render-hinting=none"] })
    ),
    (opened) => Effect.promise(() => opened.close())
  )
  const state: State = yield* Effect.promise(async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${address}/admin`)
    await signIn(page, code, "Robin")
    const state = await context.storageState()
    await context.close()
    return state
  })

  const take = async (scene: Scene, look: Look, subjects: Subjects, file: string) => {
    const { height, theme, whole, width } = look
    const context = await browser.newContext({
      colorScheme: theme,
      reducedMotion: "reduce",
      viewport: { width, height },
      ...(scene.signedOut === true ? {} : { storageState: state })
    })
    try {
      await context.addInitScript(fonts)
      const page = await context.newPage()
      await scene.stage?.(page)
      await page.goto(`${address}/admin${scene.path(subjects)}`)
      await settle(page)
      await page.waitForTimeout(800)
      await scene.act?.(page)
      if (whole) {
        const full = await page.evaluate<number>("document.documentElement.scrollHeight")
        await page.setViewportSize({ width, height: Math.min(Math.max(full, height), tallest) })
      }
      await page.waitForTimeout(200)
      mkdirSync(dirname(file), { recursive: true })
      await page.screenshot({ path: file, caret: "hide" })
      await page.unrouteAll({ behavior: "ignoreErrors" })
    } finally {
      await context.close()
    }
  }
  return (...shot: Parameters<typeof take>) => Effect.promise(() => take(...shot))
})
