import type { Request, Response } from "../Upstream.ts"
import type { Auth } from "./Auth.ts"
import { type Manifests, manifestIn } from "./Manifests.ts"
import { escape, html } from "./pages.ts"
import type { State } from "./State.ts"

const newApp = /^(?:\/organizations\/(?<org>[^/]+))?\/settings\/apps\/new$/
const install = /^\/apps\/(?<slug>[^/]+)\/installations(?<form>\/new)?$/

const hidden = (name: string, value: string) =>
  `<input type="hidden" name="${name}" value="${escape(value)}">`

const seeOther = (location: string): Response => ({ status: 302, headers: { location } })

/** Where a person creates an App from a manifest and installs it. */
export const appPages =
  (state: State, auth: Auth, manifests: Manifests) =>
  (request: Request, now: number): Response | undefined => {
    const { method, url } = request
    const form = new URLSearchParams(request.body)
    const manifest = manifestIn(form.get("manifest") ?? "")
    const asked = newApp.exec(url.pathname)
    if (method === "POST" && asked !== null) {
      if (manifest === null)
        return html(422, "Invalid GitHub App configuration", ["The configuration is not a valid manifest."])
      const owner = asked.groups?.["org"] ?? "your account"
      return html(
        200,
        `Create GitHub App for ${owner}`,
        [manifest.name],
        [
          `<form method="post" action="/settings/apps/manifest">`,
          hidden("manifest", form.get("manifest") ?? ""),
          hidden("state", url.searchParams.get("state") ?? ""),
          `<button>Create GitHub App</button></form>`
        ]
      )
    }
    if (method === "POST" && url.pathname === "/settings/apps/manifest" && manifest !== null) {
      const back = new URL(manifest.redirect_url)
      back.searchParams.set("code", manifests.create(manifest, now))
      back.searchParams.set("state", form.get("state") ?? "")
      return seeOther(back.href)
    }
    const installing = install.exec(url.pathname)
    const app = auth.apps().find(({ slug }) => slug === installing?.groups?.["slug"])
    if (installing === null || app === undefined) return undefined
    if (method === "GET" && installing.groups?.["form"] !== undefined) {
      const boxes = [...state.repositories.values()].map(
        ({ fullName }) =>
          `<p><label><input type="checkbox" name="repository" value="${escape(fullName)}"> ${escape(fullName)}</label></p>`
      )
      return html(
        200,
        `Install ${app.slug}`,
        [],
        [
          `<form method="post" action="/apps/${app.slug}/installations">`,
          ...boxes,
          `<button>Install</button></form>`
        ]
      )
    }
    if (method !== "POST") return undefined
    auth.install({ repositories: form.getAll("repository") }, app)
    const next = manifests.setupUrlOf(app)
    return next === null ? html(200, "Installed", []) : seeOther(next)
  }
