/**
 * Lets all that waits run first: requests, and what came from disk and network.
 * An await alone would not, if what it waits for is there already. A message to
 * oneself is the web's quickest way to the end of that line; timers take 1 ms.
 */
export function takeTurns(): Promise<void> {
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
