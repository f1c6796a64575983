/** Place and size of a widget on a dashboard, whose rows have 24 columns. */
interface Cell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The cell of the widget at `index`, two in a row. Pure. */
export function cellOf(index: number): Cell {
  return { x: (index % 2) * 12, y: Math.floor(index / 2) * 6, width: 12, height: 6 };
}
