import type { Event as Change, EventType } from "../../../src/domain/Event.ts"

interface SentEvent {
  readonly id: number
  readonly text: string
}

/** Server-sent events as the service sends them: a hello, what was missed, then each change. */
export class EventStream {
  readonly #sent: Array<SentEvent> = []
  readonly #open = new Map<ReadableStreamDefaultController<Uint8Array>, number>()
  readonly #encoder = new TextEncoder()

  get size() {
    return this.#open.size
  }

  open(after: string | undefined) {
    let mine: ReadableStreamDefaultController<Uint8Array> | undefined
    const last = this.#sent.at(-1)?.id ?? 0
    const from = after === undefined ? last : Number(after)
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        mine = controller
        this.#open.set(
          controller,
          window.setInterval(() => this.#send(controller, "event: ping\ndata: {}\n\n"), 15_000)
        )
        this.#send(controller, `id: ${from}\nevent: hello\ndata: {}\n\n`)
        for (const { id, text } of this.#sent) if (id > from) this.#send(controller, text)
      },
      cancel: () => {
        if (mine !== undefined) this.#drop(mine)
      }
    })
    return new Response(body, { headers: { "content-type": "text/event-stream" } })
  }

  emit(type: EventType, subject: string, data: Change["data"]) {
    const id = (this.#sent.at(-1)?.id ?? 0) + 1
    const change = { id, at: "2026-01-01T00:00:00.000Z", type, subject, data }
    const text = `id: ${id}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`
    this.#sent.push({ id, text })
    for (const controller of this.#open.keys()) this.#send(controller, text)
  }

  cut() {
    for (const controller of this.#open.keys()) {
      this.#drop(controller)
      controller.close()
    }
  }

  #drop(controller: ReadableStreamDefaultController<Uint8Array>) {
    window.clearInterval(this.#open.get(controller))
    this.#open.delete(controller)
  }

  #send(controller: ReadableStreamDefaultController<Uint8Array>, text: string) {
    controller.enqueue(this.#encoder.encode(text))
  }
}
