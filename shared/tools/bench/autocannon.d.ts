/** The part of autocannon 8 that is used here; it comes without types. */
declare module 'autocannon' {
  interface Request {
    readonly method: 'GET' | 'PUT';
    readonly path: string;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }

  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    /** Each connection sends these one after another, from the first on. */
    readonly requests: readonly Request[];
    /** Milliseconds between two looks at whether it is over. */
    readonly sampleInt: number;
  }

  interface Result {
    readonly requests: {readonly total: number};
    readonly errors: number;
  }

  export default function autocannon(options: Options): Promise<Result>;
}
