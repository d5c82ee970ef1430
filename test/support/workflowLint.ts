import { validate } from "@actions/languageservice"
import { TextDocument } from "vscode-languageserver-textdocument"
import { actions } from "../../src/runner/templates/actions.ts"

// The inputs of each action as its action.yml at the pinned version names them; `!` marks a required one.
const inputs = {
  checkout:
    "repository ref token ssh-key ssh-known-hosts ssh-strict ssh-user persist-credentials path clean filter sparse-checkout sparse-checkout-cone-mode fetch-depth fetch-tags show-progress lfs submodules set-safe-directory github-server-url allow-unsafe-pr-checkout",
  setupNode:
    "node-version node-version-file architecture check-latest registry-url scope token cache package-manager-cache cache-dependency-path mirror mirror-token",
  uploadArtifact:
    "name path! if-no-files-found retention-days compression-level overwrite include-hidden-files archive",
  downloadArtifact:
    "name artifact-ids path pattern merge-multiple github-token repository run-id skip-decompress digest-mismatch"
} as const satisfies Record<keyof typeof actions, string>

const metadata = new Map(
  Object.entries(actions).map(([name, pin]) => [
    pin.split(" ")[0] ?? pin,
    {
      name,
      description: name,
      inputs: Object.fromEntries(
        inputs[name as keyof typeof actions]
          .split(" ")
          .map((input) => [input.replace("!", ""), { description: input, required: input.endsWith("!") }])
      )
    }
  ])
)

// The language service keeps what it parsed by address.
let documents = 0

/** What GitHub's language service finds in one workflow; `files` are those that it may call, by path. */
export const lint = async (path: string, text: string, files: ReadonlyMap<string, string>) => {
  const found = await validate(TextDocument.create(`file:///${++documents}/${path}`, "yaml", 1, text), {
    actionsMetadataProvider: {
      fetchActionMetadata: ({ name, owner, ref }) => Promise.resolve(metadata.get(`${owner}/${name}@${ref}`))
    },
    fileProvider: {
      getFileContent: (reference) => {
        const content = files.get(reference.path)
        return content === undefined
          ? Promise.reject(new Error(`there is no ${reference.path}`))
          : Promise.resolve({ name: reference.path, content })
      }
    }
  })
  return found.map(({ message, range }) => `${range.start.line + 1}: ${message}`)
}
