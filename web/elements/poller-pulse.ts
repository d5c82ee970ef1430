import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { PollerState } from "../../src/domain/Overview.ts"
import { strings } from "../strings/shell.ts"
import { icons } from "./icons.ts"
import "./relative-time.ts"

/** The heartbeat of the poller: its state, when it last passed, when it passes next. */
@customElement("poller-pulse")
export class PollerPulse extends LitElement {
  static override readonly styles = css`
    :host {
      display: inline-flex;
      align-items: center;
      gap: 0.5rem;
      color: var(--muted);
      white-space: nowrap;
    }
    span {
      display: contents;
    }
    .idle {
      color: var(--succeeded);
    }
    .running {
      color: var(--running);
    }
    .off {
      color: var(--muted);
    }
    .stuck {
      color: var(--failed);
    }
    b {
      color: var(--text);
      font-weight: 400;
    }
    @media (max-width: 63.99rem) {
      .more {
        display: none;
      }
    }
    @media (max-width: 47.99rem) {
      b {
        position: absolute;
        clip-path: inset(50%);
      }
    }
  `

  @property({ attribute: false }) poller: PollerState | undefined

  override render() {
    const { poller } = this
    if (poller === undefined) return nothing
    const { lastPass, nextAt, state } = poller
    const icon =
      state === "idle"
        ? icons.dot
        : state === "running"
          ? icons.halfCircle
          : state === "off"
            ? icons.slash
            : icons.warning
    return html`<span class=${state}>${icon}</span><b>${strings.pollerState[state]}</b> ${
        lastPass === null || state === "running"
          ? nothing
          : html`<relative-time .at=${lastPass.finishedAt ?? lastPass.startedAt}></relative-time>`
      }
      ${
        nextAt === null || state !== "idle"
          ? nothing
          : html`<div class="more">
              ${strings.nextPass} <relative-time .at=${nextAt} passed=${strings.time.due}></relative-time>
            </div>`
      }`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "poller-pulse": PollerPulse
  }
}
