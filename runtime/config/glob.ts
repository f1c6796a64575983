/**
 * Whether the whole of `text` matches `pattern`, in which `*` stands for any run of characters and `?`
 * for exactly one; every other character stands for itself, and case counts.
 *
 * Takes at most pattern times text steps: after a mismatch only the latest `*` may take one character
 * more, which is enough, so a pattern such as `*a*a*a*a` cannot run away as its regular expression could.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let starAt = -1;
  let resumeAt = 0;
  for (let index = 0; index < text.length;) {
    if (pattern[at] === "*") {
      starAt = at++;
      resumeAt = index;
    } else if (pattern[at] === "?" || pattern[at] === text[index]) {
      at++;
      index++;
    } else if (starAt >= 0) {
      at = starAt + 1;
      index = ++resumeAt;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
