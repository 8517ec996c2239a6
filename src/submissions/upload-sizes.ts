// Sizes of uploads in parts; by themselves, since the browser and the command line read them too.

/** No suite's limit goes beyond it. */
export const RESUMABLE_LIMIT_BYTES = 2 * 1024 ** 3;
/** From here on a browser and the command line send in parts. */
export const RESUMABLE_FROM_BYTES = 16 * 1024 ** 2;
/** How long an upload may be broken off and still go on. */
export const KEPT_HOURS = 24;
