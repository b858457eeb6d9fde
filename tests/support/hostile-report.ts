import { report, step } from '../report/sample-reports.ts';

/** Everything that has ever broken a document: markup, quotes, control characters, half a character. */
export const hostileText =
  '<script>&amp; ]]> "double" \'single\' <![CDATA[x]]> <b>\n\tline\r\n\u0000\u001b[31mred\u001b[0m \ud800 \uffff ümläut 😀';

/** What a reader gets of it: no colours, one line break, and a sign for what may not stand in a document. */
export const hostileTextRead =
  '<script>&amp; ]]> "double" \'single\' <![CDATA[x]]> <b>\n\tline\n\ufffdred \ufffd \ufffd ümläut 😀';

const error = { code: 'RB_<X>', what: hostileText, why: hostileText, fix: hostileText };

export const hostileReport = report({
  run: 'r"<1>',
  title: hostileText,
  by: hostileText,
  summary: hostileText,
  outcome: 'failed',
  error: { ...error, code: 'RB_OTHER' },
  steps: [
    step('<a>', { title: hostileText, status: 'failed', error, outputTail: hostileText }),
    step('b', { result: hostileText }),
    step('c', { status: 'undo-failed', undoError: error }),
  ],
  findings: [
    { name: hostileText, value: hostileText, ok: false },
    { name: hostileText, value: hostileText, ok: true },
    { name: hostileText, value: hostileText },
  ],
});
