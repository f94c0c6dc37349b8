/** Which tag names which version: `v*`, `<name>/v*`. */
import semver from "semver";

const nameWord = "<name>";

/** The version that a tag stands for; undefined where it is none of this blueprint. */
export function versionOf(tag: string, pattern: string, blueprint: string): string | undefined {
  const [before = "", after = ""] = pattern.replaceAll(nameWord, blueprint).split("*");
  if (!tag.startsWith(before) || !tag.endsWith(after)) return undefined;
  const version = tag.slice(before.length, tag.length - after.length);
  return semver.valid(version) === version ? version : undefined;
}

/** Tags of this blueprint within the range, the highest version first. */
export function tagsWithin(
  tags: Iterable<string>,
  want: { readonly pattern: string; readonly blueprint: string; readonly range: string },
): readonly { readonly tag: string; readonly version: string }[] {
  return [...tags]
    .flatMap((tag) => {
      const version = versionOf(tag, want.pattern, want.blueprint);
      return version !== undefined && semver.satisfies(version, want.range) ? [{ tag, version }] : [];
    })
    .sort((left, right) => semver.rcompare(left.version, right.version));
}
