import {FileSystemError} from './file-system-error.ts';
import type {Fault, Operation, OperationHooks, OperationKind, Request} from './operation.ts';

/**
 * Every operation of a MemoryFileSystem passes here first: it is counted,
 * recorded, and refused if a fault was injected or the machine has crashed.
 */
export class OperationGate {
  hooks: OperationHooks;
  crashed = false;
  openFileCount = 0;
  #count = 0;
  readonly #countByKind = new Map<OperationKind, number>();
  readonly #recordMax: number;
  #records: Operation[] = [];

  constructor(hooks: OperationHooks, recordMax: number) {
    this.hooks = hooks;
    this.#recordMax = recordMax;
  }

  get count(): number {
    return this.#count;
  }

  countOf(kind: OperationKind): number {
    return this.#countByKind.get(kind) ?? 0;
  }

  /** The newest operations, oldest first. */
  get records(): readonly Operation[] {
    return this.#recordMax === 0 ? [] : this.#records.slice(-this.#recordMax);
  }

  /**
   * @param onFault called before an injected fault is thrown, for what such a failure leaves behind
   * @throws FileSystemError
   */
  async pass(request: Request, onFault?: (fault: Fault) => void): Promise<Operation> {
    if (this.hooks.pause !== undefined) await this.hooks.pause(request);
    return this.passSync(request, onFault);
  }

  passSync(request: Request, onFault?: (fault: Fault) => void): Operation {
    if (this.crashed) throw new FileSystemError('EIO', request.kind, request.path);
    const operation = {index: this.#count, ...request};
    this.#count += 1;
    this.#countByKind.set(request.kind, this.countOf(request.kind) + 1);
    this.#record(operation);
    const fault = this.hooks.beforeOperation?.(operation);
    if (fault === undefined) return operation;
    if (onFault !== undefined) {
      onFault(fault);
      this.mutated(operation);
    }
    throw new FileSystemError(fault.code, request.kind, request.path);
  }

  mutated(operation: Operation): void {
    this.hooks.afterMutation?.(operation);
  }

  /** Cuts only when twice the bound is reached, so that recording stays cheap. */
  #record(operation: Operation): void {
    if (this.#recordMax === 0) return;
    this.#records.push(operation);
    if (this.#records.length >= 2 * this.#recordMax) {
      this.#records = this.#records.slice(-this.#recordMax);
    }
  }
}
