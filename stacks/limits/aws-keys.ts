/** Facts of the AWS KMS documentation. Data: each with its source and date. */

/**
 * Days between automatic rotations:
 * https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html, as of 2026-11-21.
 */
export const rotationPeriod = { fewestDays: 90, mostDays: 2560 } as const;

/**
 * Days between the order to delete a key and its end:
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html, as of 2026-11-21.
 */
export const deletionWindow = { fewestDays: 7, mostDays: 30 } as const;
