package io.silkroute.failover;

import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.NodeId;
import io.silkroute.routing.NodeSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** What one request went through, attempt by attempt. Belongs to one event loop. */
public final class AttemptLedger {

    /**
     * One attempt that was judged.
     *
     * @param node where
     * @param nodeName its name then
     * @param cause why it failed; empty when it was committed
     * @param status of the node's answer, if there was one
     * @param took from its start to the judgement
     * @param bytes of its body that went to the caller
     */
    public record Entry(
            NodeId node, String nodeName, Optional<FailureCause> cause, OptionalInt status, Duration took, long bytes) {

        private Entry sent(long count) {
            return new Entry(node, nodeName, cause, status, took, count);
        }

        private Entry brokenOff(FailureCause why) {
            return new Entry(node, nodeName, Optional.of(why), status, took, bytes);
        }

        private String render() {
            return nodeName + ';' + cause.map(FailureCause::wireName).orElse("ok") + ';' + took.toMillis() + "ms";
        }
    }

    private final List<Entry> entries = new ArrayList<>(1);

    void add(Entry entry) {
        entries.add(entry);
    }

    /** The body of a node's answer went out as far as this. */
    void sent(NodeId node, long bytes) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).node.equals(node)) {
                entries.set(i, entries.get(i).sent(bytes));
                return;
            }
        }
    }

    /** The last attempt, which was committed, broke off. */
    void brokenOff(FailureCause cause) {
        entries.set(entries.size() - 1, entries.get(entries.size() - 1).brokenOff(cause));
    }

    /** The attempts so far, oldest first. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** As in the header {@code x-silkroute-attempts}: {@code n1;connect_refused;2ms, n2;ok;35ms}. */
    public String toHeader() {
        return entries.size() == 1
                ? entries.get(0).render()
                : entries.stream().map(Entry::render).collect(Collectors.joining(", "));
    }

    int size() {
        return entries.size();
    }

    /** How often a node failed, or {@link NodeSelector#NEVER} when the way it failed makes another try pointless. */
    int tries(NodeId node) {
        int tries = 0;
        for (Entry entry : entries) {
            if (entry.node.equals(node)) {
                if (entry.cause.isPresent() && !entry.cause.get().isTransient()) {
                    return NodeSelector.NEVER;
                }
                tries++;
            }
        }
        return tries;
    }
}
