import type { ReactiveController, ReactiveControllerHost } from "lit"
import { session } from "../data/session.ts"
import { navigate } from "../router/navigation.ts"
import { railPages } from "../router/pages.ts"
import { strings } from "../strings/shell.ts"

const isTyping = (event: KeyboardEvent) => {
  const [target] = event.composedPath()
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]")
}

/** The keys of every page: `/` searches, `g` and a letter opens a page, `?` lists them. */
export class Shortcuts implements ReactiveController {
  readonly #search: () => void
  #awaitingPage = false

  constructor(host: ReactiveControllerHost, options: { readonly search: () => void }) {
    this.#search = options.search
    host.addController(this)
  }

  hostConnected() {
    window.addEventListener("keydown", this.#pressed)
  }

  hostDisconnected() {
    window.removeEventListener("keydown", this.#pressed)
  }

  /** Lists the keys in a dialog. */
  readonly show = async () => {
    await import("../elements/keys-dialog.ts")
    const dialog = document.createElement("keys-dialog")
    dialog.keys = [
      ["/", strings.keys.search],
      ...railPages.map(({ key, title }) => [`g ${key}`, strings.keys.goTo(title)] as const),
      ["?", strings.keys.show]
    ]
    document.body.append(dialog)
    await dialog.show()
    dialog.remove()
  }

  readonly #pressed = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    if (session.current === null) return
    const page = railPages.find(({ key }) => key === event.key)
    if (this.#awaitingPage && page !== undefined) navigate(page.to)
    else if (event.key === "/") this.#search()
    else if (event.key === "?") void this.show()
    this.#awaitingPage = event.key === "g"
    if (event.key === "/") event.preventDefault()
  }
}
