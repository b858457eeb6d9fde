import { plainText } from '../text.ts';

/** An element of an XML document; what stands in it is escaped when it is written. */
export interface Element {
  readonly name: string;
  /** Left out where undefined. */
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly children: readonly (Element | string)[];
}

export function element(
  name: string,
  attributes: Element['attributes'] = {},
  children: Element['children'] = [],
): Element {
  return { name, attributes, children };
}

export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}\n`;
}

function written({ name, attributes, children }: Element, indent: string): string {
  const head = [
    `${indent}<${name}`,
    ...Object.entries(attributes).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}="${inAttribute(String(value))}"`],
    ),
  ].join(' ');
  if (children.length === 0) return `${head}/>`;
  const [first] = children;
  // Blanks beside a text would belong to it.
  if (typeof first === 'string') return `${head}>${escaped(first)}</${name}>`;
  const inner = children.map((child) =>
    typeof child === 'string' ? escaped(child) : written(child, `${indent}  `),
  );
  return [`${head}>`, ...inner, `${indent}</${name}>`].join('\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Some characters may not stand in XML at all, not even escaped. */
function escaped(text: string): string {
  return plainText(text)
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character] ?? '');
}

/** A reader turns line breaks and tabs of an attribute into blanks unless they are written as numbers. */
const inAttribute = (text: string) =>
  escaped(text).replace(/[\n\t]/g, (blank) => `&#${blank.charCodeAt(0)};`);
