// Reads TypeScript as text: blanks out comments and literals so that a plain search finds only code, and lists imports.

/** What may stand before a `/` that begins a regular expression; behind anything else it divides. */
const REGEX_MAY_FOLLOW =
  /(?:^|[([{},;:=!&|?+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield))\s*$/;

/** `source` with comments and the insides of strings, templates and regular expressions blanked; every offset stays. */
export function codeOf(source: string): string {
  let code = '';
  let at = 0;
  /** Depths of braces at which a `${` was opened: its `}` goes back into the template. */
  const templates: number[] = [];
  let depth = 0;

  const keep = (count: number) => {
    code += source.slice(at, at + count);
    at += count;
  };
  const blank = (end: number) => {
    code += source.slice(at, end).replace(/[^\n]/g, ' ');
    at = Math.min(end, source.length);
  };
  const endOf = (closing: string, from: number) => {
    const end = source.indexOf(closing, from);
    return end < 0 ? source.length : end;
  };
  /** Offset of the unescaped `quote` at or behind `from`; in a regular expression a class hides it. */
  const endOfLiteral = (quote: string, from: number) => {
    let isClass = false;
    for (let end = from; end < source.length; end++) {
      const char = source[end];
      if (char === '\\') end++;
      else if (quote === '/' && char === '[') isClass = true;
      else if (quote === '/' && char === ']') isClass = false;
      else if (quote === '`' && char === '$' && source[end + 1] === '{') return end;
      else if (char === quote && !isClass) return end;
    }
    return source.length;
  };
  const literal = (quote: string) => {
    blank(endOfLiteral(quote, at));
    if (quote === '`' && source[at] === '$') {
      keep(2);
      templates.push(depth++);
    } else keep(1);
  };

  while (at < source.length) {
    const char = source[at] as string;
    const pair = source.slice(at, at + 2);
    if (pair === '//') blank(endOf('\n', at));
    else if (pair === '/*') blank(endOf('*/', at + 2) + 2);
    else if (char === "'" || char === '"' || char === '`' || (char === '/' && REGEX_MAY_FOLLOW.test(code))) {
      keep(1);
      literal(char);
    } else if (char === '}' && templates.at(-1) === depth - 1) {
      depth = templates.pop() as number;
      keep(1);
      literal('`');
    } else {
      if (char === '{') depth++;
      if (char === '}') depth--;
      keep(1);
    }
  }
  return code;
}

/** Something found in a file, with its line for people. */
export interface Finding {
  readonly text: string;
  readonly line: number;
}

export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}

/** Every match of `pattern` (global) in `code`. */
export function findAll(code: string, pattern: RegExp): Finding[] {
  return [...code.matchAll(pattern)].map((match) => ({ text: match[0].trim(), line: lineAt(code, match.index) }));
}

/** `import … from '…'`, `export … from '…'`, `import '…'`, `import('…')`, and `new URL('…', import.meta.url)`, quotes kept by `codeOf`. */
const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)(['"])( *)\1/g;

/** The module specifiers that `source` names. */
export function importsOf(source: string, code: string): Finding[] {
  return [...code.matchAll(SPECIFIER)].map((match) => {
    const end = match.index + match[0].length - 1;
    return { text: source.slice(end - (match[2] as string).length, end), line: lineAt(source, match.index) };
  });
}
