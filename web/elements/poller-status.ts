import type * as DateTime from "effect/DateTime"
import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { PollerState } from "../../src/domain/Overview.ts"
import { strings } from "../strings/shell.ts"
import { tones } from "../styles/tones.ts"
import { type IconName, icons } from "../lib/icons.ts"
import "./relative-time.ts"
import type { Tone } from "../styles/tones.ts"
import { Ticker } from "../lib/Ticker.ts"
import { millisBetween } from "../lib/time.ts"

const looks: Record<PollerState["state"], { readonly icon: IconName; readonly tone: Tone }> = {
  idle: { icon: "dot", tone: "succeeded" },
  running: { icon: "halfCircle", tone: "running" },
  off: { icon: "slash", tone: "neutral" },
  stuck: { icon: "warning", tone: "failed" }
}

/** The state of the poller, its last pass and its next one. */
@customElement("poller-status")
export class PollerStatus extends LitElement {
  static override readonly styles = [
    tones,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        color: var(--muted);
        white-space: nowrap;
      }
      svg {
        display: block;
        rotate: -90deg;
      }
      circle {
        fill: none;
        stroke: var(--track);
        stroke-width: 2;
      }
      .left {
        stroke: currentColor;
        stroke-linecap: round;
        transition: stroke-dasharray 1s linear;
      }
      .core {
        fill: currentColor;
        stroke: none;
      }
      b {
        color: var(--text);
        font-weight: 400;
      }
      @media (prefers-reduced-motion: reduce) {
        .left {
          transition: none;
        }
      }
      @media (max-width: 47.99rem) {
        b,
        .more {
          position: absolute;
          width: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
    `
  ]

  @property({ attribute: false }) poller: PollerState | undefined

  readonly #ticker = new Ticker(this, (now) => this.#share(now).toFixed(2))

  override render() {
    const { poller } = this
    if (poller === undefined) return nothing
    const { lastPass, nextAt, state } = poller
    return html`<span class=${looks[state].tone}>
        ${
          state === "idle"
            ? html`<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
                <circle cx="8" cy="8" r="6.5" />
                <circle
                  class="left"
                  cx="8"
                  cy="8"
                  r="6.5"
                  pathLength="100"
                  stroke-dasharray="${(this.#share(this.#ticker.now) * 100).toFixed(1)} 200"
                />
                <circle class="core" cx="8" cy="8" r="2" />
              </svg>`
            : icons[looks[state].icon]
        }
      </span>
      <b>${strings.pollerState[state]}</b>
      ${
        state === "idle" && nextAt !== null
          ? html`<span class="more"
              >${strings.nextPass} <relative-time .at=${nextAt} passed=${strings.time.due}></relative-time
            ></span>`
          : lastPass === null || state === "running"
            ? nothing
            : html`<span class="more"
                ><relative-time .at=${lastPass.finishedAt ?? lastPass.startedAt}></relative-time
              ></span>`
      }`
  }

  #share(now: DateTime.Utc) {
    const { lastPass, nextAt } = this.poller ?? {}
    if (lastPass == null || nextAt == null) return 0
    const whole = millisBetween(lastPass.startedAt, nextAt)
    return whole <= 0 ? 1 : Math.min(1, Math.max(0, millisBetween(lastPass.startedAt, now) / whole))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "poller-status": PollerStatus
  }
}
