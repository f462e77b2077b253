/** The life of one request across nodes: attempt, classify, and again or not. */
package io.silkroute.failover;
