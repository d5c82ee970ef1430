import type { ReactiveController, ReactiveControllerHost, TemplateResult } from "lit"
import { NavigateEvent, navigate } from "./navigation.ts"

export interface Match {
  readonly params: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
}

export interface Route {
  readonly path: string
  readonly title: string
  readonly load: () => Promise<unknown>
  readonly render: (match: Match) => TemplateResult
}

export type Location =
  | { readonly state: "loading" }
  | { readonly state: "not-found" }
  | { readonly state: "failed"; readonly route: Route }
  | { readonly state: "ready"; readonly route: Route; readonly match: Match }

const linkOf = (event: MouseEvent) => {
  if (event.defaultPrevented || event.button !== 0) return undefined
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined
  const anchor = event.composedPath().find((node) => node instanceof HTMLAnchorElement)
  if (anchor === undefined || anchor.target !== "" || anchor.hasAttribute("download")) return undefined
  return anchor
}

/** Turns the address into a page; pages are loaded when they are first opened. */
export class Router implements ReactiveController {
  location: Location = { state: "loading" }
  readonly #host: ReactiveControllerHost
  readonly #routes: ReadonlyArray<{ readonly route: Route; readonly pattern: URLPattern }>
  readonly #base: string
  readonly #arrived: (moved: "first" | "same-page" | "new-page" | "back") => void
  readonly #loaded = new Set<Route>()
  readonly #scroll = new Map<string, number>()
  #path = ""
  #entry = ""

  constructor(
    host: ReactiveControllerHost,
    options: {
      readonly base: string
      readonly routes: ReadonlyArray<Route>
      readonly arrived: (moved: "first" | "same-page" | "new-page" | "back") => void
    }
  ) {
    this.#host = host
    this.#base = options.base
    this.#arrived = options.arrived
    this.#routes = options.routes.map((route) => ({
      route,
      pattern: new URLPattern({ pathname: route.path })
    }))
    host.addController(this)
  }

  hostConnected() {
    history.scrollRestoration = "manual"
    window.addEventListener("popstate", this.#onPop)
    window.addEventListener(NavigateEvent.type, this.#onNavigate)
    document.addEventListener("click", this.#onClick)
    void this.#resolve(false)
  }

  hostDisconnected() {
    window.removeEventListener("popstate", this.#onPop)
    window.removeEventListener(NavigateEvent.type, this.#onNavigate)
    document.removeEventListener("click", this.#onClick)
  }

  readonly #onPop = () => void this.#resolve(true)

  readonly #onNavigate = () => void this.#resolve(false)

  readonly #onClick = (event: MouseEvent) => {
    const anchor = linkOf(event)
    if (anchor === undefined || anchor.origin !== location.origin) return
    if (anchor.pathname !== this.#base && !anchor.pathname.startsWith(`${this.#base}/`)) return
    if (anchor.hash !== "" && anchor.pathname === location.pathname) return
    event.preventDefault()
    navigate(anchor.pathname + anchor.search)
  }

  async #resolve(back: boolean) {
    const url = new URL(location.href)
    const samePage = url.pathname === this.#path
    const first = this.#path === ""
    if (!first) this.#scroll.set(this.#entry, window.scrollY)
    this.#path = url.pathname
    this.#entry = url.pathname + url.search
    const path = url.pathname.replace(/(.)\/+$/, "$1")
    const found = this.#routes.find(({ pattern }) => pattern.test({ pathname: path }))
    if (found === undefined) this.location = { state: "not-found" }
    else {
      const { pattern, route } = found
      if (!this.#loaded.has(route)) {
        if (first) this.#host.requestUpdate()
        const arrived = await route.load().then(
          () => true,
          () => false
        )
        if (this.#entry !== url.pathname + url.search) return
        if (arrived) this.#loaded.add(route)
      }
      const params = pattern.exec({ pathname: path })?.pathname.groups ?? {}
      this.location = this.#loaded.has(route)
        ? { state: "ready", route, match: { params, query: url.searchParams } }
        : { state: "failed", route }
    }
    this.#host.requestUpdate()
    await this.#host.updateComplete
    this.#arrived(first ? "first" : back ? "back" : samePage ? "same-page" : "new-page")
    if (back) {
      const top = this.#scroll.get(this.#entry) ?? 0
      requestAnimationFrame(() => window.scrollTo({ top }))
    } else if (!samePage) window.scrollTo({ top: 0 })
  }
}
