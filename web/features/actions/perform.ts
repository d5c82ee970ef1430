import { asFailure } from "../../data/Failure.ts"
import { NoticeEvent } from "../../lib/Notice.ts"

/** Runs an action and notifies the shell of its result; without `done`, only of a failure. */
export const perform = async <A>(
  host: EventTarget,
  action: () => Promise<A>,
  done?: (value: A) => string
) => {
  try {
    const value = await action()
    if (done !== undefined) host.dispatchEvent(new NoticeEvent(done(value), "done"))
    return true
  } catch (thrown) {
    host.dispatchEvent(new NoticeEvent(asFailure(thrown).message, "failed"))
    return false
  }
}
