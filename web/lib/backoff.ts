/** `base` doubled so many times, but at most `max`; all in milliseconds. */
export const backoffMillis = (base: number, times: number, max: number) =>
  Math.min(base * 2 ** Math.min(times, 30), max)
