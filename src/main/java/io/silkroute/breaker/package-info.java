/** The circuit breaker of one node: in memory, programmatic, lock-free. */
package io.silkroute.breaker;
