/** Whether what is shown is still being refreshed; emits `change`. */
class Connection extends EventTarget {
  readonly #failing = new Set<object>()

  get reconnecting() {
    return this.#failing.size > 0
  }

  report(source: object, failing: boolean) {
    const before = this.reconnecting
    if (failing) this.#failing.add(source)
    else this.#failing.delete(source)
    if (before !== this.reconnecting) this.dispatchEvent(new Event("change"))
  }
}

export const connection = new Connection()
