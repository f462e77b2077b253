package io.silkroute.routing;

import io.silkroute.breaker.CircuitBreaker;
import io.silkroute.kernel.NodeId;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One stage of a gradual switch: the share of an account's traffic that goes to the new node, and what became of it.
 * Thread-safe.
 */
public final class Shift {

    private final NodeId from;
    private final NodeId to;
    private final int stage;
    private final int share;
    private final int minSamples;
    private final double failureRate;
    private final Runnable news;
    private final AtomicInteger samples = new AtomicInteger();

    /**
     * @param from the node that is active
     * @param to the node that is to be
     * @param stage counted from 1
     * @param share of {@code to}, in percent, 1 to 99
     * @param minSamples results of {@code to} that the stage needs
     * @param failureRate of {@code to} at which the switch is rolled back, above 0 and up to 1
     * @param news run once when there are enough results, and once when the shift was rolled back; on the request path, so it
     *     must be quick
     */
    public Shift(NodeId from, NodeId to, int stage, int share, int minSamples, double failureRate, Runnable news) {
        this.from = from;
        this.to = to;
        this.stage = stage;
        this.share = share;
        this.minSamples = minSamples;
        this.failureRate = failureRate;
        this.news = news;
    }

    /** The node that is active. */
    public NodeId from() {
        return from;
    }

    /** The node that is to be. */
    public NodeId to() {
        return to;
    }

    /** Counted from 1. */
    public int stage() {
        return stage;
    }

    /** Of {@link #to}, in percent. */
    public int share() {
        return share;
    }

    /** Whether there are enough results of the new node. */
    public boolean hasSamples() {
        return samples.get() >= minSamples;
    }

    /** Whether the new node does too badly to go on with. */
    public boolean goesBadly(NodeRuntime node) {
        return node.breakerState() != CircuitBreaker.State.CLOSED || node.failureRate() >= failureRate;
    }

    /** Counts a result of the new node. */
    void sample() {
        if (samples.incrementAndGet() == minSamples) {
            news.run();
        }
    }

    void rolledBack() {
        news.run();
    }
}
