import { styleText } from 'node:util';

type Paint = (text: string) => string;

/** Colour as named intentions; it never carries a meaning that the words do not. */
export interface Style {
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly caution: Paint;
  readonly busy: Paint;
}

const asIs: Paint = (text) => text;

export const plainStyle: Style = {
  strong: asIs,
  faint: asIs,
  good: asIs,
  bad: asIs,
  caution: asIs,
  busy: asIs,
};

// The terminal has already decided for this stream; Node would decide again, for stdout.
const paint =
  (format: Parameters<typeof styleText>[0]): Paint =>
  (text) =>
    styleText(format, text, { validateStream: false });

export const styled: Style = {
  strong: paint('bold'),
  faint: paint('dim'),
  good: paint('green'),
  bad: paint('red'),
  caution: paint('yellow'),
  busy: paint('cyan'),
};
