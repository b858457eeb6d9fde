/** What a clock on the wall of some zone shows. */
export interface WallTime {
  /** 0 is Sunday. */
  readonly weekday: number;
  /** Minutes since the day began. */
  readonly minute: number;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** To make a clock costs a hundred times what reading it does, and there are as many as platforms have zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(timezone, format);
  return format;
}

/** Reads the clock of an IANA zone. */
export function wallTime(at: Date, timezone: string): WallTime {
  // Always `Tue 20:09`: the language is given.
  const [day = '', time = ''] = formatOf(timezone).format(at).split(' ');
  const [hours, minutes] = time.split(':').map(Number);
  return { weekday: weekdays.indexOf(day), minute: (hours ?? 0) * 60 + (minutes ?? 0) };
}

/** `Tue, 24 Nov 2026, 22:00 (Europe/Berlin)` */
export function wallWords(at: Date, timezone: string): string {
  const words = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
  return `${words} (${timezone})`;
}

/** Whether the name is one of the IANA's; what is an offset only (`+01:00`) knows no summer time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
