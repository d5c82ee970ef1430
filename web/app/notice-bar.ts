import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { css, html, LitElement, nothing } from "lit"
import { customElement, state } from "lit/decorators.js"
import { icons } from "../lib/icons.ts"
import type { NoticeEvent } from "../lib/Notice.ts"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"

/** Says what was done, for six seconds, or why it failed, until it is closed. */
@customElement("notice-bar")
export class NoticeBar extends LitElement {
  static override readonly styles = [
    base,
    controls,
    css`
      .notice {
        position: fixed;
        z-index: 4;
        right: 1.5rem;
        bottom: 1.5rem;
        max-width: min(32rem, calc(100vw - 2rem));
      }
      .notice p {
        display: flex;
        align-items: start;
        gap: 0.75rem;
        padding: 0.75rem 1rem;
        border: 1px solid var(--rim);
        border-radius: var(--round);
        background: var(--float);
        box-shadow: var(--shadow);
      }
      .notice svg {
        margin-top: 0.125rem;
      }
      .notice .done svg {
        color: var(--succeeded);
      }
      .notice .failed svg {
        color: var(--failed);
      }
      .notice button {
        margin: -0.125rem 0;
      }
      @media (max-width: 47.99rem) {
        .notice {
          right: 1rem;
          left: 1rem;
          bottom: 1rem;
        }
      }
    `
  ]

  @state() private notice: Pick<NoticeEvent, "text" | "tone"> | undefined
  #end: Fiber.Fiber<void> | undefined

  show({ text, tone }: NoticeEvent) {
    this.notice = { text, tone }
    if (this.#end !== undefined) Effect.runFork(Fiber.interrupt(this.#end))
    if (tone === "failed") return
    this.#end = Effect.runFork(Effect.sleep("6 seconds").pipe(Effect.andThen(Effect.sync(this.#close))))
  }

  override render() {
    return html`<div class="notice" aria-live="polite">
      ${
        this.notice === undefined
          ? nothing
          : html`<p class=${this.notice.tone}>
              <span>${this.notice.tone === "done" ? icons.check : icons.cross}</span>
              <span>${this.notice.text}</span>
              <button type="button" class="compact quiet" @click=${this.#close}>${strings.keys.close}</button>
            </p>`
      }
    </div>`
  }

  readonly #close = () => {
    this.notice = undefined
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "notice-bar": NoticeBar
  }
}
