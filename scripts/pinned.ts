import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { extract } from "tar"

/** The text of one file of a pinned package: of an unpacked `folder`, else fetched with `npm pack` for a moment. */
export const fileOf = async (pinned: string, source: string, folder?: string) => {
  if (folder !== undefined) {
    const path = [join(folder, source), join(folder, "package", source)].find(existsSync)
    if (path === undefined) throw new Error(`${folder} holds no ${source}.`)
    return readFileSync(path, "utf8")
  }
  const temporary = mkdtempSync(join(tmpdir(), "pinned-"))
  try {
    execFileSync("npm", ["pack", pinned, "--silent", "--pack-destination", temporary])
    const file = pinned.slice(1).replace("/", "-").replace("@", "-")
    await extract({ file: join(temporary, `${file}.tgz`), cwd: temporary }, [`package/${source}`])
    return readFileSync(join(temporary, "package", source), "utf8")
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}
