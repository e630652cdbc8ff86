/** The languages that `kv init` has a starter for, in validator/starters. */

export interface Tool {
  /** The program, as it is called. */
  readonly program: string;
  /** Arguments that make it print its version. */
  readonly versionArguments: readonly string[];
  /** Where to get it. */
  readonly from: string;
}

export interface Language {
  /** As `--lang` takes it, and the folder of its starter. */
  readonly id: string;
  readonly name: string;
  /** The file to begin with. */
  readonly entry: string;
  readonly build: string | undefined;
  /** What the first build downloads, as a sentence; undefined: nothing. */
  readonly download?: string;
  readonly command: string;
  readonly tools: readonly Tool[];
  /** For .gitignore, besides what all projects have there. */
  readonly ignored: readonly string[];
}

const NODE: Tool = {
  program: 'node',
  versionArguments: ['--version'],
  from: 'https://nodejs.org/en/download',
};

const OPTIONS = '--port {port} --data {dataDir}';

export const LANGUAGES: readonly Language[] = [
  {
    id: 'python',
    name: 'Python',
    entry: 'server.py',
    build: undefined,
    command: `python3 server.py ${OPTIONS}`,
    tools: [
      {
        program: 'python3',
        versionArguments: ['--version'],
        from: 'https://www.python.org/downloads/',
      },
    ],
    ignored: ['__pycache__/'],
  },
  {
    id: 'javascript',
    name: 'JavaScript',
    entry: 'server.mjs',
    build: undefined,
    command: `node server.mjs ${OPTIONS}`,
    tools: [NODE],
    ignored: ['node_modules/'],
  },
  {
    id: 'typescript',
    name: 'TypeScript',
    entry: 'server.ts',
    build: 'npm install --no-audit --no-fund --loglevel=error && npm run --silent build',
    download: 'The first build downloads the TypeScript compiler and the types of Node.js.',
    command: `node dist/server.js ${OPTIONS}`,
    tools: [NODE, {program: 'npm', versionArguments: ['--version'], from: NODE.from}],
    ignored: ['node_modules/', 'dist/'],
  },
  {
    id: 'go',
    name: 'Go',
    entry: 'main.go',
    build: 'go build -o server .',
    command: `./server ${OPTIONS}`,
    tools: [{program: 'go', versionArguments: ['version'], from: 'https://go.dev/dl/'}],
    ignored: ['/server'],
  },
  {
    id: 'java',
    name: 'Java',
    entry: 'Server.java',
    build: 'javac -d classes Server.java',
    command: `java -cp classes Server ${OPTIONS}`,
    tools: [
      {program: 'javac', versionArguments: ['-version'], from: 'https://adoptium.net/'},
      {program: 'java', versionArguments: ['-version'], from: 'https://adoptium.net/'},
    ],
    ignored: ['classes/'],
  },
  {
    id: 'rust',
    name: 'Rust',
    entry: 'src/main.rs',
    build: 'cargo build --release --quiet',
    download: 'The first build downloads one small HTTP crate, tiny_http, and what it needs.',
    command: `./target/release/kv-server ${OPTIONS}`,
    tools: [{program: 'cargo', versionArguments: ['--version'], from: 'https://rustup.rs/'}],
    ignored: ['target/'],
  },
];
