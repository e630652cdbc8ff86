/** The named declarations of a TypeScript file, in their order. */
import {parseAst} from 'rolldown/parseAst';

type Statement = ReturnType<typeof parseAst>['body'][number];
type ByType<T extends Statement['type']> = Extract<Statement, {type: T}>;
type ExpressionStatement = ByType<'ExpressionStatement'>;
type Node = Statement | ByType<'ExportDefaultDeclaration'>['declaration'];
type Member =
  | Extract<Statement, {body: {type: 'ClassBody'}}>['body']['body'][number]
  | ByType<'TSInterfaceDeclaration'>['body']['body'][number]
  | Extract<ExpressionStatement['expression'], {type: 'ObjectExpression'}>['properties'][number];

export interface Declaration {
  /** Unique in its scope: `put`, `get size`, `static open`, `test 'reads a value'`. */
  readonly name: string;
  /** The declarations around it, outermost first; empty at the top of the file. */
  readonly scope: readonly string[];
  /** 1-based lines, both inclusive, without the comment before it. */
  readonly lineFirst: number;
  readonly lineLast: number;
  readonly text: string;
}

interface Found {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly members: readonly Found[];
}

/**
 * Top-level declarations, members of classes, interfaces, object types and object
 * literals, and the tests and groups of a test file, by their titles.
 * @throws Error that says where, if `source` is not TypeScript
 */
export function outline(source: string): Declaration[] {
  const lineStarts = [...source.matchAll(/^/gm)].map((match) => match.index);
  const lineOf = (offset: number) => lineStarts.findLastIndex((start) => start <= offset) + 1;
  const declarations: Declaration[] = [];
  const collect = (all: readonly Found[], scope: readonly string[]): void => {
    const seen = new Map<string, number>();
    for (const {name, start, end, members} of all) {
      // Overloads share a name.
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      const unique = count === 1 ? name : `${name} (${count})`;
      const [lineFirst, lineLast] = [lineOf(start), lineOf(end - 1)];
      declarations.push({name: unique, scope, lineFirst, lineLast, text: source.slice(start, end)});
      collect(members, [...scope, unique]);
    }
  };
  collect(parseAst(source, {lang: 'ts'}).body.flatMap(found), []);
  return declarations;
}

function found(node: Node): Found[] {
  const {start, end} = node;
  const one = (name: string, members: Found[] = []): Found[] => [{name, start, end, members}];
  if (node.type === 'ExportNamedDeclaration' || node.type === 'ExportDefaultDeclaration') {
    // The word `export` is part of the declaration.
    const inner = node.declaration === null ? [] : found(node.declaration);
    return inner.map((declaration) => ({...declaration, start, end}));
  }
  if (node.type === 'FunctionDeclaration' || node.type === 'TSDeclareFunction') {
    return one(node.id?.name ?? 'default');
  }
  if (node.type === 'ClassDeclaration') {
    return one(node.id?.name ?? 'default', node.body.body.flatMap(member));
  }
  if (node.type === 'TSInterfaceDeclaration') {
    return one(node.id.name, node.body.body.flatMap(member));
  }
  if (node.type === 'TSTypeAliasDeclaration') {
    const type = node.typeAnnotation;
    return one(node.id.name, type.type === 'TSTypeLiteral' ? type.members.flatMap(member) : []);
  }
  if (node.type === 'VariableDeclaration') {
    return node.declarations.flatMap(({id, init}) => {
      if (id.type !== 'Identifier') return [];
      const properties = init?.type === 'ObjectExpression' ? init.properties : [];
      return one(id.name, properties.flatMap(member));
    });
  }
  return node.type === 'ExpressionStatement' ? titledCall(node) : [];
}

function member(node: Member): Found[] {
  if (!('key' in node)) return [];
  const {key, start, end} = node;
  const words = [
    'static' in node && node.static ? 'static' : '',
    'kind' in node && (node.kind === 'get' || node.kind === 'set') ? node.kind : '',
  ];
  if (key.type === 'PrivateIdentifier') words.push(`#${key.name}`);
  else if (key.type === 'Identifier') words.push(key.name);
  else if (key.type === 'Literal') words.push(String(key.value));
  else return [];
  return [{name: words.filter((word) => word !== '').join(' '), start, end, members: []}];
}

/** `describe('title', () => {…})` and its like: a call whose first argument is a string. */
function titledCall({expression: call, start, end}: ExpressionStatement): Found[] {
  if (call.type !== 'CallExpression') return [];
  const title = call.arguments[0];
  if (title?.type !== 'Literal' || typeof title.value !== 'string') return [];
  const body = call.arguments.find((argument) => argument.type === 'ArrowFunctionExpression')?.body;
  const members = body?.type === 'BlockStatement' ? body.body.flatMap(found) : [];
  return [{name: `'${title.value}'`, start, end, members}];
}
