import { html } from "lit"
import { setQuery } from "../../router/navigation.ts"
import { words } from "../../strings/issues.ts"

const choose = ({ target }: Event) => {
  if (target instanceof HTMLSelectElement) setQuery({ team: target.value })
}

export const teamFilter = (teams: ReadonlyArray<string>, team: string) => {
  const known = team === "" || teams.includes(team) ? teams : [...teams, team]
  return html`<select aria-label=${words.columns.team} @change=${choose}>
    <option value="">${words.allTeams}</option>
    ${known.map((key) => html`<option value=${key} ?selected=${key === team}>${key}</option>`)}
  </select>`
}
