import type { ReactiveController, ReactiveControllerHost } from "lit"
import { href, navigate, setQuery } from "../router/navigation.ts"

const searchable = new Set([
  href.issues,
  href.dispatches,
  href.sessions,
  href.mappings,
  href.dedup,
  href.audit,
  href.docs
])

/** What is searched for: filters the page that is open, or the dispatches from a page without a list. */
export class SearchBox implements ReactiveController {
  query = ""

  constructor(host: ReactiveControllerHost) {
    host.addController(this)
  }

  hostUpdate() {
    this.query = new URLSearchParams(location.search).get("q") ?? ""
  }

  readonly typed = ({ target }: Event) => {
    if (target instanceof HTMLInputElement && searchable.has(location.pathname)) {
      setQuery({ q: target.value })
    }
  }

  readonly submitted = (event: Event) => {
    event.preventDefault()
    if (!(event.target instanceof HTMLFormElement) || searchable.has(location.pathname)) return
    const q = String(new FormData(event.target).get("q") ?? "").trim()
    navigate(`${href.dispatches}?q=${encodeURIComponent(q)}`)
  }
}
