/** Tells the person at the terminal one thing. */
export function say(line: string): void {
  console.log(line);
}

/** Begins a chapter. */
export function heading(title: string): void {
  console.log(`\n== ${title}`);
}
