/** Capabilities that Talos takes from every process. */
export const FORBIDDEN_CAPABILITIES: readonly string[] = ['SYS_MODULE', 'SYS_BOOT'];
