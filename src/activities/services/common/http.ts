import type { z } from 'zod';
import type { ServiceHandle } from '../kind.ts';

export interface HttpRequest {
  readonly url: string;
  /** Sent as JSON with POST; GET without. */
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

export interface HttpAnswer {
  /** 0 when nothing answered. */
  readonly status: number;
  readonly body: string;
}

/**
 * One request with whatever the image has. The script is fixed and its inputs are arguments; the first line
 * of its output names the program, for each reports the status in its own way.
 */
const script = `
url=$1 host=$2 port=$3 path=$4 body=$5 seconds=$6
if command -v curl >/dev/null 2>&1; then
  echo curl
  [ -z "$body" ] && exec curl -sk -m "$seconds" -w '\\n%{http_code}' "$url"
  exec curl -sk -m "$seconds" -w '\\n%{http_code}' -H 'Content-Type: application/json' -d "$body" "$url"
fi
for wget in wget 'busybox wget'; do
  $wget --help >/dev/null 2>&1 || continue
  echo wget
  [ -z "$body" ] && exec $wget -S -O - -T "$seconds" "$url"
  exec $wget -S -O - -T "$seconds" --header 'Content-Type: application/json' --post-data "$body" "$url"
done
if command -v bash >/dev/null 2>&1; then
  echo bash
  exec bash -c '
    exec 3<>"/dev/tcp/$1/$2" || exit 1
    method=GET; [ -z "$4" ] || method=POST
    printf "%s %s HTTP/1.0\\r\\nHost: %s\\r\\nContent-Type: application/json\\r\\nContent-Length: %s\\r\\n\\r\\n%s" \\
      "$method" "$3" "$1" "\${#4}" "$4" >&3
    cat <&3' bash "$host" "$port" "$path" "$body"
fi
echo none
`;

/** Asks from inside the container: the port need not be published, and no other host answers for it. */
export async function httpInContainer(
  service: ServiceHandle,
  member: string,
  request: HttpRequest,
): Promise<HttpAnswer> {
  const url = new URL(request.url);
  const timeoutMs = request.timeoutMs ?? 4000;
  const seconds = String(Math.ceil(timeoutMs / 1000));
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const target = [url.href, url.hostname, port, url.pathname + url.search, body, seconds];
  const result = await service.exec(member, ['sh', '-c', script, 'sh', ...target], {
    timeoutMs: timeoutMs + 1000,
  });
  return parseAnswer(result.stdout, result.stderr, result.exitCode);
}

/** The status and the body, from what the script's program printed. */
export function parseAnswer(stdout: string, stderr: string, exitCode: number): HttpAnswer {
  const lineEnd = stdout.indexOf('\n');
  const program = stdout.slice(0, Math.max(0, lineEnd));
  const output = stdout.slice(lineEnd + 1);
  if (program === 'curl') {
    const cut = output.lastIndexOf('\n');
    return { status: Number(output.slice(cut + 1)) || 0, body: output.slice(0, Math.max(0, cut)) };
  }
  if (program === 'wget') {
    const statuses = [...stderr.matchAll(/HTTP\/\d(?:\.\d)? (\d{3})/g)];
    const status = Number(statuses.at(-1)?.[1] ?? (exitCode === 0 ? 200 : 0));
    return { status, body: output || stderr.trim() };
  }
  if (program === 'bash') {
    const status = Number(/^HTTP\/\d(?:\.\d)? (\d{3})/.exec(output)?.[1] ?? 0);
    const gap = /\r?\n\r?\n/.exec(output);
    return { status, body: gap ? output.slice(gap.index + gap[0].length) : '' };
  }
  const why = program === 'none' ? 'the image has no curl, wget, busybox or bash' : stderr.trim();
  return { status: 0, body: why };
}

/** The body as JSON, or undefined when it is something else. */
export function jsonBody<S extends z.ZodType>(
  answer: HttpAnswer,
  schema: S,
): z.infer<S> | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(answer.body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
