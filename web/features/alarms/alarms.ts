import type { Overview } from "../../../src/domain/Overview.ts"
import { sentence } from "../../lib/sentence.ts"
import { href } from "../../router/navigation.ts"
import { words } from "../../strings/alarms.ts"
import { terms } from "../../strings/terms.ts"

/** What stops the dispatching: its name, the reason, and where it is put right. */
export interface Alarm {
  readonly about: "pass" | "poller" | "upstream"
  readonly title: string
  readonly why: string
  readonly href: string
  readonly link: string
}

const refused = /^(.+? refuses .+?) and did not /

const ofUpstream = ({ error, name }: Overview["upstreams"][number]): Alarm => ({
  about: "upstream",
  title: refused.exec(error ?? "")?.[1] ?? words.down(terms.upstream[name]),
  why: sentence(error ?? ""),
  href: href.settings,
  link: words.test
})

const ofPoller = (about: "pass" | "poller", title: string, why: string): Alarm => ({
  about,
  title,
  why,
  href: href.overview,
  link: words.see
})

/** The alarms now; while a pass runs, that of the failed pass before it stays. */
export const alarmsOf = (
  { poller, upstreams }: Pick<Overview, "poller" | "upstreams">,
  before: ReadonlyArray<Alarm>
): ReadonlyArray<Alarm> => {
  const down = upstreams.filter(({ state }) => state === "down")
  const { lastPass, state } = poller
  const refusedByLinear = down.some(({ error, name }) => name === "linear" && refused.test(error ?? ""))
  const passes = state === "off" || refusedByLinear ? [] : passAlarm(lastPass, before)
  return [
    ...down.map(ofUpstream),
    ...(state === "stuck" ? [ofPoller("poller", words.stuck, words.stuckWhy)] : []),
    ...passes
  ]
}

const passAlarm = (lastPass: Overview["poller"]["lastPass"], before: ReadonlyArray<Alarm>) => {
  if (lastPass?.ok === false) return [ofPoller("pass", words.passFailed, sentence(lastPass.error ?? ""))]
  return lastPass?.ok === null ? before.filter(({ about }) => about === "pass") : []
}
