/** Versions that setup installs. Plain JavaScript for any Node from 18 on; a test compares them with their twins. */
export const nodeVersion = "24.21.0";
export const nodeFloor = 24;
export const engineVersion = "3.250.0";
/** Debian packages that the tests need; `folders` are looked into where the command is not on PATH. */
export const debianPackages = [
  { name: "zsh", command: "zsh", why: "completion is tested in it" },
  { name: "fish", command: "fish", why: "completion is tested in it" },
  {
    name: "postgresql",
    command: "postgres",
    folders: "/usr/lib/postgresql/*/bin",
    why: "what is stored is tested on it",
  },
];
