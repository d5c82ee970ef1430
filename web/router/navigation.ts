export const base = "/admin"

/** Sent on `window` when the page changed the address itself. */
export class NavigateEvent extends Event {
  static readonly type = "app-navigate"
  constructor() {
    super(NavigateEvent.type)
  }
}

export const navigate = (href: string, options: { readonly replace?: boolean } = {}) => {
  if (options.replace === true) history.replaceState(history.state, "", href)
  else history.pushState(null, "", href)
  window.dispatchEvent(new NavigateEvent())
}

/** The address with other parameters; an empty value removes one. */
export const hrefWith = (changes: Readonly<Record<string, string>>) => {
  const url = new URL(location.href)
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  return url.pathname + url.search
}

export const setQuery = (changes: Readonly<Record<string, string>>) =>
  navigate(hrefWith(changes), { replace: true })

export const href = {
  overview: `${base}/`,
  signIn: `${base}/sign-in`,
  inbox: `${base}/inbox`,
  issues: `${base}/issues`,
  dispatches: `${base}/dispatches`,
  dispatch: (id: string) => `${base}/dispatches/${encodeURIComponent(id)}`,
  mappings: `${base}/mappings`,
  newMapping: `${base}/mappings/new`,
  mapping: (teamKey: string) => `${base}/mappings/${encodeURIComponent(teamKey)}`,
  sessions: `${base}/sessions`,
  dedup: `${base}/dedup`,
  secrets: `${base}/secrets`,
  teamSecrets: (teamKey: string) => `${base}/secrets/${encodeURIComponent(teamKey)}`,
  settings: `${base}/settings`,
  audit: `${base}/audit`,
  docs: `${base}/docs`
}
