import * as Effect from "effect/Effect"
import { notFound, Refused } from "../errors.ts"
import { repository as renderRepository } from "../render/repository.ts"
import { filesOf } from "../Git.ts"
import { type Files, type Repository, shaOf } from "../State.ts"
import { type Handler, textOf } from "./Handler.ts"

const links = (base: string, repository: Repository, path: string, kind: "blob" | "tree", ref: string) => {
  const self = `${base}/repos/${repository.fullName}/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`
  const git = `${base}/repos/${repository.fullName}/git/${kind}s/${shaOf(path)}`
  const html = `${base}/${repository.fullName}/${kind}/${ref}/${encodeURI(path)}`
  return { url: self, git_url: git, html_url: html, download_url: null, _links: { self, git, html } }
}

const entry = (
  base: string,
  repository: Repository,
  files: Files,
  path: string,
  type: "file" | "dir",
  ref: string
) => ({
  type,
  size: files.get(path)?.length ?? 0,
  name: path.split("/").at(-1) ?? path,
  path,
  sha: shaOf(path + (files.get(path) ?? "")),
  ...links(base, repository, path, type === "file" ? "blob" : "tree", ref)
})

const children = (files: Files, folder: string) => {
  const prefix = folder === "" ? "" : `${folder}/`
  const inside = [...files.keys()].filter((path) => path.startsWith(prefix))
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
  "repos/get-content": {
    by: "repository",
    needs: ["contents", "read"],
    handle: Effect.fnUntraced(function* ({ base, parameters, repository }) {
      const path = (textOf(parameters, "path") ?? "").replaceAll(/^\/+|\/+$/g, "")
      const ref = textOf(parameters, "ref")?.replace(/^refs\/heads\//, "") ?? repository.defaultBranch
      const files = filesOf(repository, repository.branches.get(ref) ?? ref)
      if (files === null) {
        return yield* new Refused({ status: 404, message: `No commit found for the ref ${ref}` })
      }
      const content = files.get(path)
      if (content !== undefined) {
        const encoded = Buffer.from(content).toString("base64")
        const body = {
          ...entry(base, repository, files, path, "file", ref),
          encoding: "base64",
          content: encoded
        }
        return { status: 200, body: { ...body, size: Buffer.byteLength(content) } }
      }
      const inside = children(files, path)
      if (inside.length === 0) return yield* notFound
      return {
        status: 200,
        body: inside.map((child) =>
          entry(base, repository, files, child, files.has(child) ? "file" : "dir", ref)
        )
      }
    })
  }
} satisfies Record<string, Handler>
