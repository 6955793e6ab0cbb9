/**
 * The settings that a window may change. Folders are changed by ticket; what a restore runs, asks and expects is shown,
 * and changed on the command line or in the file only.
 */
export const changeableSettings = [
  'brain',
  'include',
  'exclude',
  'watch.intervalSeconds',
  'watch.thresholdBytes',
  'watch.changeMinutes',
  'watch.minPauseSeconds',
  'watch.schedule',
  'verify.rereadDays',
  'space.reserveBytes',
  'retention.keepLast',
  'retention.keepWithinDays',
  'retention.keepHourly',
  'retention.keepDaily',
  'retention.keepWeekly',
  'retention.keepMonthly',
  'retention.keepYearly',
  'retention.maxBytes',
  'retention.afterEachSnapshot',
  'capture.deadlineSeconds',
  'capture.maxWalBytes',
] as const;
