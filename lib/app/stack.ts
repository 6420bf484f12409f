import { CiliumError } from '../rules/finding';

/**
 * Runs a function, and takes the frames of this library, of other packages and of Node out of the stack of a {@link CiliumError}: it is about
 * the caller's program.
 * @param entry what the caller called.
 */
export function withoutInternals<T>(entry: (...args: never[]) => unknown, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CiliumError) {
      Error.captureStackTrace(error, entry);
      const { stack = '' } = error;
      error.stack = stack.replace(/\n {4}at .*(node:internal\/|[/\\]node_modules[/\\]).*/g, '');
    }
    throw error;
  }
}
