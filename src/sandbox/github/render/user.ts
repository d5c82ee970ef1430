import { idOf, type Repository } from "../State.ts"

export const botOf = ({ owner }: Pick<Repository, "owner">) => `${owner}-bot[bot]`

export const user = (base: string, login: string, type: "Organization" | "User" | "Bot" = "Organization") => {
  const url = `${base}/users/${encodeURIComponent(login)}`
  return {
    login,
    id: idOf(login),
    node_id: `U_${idOf(login)}`,
    avatar_url: `${base}/avatars/${idOf(login)}`,
    gravatar_id: "",
    url,
    html_url: `${base}/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false
  }
}
