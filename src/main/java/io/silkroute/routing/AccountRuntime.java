package io.silkroute.routing;

import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Outcome;
import io.silkroute.traffic.SmoothWeightedRoundRobin;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The living state of an account: which node its traffic goes to, or how it is shared. It is kept by account id and survives
 * changes of the configuration. Thread-safe; written behind the requests and read by each of them.
 */
public final class AccountRuntime {

    private final boolean shaped;
    private final SmoothWeightedRoundRobin<NodeId> turns = new SmoothWeightedRoundRobin<>();
    private final AtomicReference<Shift> shift = new AtomicReference<>();
    private volatile Optional<NodeId> active = Optional.empty();

    /**
     * @param shaped whether nodes of the same weight share traffic ({@code TRAFFIC_SHAPER_ENABLED})
     */
    public AccountRuntime(boolean shaped) {
        this.shaped = shaped;
    }

    /** The node that requests try first; empty while none was chosen, when they go by preference alone. */
    public Optional<NodeId> active() {
        return active;
    }

    /** Sends the next requests to another node first; ends a gradual switch, if one was under way. */
    public void activate(Optional<NodeId> node) {
        active = node;
        shift.set(null);
    }

    /** The stage of the gradual switch that is under way. */
    public Optional<Shift> shift() {
        return Optional.ofNullable(shift.get());
    }

    /** Begins a stage of a gradual switch. */
    public void shift(Shift stage) {
        shift.set(stage);
    }

    /** Ends this stage, unless another is under way by now: all traffic goes to the active node. */
    public void endShift(Shift stage) {
        shift.compareAndSet(stage, null);
    }

    /**
     * A node's attempt ended, for better or worse. If the node is being switched to and does badly, no further request goes there,
     * from this moment on.
     */
    public void ended(Node node, Outcome outcome) {
        Shift now = shift.get();
        if (now == null || !now.to().equals(node.spec().id()) || outcome.equals(Outcome.CANCELLED)) {
            return;
        }
        if (now.goesBadly(node.runtime())) {
            if (shift.compareAndSet(now, null)) {
                now.rolledBack();
            }
        } else {
            now.sample();
        }
    }

    /** Whether nodes of the same weight share traffic. */
    public boolean shaped() {
        return shaped;
    }

    SmoothWeightedRoundRobin<NodeId> turns() {
        return turns;
    }
}
