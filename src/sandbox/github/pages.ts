import type { Request, Response } from "../Upstream.ts"
import { findRepository, type State } from "./State.ts"

const route = /^\/([^/]+)\/([^/]+)\/(pull|actions\/runs)\/(\d+)$/

export const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")

export const html = (
  status: number,
  title: string,
  lines: ReadonlyArray<string>,
  form: ReadonlyArray<string> = []
): Response => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": "default-src 'none'" },
  body: `<!doctype html><html lang="en"><title>${escape(title)}</title><h1>${escape(title)}</h1>${lines
    .map((line) => `<p>${escape(line)}</p>`)
    .join("")}${form.join("")}</html>`
})

export const page = (state: State, request: Request): Response | undefined => {
  const [, owner, repo = "", kind, number] = route.exec(request.url.pathname) ?? []
  if (request.method !== "GET" || owner === undefined) return undefined
  const repository = findRepository(state, owner, repo)
  if (kind === "pull") {
    const pull = repository?.pulls.find((one) => one.number === Number(number))
    if (pull === undefined) return html(404, "Not found", [])
    const status = pull.mergedAt !== null ? "merged" : pull.draft ? "draft" : pull.state
    return html(200, `${pull.title} #${pull.number}`, [`${pull.branch} → ${pull.base}`, status, pull.body])
  }
  const run = state.runs.find((one) => one.id === Number(number) && one.repository.id === repository?.id)
  if (run === undefined) return html(404, "Not found", [])
  return html(200, run.displayTitle, [`${run.workflow.name} on ${run.branch}`, run.conclusion ?? run.status])
}
