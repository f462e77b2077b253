package io.silkroute.breaker;

/**
 * Leave to send one request to a node. It must be ended, and only its first ending counts, so a path that ends it twice
 * does no harm.
 *
 * <p>The idea of a listener that has to be ended is that of Netflix concurrency-limits. Thread-safe.
 */
public interface Permit {

    /** The node did its work. */
    void success();

    /** The node failed. */
    void failure();

    /** The request says nothing about the node: the caller left, or was throttled. A probe gives its place back. */
    void ignore();
}
