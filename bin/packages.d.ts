/** SHA-256 of the lock file. */
export declare function lockHash(root: string): string;
/** Whether `node_modules` is what the lock file says. */
export declare function packagesAreCurrent(root: string): boolean;
