import * as Effect from "effect/Effect"
import { notFound, Refused } from "../errors.ts"
import { repository as renderRepository } from "../render/repository.ts"
import { type Repository, shaOf } from "../State.ts"
import { type Handler, textOf } from "./Handler.ts"

const links = (base: string, repository: Repository, path: string, kind: "blob" | "tree", ref: string) => {
  const self = `${base}/repos/${repository.fullName}/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`
  const git = `${base}/repos/${repository.fullName}/git/${kind}s/${shaOf(path)}`
  const html = `${base}/${repository.fullName}/${kind}/${ref}/${encodeURI(path)}`
  return { url: self, git_url: git, html_url: html, download_url: null, _links: { self, git, html } }
}

const entry = (base: string, repository: Repository, path: string, type: "file" | "dir", ref: string) => ({
  type,
  size: repository.files.get(path)?.length ?? 0,
  name: path.split("/").at(-1) ?? path,
  path,
  sha: shaOf(path + (repository.files.get(path) ?? "")),
  ...links(base, repository, path, type === "file" ? "blob" : "tree", ref)
})

const children = (repository: Repository, folder: string) => {
  const prefix = folder === "" ? "" : `${folder}/`
  const inside = [...repository.files.keys()].filter((path) => path.startsWith(prefix))
  const names = new Set(inside.map((path) => path.slice(prefix.length).split("/")[0] ?? ""))
  return [...names].sort().map((name) => prefix + name)
}

export const repos = {
  "repos/get": {
    by: "repository",
    needs: ["metadata", "read"],
    handle: ({ base, repository }) =>
      Effect.succeed({ status: 200, body: renderRepository(base, repository) })
  },
  "git/get-ref": {
    by: "repository",
    needs: ["contents", "read"],
    handle: Effect.fnUntraced(function* ({ base, parameters, repository }) {
      const ref = textOf(parameters, "ref") ?? ""
      const sha = repository.branches.get(ref.replace(/^heads\//, ""))
      if (sha === undefined) return yield* notFound
      const git = `${base}/repos/${repository.fullName}/git`
      const object = { type: "commit", sha, url: `${git}/commits/${sha}` }
      return {
        status: 200,
        body: { ref: `refs/${ref}`, node_id: `REF_${sha}`, url: `${git}/refs/${encodeURI(ref)}`, object }
      }
    })
  },
  "repos/get-content": {
    by: "repository",
    needs: ["contents", "read"],
    handle: Effect.fnUntraced(function* ({ base, parameters, repository }) {
      const path = (textOf(parameters, "path") ?? "").replaceAll(/^\/+|\/+$/g, "")
      const ref = textOf(parameters, "ref")?.replace(/^refs\/heads\//, "") ?? repository.defaultBranch
      if (!repository.branches.has(ref)) {
        return yield* new Refused({ status: 404, message: `No commit found for the ref ${ref}` })
      }
      const content = repository.files.get(path)
      if (content !== undefined) {
        const encoded = Buffer.from(content).toString("base64")
        const body = { ...entry(base, repository, path, "file", ref), encoding: "base64", content: encoded }
        return { status: 200, body: { ...body, size: Buffer.byteLength(content) } }
      }
      const inside = children(repository, path)
      if (inside.length === 0) return yield* notFound
      return {
        status: 200,
        body: inside.map((child) =>
          entry(base, repository, child, repository.files.has(child) ? "file" : "dir", ref)
        )
      }
    })
  }
} satisfies Record<string, Handler>
