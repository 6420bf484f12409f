/** Capabilities that Talos removes from every process. */
export const FORBIDDEN_CAPABILITIES: readonly string[] = ['SYS_MODULE', 'SYS_BOOT'];
