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

/** Changes parameters of the address in place; an empty value removes one. */
export const setQuery = (changes: Readonly<Record<string, string>>) => {
  const url = new URL(location.href)
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  navigate(url.pathname + url.search, { replace: true })
}

export const href = {
  overview: `${base}/`,
  signIn: `${base}/sign-in`,
  issues: `${base}/issues`,
  dispatches: `${base}/dispatches`,
  dispatch: (id: string) => `${base}/dispatches/${encodeURIComponent(id)}`,
  mappings: `${base}/mappings`,
  newMapping: `${base}/mappings/new`,
  mapping: (teamKey: string) => `${base}/mappings/${encodeURIComponent(teamKey)}`,
  dedup: `${base}/dedup`,
  settings: `${base}/settings`
}
