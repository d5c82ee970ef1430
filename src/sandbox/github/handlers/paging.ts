import type { Parameters } from "../Contract.ts"

export const page = <A>(all: ReadonlyArray<A>, url: URL, parameters: Parameters) => {
  const size = Math.min(100, Math.max(1, Number(parameters["per_page"] ?? 30)))
  const number = Math.max(1, Number(parameters["page"] ?? 1))
  const last = Math.max(1, Math.ceil(all.length / size))
  const to = (target: number, rel: string) => {
    const link = new URL(url)
    link.searchParams.set("page", String(target))
    return `<${link.href}>; rel="${rel}"`
  }
  const links = [
    ...(number > 1 ? [to(number - 1, "prev")] : []),
    ...(number < last ? [to(number + 1, "next"), to(last, "last")] : []),
    ...(number > 1 ? [to(1, "first")] : [])
  ]
  return {
    items: all.slice((number - 1) * size, number * size),
    headers: links.length === 0 ? {} : { link: links.join(", ") }
  }
}
