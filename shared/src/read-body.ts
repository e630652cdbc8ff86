import type {IncomingMessage} from 'node:http';

/**
 * Reads a request's body as one character a byte (latin1), so that its length
 * is its size and no byte can hide. Exactly one of the two callbacks is called,
 * once; neither is if the client gives up on the way.
 *
 * Events and not `for await`, which costs 15 % of the PUTs.
 *
 * @param bytesMax no more than this is ever held
 * @param onTooLarge called as soon as the limit is known to be passed, with the
 *   rest of the body still to come
 */
export function readBody(
  request: IncomingMessage,
  bytesMax: number,
  onBody: (body: string) => void,
  onTooLarge: () => void,
): void {
  let body = '';
  const onData = (chunk: Buffer): void => {
    if (body.length + chunk.length <= bytesMax) {
      body += chunk.toString('latin1');
      return;
    }
    request.off('data', onData);
    request.off('end', onEnd);
    onTooLarge();
  };
  const onEnd = (): void => onBody(body);
  request.on('data', onData);
  request.on('end', onEnd);
}
