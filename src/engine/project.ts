/** The Pulumi project that every stack belongs to. */
export const projectName = "terrane";
