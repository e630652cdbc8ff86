import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {toJsonSchema} from '@valibot/to-json-schema';
import {Ajv2020} from 'ajv/dist/2020.js';
import * as v from 'valibot';
import {describe, expect, it} from 'vitest';
import {readResult} from '../../src/export/read-result.ts';
import {type GradeReport, resultSchema} from '../../src/grade/result.ts';
import {temporaryFolder} from '../server/support.ts';
import {report} from './results.ts';

const FILE = fileURLToPath(new URL('../../result.schema.json', import.meta.url));
const PUBLISHED = {
  ...toJsonSchema(resultSchema, {target: 'draft-2020-12'}),
  title: 'Result of kv grade --json',
};

describe('the schema of a result', () => {
  it('is published as JSON Schema; UPDATE_GOLDEN=1 writes it', () => {
    const schema: unknown = JSON.parse(JSON.stringify(PUBLISHED));
    if (process.env['UPDATE_GOLDEN'] === '1') {
      writeFileSync(FILE, `${JSON.stringify(schema, undefined, 2)}\n`);
    }
    // Its layout is the formatter's.
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(schema);
  });

  it('says of each field what it means', () => {
    const undescribed = fieldsOf(PUBLISHED).filter(({description = ''}) => description === '');
    expect(undescribed.map(({path}) => path)).toEqual([]);
    expect(fieldsOf(PUBLISHED).length).toBeGreaterThan(70);
  });

  it('knows every field of it', () => {
    const whole: GradeReport = report();
    expect(v.parse(resultSchema, whole)).toEqual(whole);
    const formats = {'date-time': true} as const;
    const published = JSON.parse(JSON.stringify(PUBLISHED)) as object;
    const validate = new Ajv2020({formats}).compile(published);
    expect(validate(JSON.parse(JSON.stringify(whole)))).toBe(true);
    expect(validate({...whole, gradings: [{}]})).toBe(false);
  });

  it('lets a result be read again, and nothing else', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'result.json');
    writeFileSync(file, JSON.stringify(report()));
    expect(readResult(file)).toEqual(report());

    writeFileSync(file, JSON.stringify({...report(), schemaVersion: 2}));
    expect(() => readResult(file)).toThrow(/is not a result of kv grade --json: at schemaVersion/);
    writeFileSync(file, '{');
    expect(() => readResult(file)).toThrow(/is not JSON/);
    expect(() => readResult(join(folder, 'none.json'))).toThrow(/cannot be read/);
  });
});

interface Field {
  readonly path: string;
  readonly description?: string;
}

interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

/** All properties of a schema, at any depth. */
function fieldsOf(schema: object, path = ''): Field[] {
  const {properties = {}, items} = schema as SchemaNode;
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      {path: `${path}.${name}`, ...field},
      ...fieldsOf(field, `${path}.${name}`),
    ]),
    ...(items === undefined ? [] : fieldsOf(items, `${path}[]`)),
  ];
}
