/** Versions that setup installs. Plain JavaScript for any Node from 18 on; a test compares them with their twins. */
export const nodeVersion = "24.21.0";
export const nodeFloor = 24;
export const engineVersion = "3.250.0";
/** Debian packages that the tests need: none yet. Entries are `{ name, command, why }`. */
export const debianPackages = [];
