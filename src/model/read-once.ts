/** How zod reads documents. */

/** For `parse` and its like. A schema meets few documents: what zod would generate and compile for many costs more. */
export const readOnce = { jitless: true } as const;
