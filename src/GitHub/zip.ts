import { Unzip, UnzipInflate } from "fflate"

export const mostBytes = 1024 * 1024
const slice = 4096

/** The text of the one file in a zip. Null for any other zip, or one that is over 1 MiB, packed or unpacked. */
export const onlyFile = (zip: Uint8Array): string | null => {
  if (zip.length > mostBytes) return null
  const parts: Array<Uint8Array> = []
  let [files, size, whole, broken] = [0, 0, false, false]
  const unzip = new Unzip((file) => {
    files++
    if (files > 1) return
    file.ondata = (error, data, final) => {
      size += data?.length ?? 0
      broken ||= error !== null || size > mostBytes
      whole ||= final
      if (!broken) parts.push(data)
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  try {
    for (let from = 0; from < zip.length && !broken && files < 2; from += slice) {
      unzip.push(zip.subarray(from, from + slice), from + slice >= zip.length)
    }
    return files === 1 && whole && !broken
      ? new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts))
      : null
  } catch {
    return null
  }
}
