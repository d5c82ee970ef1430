import { Unzip, UnzipInflate } from "fflate"

export const maxBytes = 1024 * 1024
const slice = 4096

/** The text of the only file in a zip; null for any other zip, or one over 1 MiB, packed or unpacked. */
export const onlyFile = (zip: Uint8Array): string | null => {
  if (zip.length > maxBytes) return null
  const parts: Array<Uint8Array> = []
  const read = { files: 0, size: 0, whole: false, broken: false }
  const unzip = new Unzip((file) => {
    read.files++
    if (read.files > 1) return
    file.ondata = (error, data, final) => {
      read.size += data?.length ?? 0
      read.broken ||= error !== null || read.size > maxBytes
      read.whole ||= final
      if (!read.broken) parts.push(data)
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  try {
    for (let from = 0; from < zip.length && !read.broken && read.files < 2; from += slice) {
      unzip.push(zip.subarray(from, from + slice), from + slice >= zip.length)
    }
    return read.files === 1 && read.whole && !read.broken
      ? new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts))
      : null
  } catch {
    return null
  }
}
