package io.silkroute.observe;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.NodeId;
import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import io.silkroute.routing.Routing;
import io.silkroute.routing.RoutingListener;
import io.silkroute.switchover.SwitchReason;
import io.silkroute.switchover.SwitchoverListener;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The newest events, in memory: switches, breaker changes, rejected keys. Thread-safe. */
@Singleton
public class EventLog implements RoutingListener, SwitchoverListener {

    /** Some hours of a bad day. */
    private static final int SIZE = 1000;

    private static final Logger LOG = Logger.getLogger(EventLog.class);

    private final Ring<Event> events = new Ring<>(SIZE);
    private final Routing routing;
    private final Clock clock;

    @Inject
    public EventLog(Routing routing, Clock clock) {
        this.routing = routing;
        this.clock = clock;
    }

    /** The events that are kept. */
    public List<Event> newestFirst() {
        return events.newestFirst();
    }

    @Override
    public void breakerChanged(NodeId node, State from, State to) {
        LOG.infof("circuit breaker of node %s: %s", name(node), to.text());
        add("breaker_" + to.wireName(), node, "circuit breaker " + to.text());
    }

    @Override
    public void rested(NodeId node, FailureCause cause, Duration duration) {
        // A throttled node is every day's business; a rejected key needs somebody to do something.
        if (cause == FailureCause.AUTH_REJECTED) {
            String message = "rejects its own key: it rests until the key is replaced";
            LOG.warnf("node %s %s", name(node), message);
            add(cause.wireName(), node, message);
        }
    }

    @Override
    public void switched(Account account, Optional<Node> from, Node to, SwitchReason reason, boolean proven) {
        String message = "switched to node " + to.name() + " (reason: " + reason.text() + ")"
                + from.map(node -> ", from node " + node.name()).orElse("")
                + (proven ? "" : "; no candidate passed its warm-up, it is the least bad");
        add("switched", account, to, message, Optional.of(reason.wireName()));
    }

    @Override
    public void notSwitched(Account account, Node candidate, SwitchReason reason, String why) {
        String message = "not switched to node " + candidate.name() + " (reason: " + reason.text() + "): " + why;
        add("switch_failed", account, candidate, message, Optional.of(reason.wireName()));
    }

    @Override
    public void shifted(Account account, Node from, Node to, int stage, int share) {
        String message = "stage " + stage + ": " + share + "% of traffic to node " + to.name() + ", the rest to node "
                + from.name();
        add("gradual_switch", account, to, message, Optional.empty());
    }

    @Override
    public void rolledBack(Account account, Node from, Node to, String why) {
        String message = "rolled back from node " + to.name() + " to node " + from.name() + ": " + why;
        add("rolled_back", account, to, message, Optional.empty());
    }

    private void add(String type, NodeId id, String message) {
        routing.table()
                .owner(id)
                .ifPresent(account ->
                        account.node(id).ifPresent(node -> add(type, account, node, message, Optional.empty())));
    }

    private void add(String type, Account account, Node node, String message, Optional<String> reason) {
        events.add(new Event(clock.instant(), type, account.id(), node.spec().id(), node.name(), message, reason));
    }

    private String name(NodeId id) {
        return routing.table().node(id).map(Node::name).orElse(id.value());
    }
}
