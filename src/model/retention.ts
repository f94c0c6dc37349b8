/** How many checkpoints are kept of a stack. The newest always is. */

export interface Retention {
  /** The newest ones, whatever their age. */
  readonly newest: number;
  /** Days during which others are kept as well. */
  readonly days: number;
  /** Most that are kept, whatever their age. */
  readonly most: number;
}

export const defaultRetention: Retention = { newest: 20, days: 7, most: 200 };
