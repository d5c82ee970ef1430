import { html, nothing } from "lit"
import type { Overview } from "../../../src/domain/Overview.ts"
import "../../elements/capacity-bar.ts"
import { firstPage } from "../../data/firstPage.ts"
import { reasonAppearances } from "../issues/reason-appearances.ts"
import "../../elements/relative-time.ts"
import "../../elements/state-mark.ts"
import "../../elements/time-span.ts"
import { href } from "../../router/navigation.ts"
import { strings } from "../../strings/shell.ts"
import { terms } from "../../strings/terms.ts"
import { words } from "../../strings/overview.ts"
import { counts, type Waiting } from "./figures.ts"

const exact = new Intl.NumberFormat("en")
const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 })
const number = (value: number) => (value < 100_000 ? exact : short).format(value)

// Shown rarely, so not part of the first load.
const loadNotes = () => import("../setup/notes.ts")

export const setup = ({ setup }: Overview) => {
  if (setup.length === 0) return nothing
  void loadNotes()
  return html`<setup-list .missing=${setup}></setup-list>`
}

const reason = (most: number, { count, reason }: Waiting) => {
  const { icon, tone } = reasonAppearances[reason]
  return html`<li>
    <a href="${href.issues}?reason=${reason}">
      <state-mark .icon=${icon} .tone=${tone}>${terms.reason[reason]}</state-mark>
      <svg aria-hidden="true">
        <rect width="${(count / most) * 100}%" height="100%" rx="1" />
      </svg>
      <span class="count">${count}</span>
    </a>
  </li>`
}

/** What waits: first what needs a person, then what ends without one. */
export const waiting = ({ waiting }: Overview) => {
  const { itself, person } = counts(waiting)
  const most = Math.max(1, ...[...itself, ...person].map(({ count }) => count))
  return html`<section>
    <h2>${words.waiting}</h2>
    ${
      itself.length + person.length === 0
        ? html`<p class="nothing">${words.nothingWaits}</p>`
        : html`<ul class="reasons">
            ${[...person, ...itself].map((each) => reason(most, each))}
          </ul>`
    }
  </section>`
}

export const outcomes = ({ outcomes24h }: Overview, until: Overview["startedAt"]) => {
  firstPage.afterwards(() => import("../../elements/outcome-chart.ts"))
  const none = outcomes24h.every(({ hour: _, ...kinds }) =>
    Object.values(kinds).every((count) => count === 0)
  )
  return html`<section>
    <h2>${words.outcomes}</h2>
    ${
      none
        ? html`<p class="nothing">${words.noOutcomes}</p>`
        : html`<outcome-chart .hours=${outcomes24h} .until=${until}></outcome-chart>`
    }
  </section>`
}

export const capacity = ({ teams }: Overview) =>
  html`<section>
    <h2>${words.capacity}</h2>
    ${
      teams.length === 0
        ? html`<p class="nothing">${words.noTeams} <a href=${href.newMapping}>${words.addMapping}</a></p>`
        : html`<ul class="teams">
            ${teams.map(
              ({ cap, paused, teamKey, used, waiting }) =>
                html`<li>
                  <a class="mono" href=${href.mapping(teamKey)}>${teamKey}</a>
                  <capacity-bar .used=${used} .cap=${cap}></capacity-bar>
                  <span class="of">${used}/${cap}</span>
                  <span class="more small">
                    ${
                      paused
                        ? html`<state-mark icon="pause" tone="waiting">${words.teamPaused}</state-mark>`
                        : waiting === 0
                          ? nothing
                          : html`<a href="${href.issues}?team=${teamKey}">${words.waitingIssues(waiting)}</a>`
                    }
                  </span>
                </li>`
            )}
          </ul>`
    }
  </section>`

export const poller = ({ poller: { holder, lastGoodAt, lastPass, nextAt, state } }: Overview) =>
  html`<section>
    <h2>${words.poller}</h2>
    <dl class="facts">
      <dt>${words.lastPass}</dt>
      <dd>
        ${
          lastPass === null
            ? words.neverPassed
            : html`<relative-time .at=${lastPass.startedAt}></relative-time>${
                  lastPass.finishedAt === null
                    ? nothing
                    : html`, ${words.took}
                        <time-span .from=${lastPass.startedAt} .to=${lastPass.finishedAt}></time-span>
                        <p class="muted small">${words.found(lastPass.candidates, lastPass.dispatched)}</p>`
                }`
        }
      </dd>
      ${
        lastPass?.error == null || lastGoodAt === null
          ? nothing
          : html`<dt>${words.lastGood}</dt>
              <dd><relative-time .at=${lastGoodAt}></relative-time></dd>`
      }
      <dt>${words.nextPass}</dt>
      <dd>
        ${
          nextAt === null
            ? strings.pollerState[state]
            : html`<relative-time .at=${nextAt} passed=${strings.time.due}></relative-time>`
        }
      </dd>
      ${
        holder === null
          ? nothing
          : html`<dt>${words.holder}</dt>
              <dd class="mono">${holder}</dd>`
      }
    </dl>
  </section>`

export const notifications = ({ notifications }: Overview) => {
  if (notifications.pending + notifications.setAside === 0) return nothing
  void loadNotes()
  return html`<unsent-notifications .unsent=${notifications}></unsent-notifications>`
}

const upstreamAppearances = {
  ok: { icon: "check", tone: "succeeded" },
  degraded: { icon: "warning", tone: "waiting" },
  down: { icon: "cross", tone: "failed" },
  off: { icon: "slash", tone: "neutral" }
} as const

export const upstreams = ({ upstreams }: Overview) =>
  html`<section>
    <h2>${words.upstreams}</h2>
    <ul class="upstreams">
      ${upstreams.map(({ budgets, error, name, since, state }) => {
        const { icon, tone } = upstreamAppearances[state]
        return html`<li>
          <strong>${terms.upstream[name]}</strong>
          <p>
            <state-mark .icon=${icon} .tone=${tone}>${terms.upstreamState[state]}</state-mark>
            ${
              state === "ok" || state === "off"
                ? nothing
                : html`<span class="muted small"
                    >${words.since} <relative-time .at=${since}></relative-time
                  ></span>`
            }
          </p>
          ${error === null ? nothing : html`<p class="muted wide">${error}</p>`}
          ${budgets.map(
            ({ kind, limit, remaining, resetAt }) =>
              html`<div class="budget small">
                <span>${words.budget(kind, number(remaining), number(limit))}</span>
                <span
                  >${words.resets} <relative-time .at=${resetAt} passed=${strings.time.due}></relative-time
                ></span>
                <svg aria-hidden="true">
                  <rect class="track" width="100%" height="100%" rx="1" />
                  <rect
                    class=${remaining < limit / 10 ? "low" : ""}
                    width="${limit === 0 ? 0 : (remaining / limit) * 100}%"
                    height="100%"
                    rx="1"
                  />
                </svg>
              </div>`
          )}
        </li>`
      })}
    </ul>
  </section>`
