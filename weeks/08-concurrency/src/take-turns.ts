/** For so long requests have the processor to themselves between two turns. */
const REST_MS = 2;

/**
 * Work that goes on beside requests, in the same thread, is done in turns. Each
 * turn ends with a rest if there were requests since the last one, so that the
 * work takes a small share of the time however many there are. If there were
 * none, it goes on as soon as all that waits has run.
 */
export class Turns {
  #hadRequests = false;

  /** To be told of each request. */
  onRequest(): void {
    this.#hadRequests = true;
  }

  /** Ends a turn. Settles when the next one may begin. */
  async end(): Promise<void> {
    const mustRest = this.#hadRequests;
    this.#hadRequests = false;
    await (mustRest ? rest() : othersFirst());
  }
}

function rest(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, REST_MS);
  });
}

/**
 * An await alone would not let others run, if what it waits for is there already.
 * A message to oneself is the web's quickest way to the end of the line.
 */
function othersFirst(): Promise<void> {
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel() as unknown as Record<'port1' | 'port2', Port>;
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

/** As the web has it; the types of Node leave this out. */
interface Port {
  addEventListener(type: 'message', listener: () => void): void;
  start(): void;
  postMessage(message: unknown): void;
  close(): void;
}
