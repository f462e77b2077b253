package io.silkroute.routing;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** How the traffic of an account is divided among its nodes, where it does not simply go to the active one. Stateless. */
final class TrafficShares {

    private static final int ALL = 100;

    /** Makes shares of shares whole numbers. */
    private static final int FINE = 1000;

    private static final int[] UNDIVIDED = {};

    private TrafficShares() {}

    /**
     * The weight of each node, in the order of the account, 0 for those that get nothing; no weights at all when traffic is not
     * divided.
     *
     * @param ready whether a node may be given a request now
     */
    static int[] weights(Account account, Predicate<Node> ready) {
        AccountRuntime runtime = account.runtime();
        Optional<Shift> shift = runtime.shift();
        if (shift.isPresent()) {
            return divided(account, shift.get(), ready);
        }
        return runtime.shaped() ? shaped(account, ready) : UNDIVIDED;
    }

    /** What each node gets of a hundred requests, in the order of the account. */
    static int[] percent(Account account) {
        int[] weights = weights(account, TrafficShares::ready);
        long sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        List<Node> nodes = account.nodes();
        int[] percent = new int[nodes.size()];
        for (int i = 0; i < percent.length; i++) {
            boolean active = account.runtime()
                    .active()
                    .filter(nodes.get(i).spec().id()::equals)
                    .isPresent();
            percent[i] = sum == 0 ? active ? ALL : 0 : Math.toIntExact(Math.round(100.0 * weights[i] / sum));
        }
        return percent;
    }

    /** Whether a node may have a share: it works, it is warm, and it did not fail its last probe. */
    static boolean ready(Node node) {
        NodeRuntime runtime = node.runtime();
        return node.usable() && !runtime.halfOpen() && !runtime.suspect() && !runtime.warming();
    }

    /** The two nodes of a gradual switch, or their two tiers where these share, each with its part of the whole. */
    private static int[] divided(Account account, Shift shift, Predicate<Node> ready) {
        int[] parts = parts(account, ready);
        int[] weights = new int[parts.length];
        account.node(shift.from()).ifPresent(from -> give(account, from, ALL - shift.share(), parts, weights));
        account.node(shift.to()).ifPresent(to -> give(account, to, shift.share(), parts, weights));
        return weights;
    }

    private static void give(Account account, Node to, int share, int[] parts, int[] weights) {
        Predicate<Node> belongs = account.runtime().shaped()
                ? node -> node.spec().weight() == to.spec().weight()
                : to::equals;
        List<Node> nodes = account.nodes();
        int together = 0;
        for (int i = 0; i < parts.length; i++) {
            together += belongs.test(nodes.get(i)) ? parts[i] : 0;
        }
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] > 0 && belongs.test(nodes.get(i))) {
                weights[i] = share * FINE * parts[i] / together;
            }
        }
    }

    /** Those of the active node's weight; of the best weight there is, when none of them is ready. */
    private static int[] shaped(Account account, Predicate<Node> ready) {
        List<Node> nodes = account.nodes();
        int[] parts = parts(account, ready);
        Optional<Integer> active = account.active().map(node -> node.spec().weight());
        Optional<Integer> tier = Optional.empty();
        for (int i = 0; i < parts.length; i++) {
            Optional<Integer> weight = Optional.of(nodes.get(i).spec().weight());
            if (parts[i] > 0 && (tier.isEmpty() || weight.equals(active))) {
                tier = weight;
            }
        }
        for (int i = 0; i < parts.length; i++) {
            if (!tier.equals(Optional.of(nodes.get(i).spec().weight()))) {
                parts[i] = 0;
            }
        }
        return parts;
    }

    /** What each node counts for among those it shares with; nothing while it is not ready. */
    private static int[] parts(Account account, Predicate<Node> ready) {
        boolean shaped = account.runtime().shaped();
        return account.nodes().stream()
                .mapToInt(node -> ready.test(node) ? shaped ? node.spec().trafficWeight() : 1 : 0)
                .toArray();
    }
}
