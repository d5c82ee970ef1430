import type { ReactiveController, ReactiveControllerHost } from "lit"
import { session } from "../data/session.ts"
import { base, href, navigate } from "../router/navigation.ts"

/** Sends a signed-out operator to the sign-in page, and back to the requested page after it. */
export class SessionGuard implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #begun: () => void

  constructor(host: ReactiveControllerHost, options: { readonly begun: () => void }) {
    this.#host = host
    this.#begun = options.begun
    host.addController(this)
  }

  get admits() {
    return session.current !== null && location.pathname !== href.signIn
  }

  hostConnected() {
    session.addEventListener("change", this.#changed)
    this.#guard()
  }

  hostDisconnected() {
    session.removeEventListener("change", this.#changed)
  }

  hostUpdate() {
    this.#guard()
  }

  #guard() {
    const path = location.pathname
    if (session.current === null && path !== href.signIn) {
      const to = path + location.search
      const isHome = to === href.overview || to === base
      navigate(isHome ? href.signIn : `${href.signIn}?to=${encodeURIComponent(to)}`, { replace: true })
    } else if (session.current !== null && path === href.signIn) {
      const to = new URLSearchParams(location.search).get("to")
      navigate(to?.startsWith(`${base}/`) === true ? to : href.overview, { replace: true })
    }
  }

  readonly #changed = () => {
    if (session.current !== null) this.#begun()
    this.#host.requestUpdate()
  }
}
