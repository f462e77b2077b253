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

    private static int[] divided(Account account, Shift shift, Predicate<Node> ready) {
        int[] weights = new int[account.nodes().size()];
        account.node(shift.from()).ifPresent(from -> give(account, from, ALL - shift.share(), ready, weights));
        account.node(shift.to()).ifPresent(to -> give(account, to, shift.share(), ready, weights));
        return weights;
    }

    /** A share for a node, or for all of its weight where these share. */
    private static void give(Account account, Node to, int share, Predicate<Node> ready, int[] weights) {
        List<Node> nodes = account.nodes();
        boolean shaped = account.runtime().shaped();
        int together = 0;
        for (Node node : nodes) {
            if (belongs(node, to, shaped) && ready.test(node)) {
                together += part(node, shaped);
            }
        }
        for (int i = 0; i < weights.length; i++) {
            Node node = nodes.get(i);
            if (belongs(node, to, shaped) && ready.test(node) && together > 0) {
                weights[i] = share * FINE * part(node, shaped) / together;
            }
        }
    }

    private static boolean belongs(Node node, Node to, boolean shaped) {
        return shaped ? node.spec().weight() == to.spec().weight() : node.equals(to);
    }

    private static int part(Node node, boolean shaped) {
        return shaped ? node.spec().trafficWeight() : 1;
    }

    /** Those of the active node's weight; of the best weight there is, when none of them is ready. */
    private static int[] shaped(Account account, Predicate<Node> ready) {
        List<Node> nodes = account.nodes();
        int[] weights = new int[nodes.size()];
        Optional<Integer> active = account.active().map(node -> node.spec().weight());
        Integer tier = null;
        for (Node node : nodes) {
            if (node.spec().trafficWeight() > 0 && ready.test(node)) {
                boolean first = tier == null;
                boolean better = active.filter(w -> w == node.spec().weight()).isPresent();
                if (first || better) {
                    tier = node.spec().weight();
                }
            }
        }
        for (int i = 0; i < weights.length; i++) {
            Node node = nodes.get(i);
            if (tier != null && node.spec().weight() == tier && ready.test(node)) {
                weights[i] = node.spec().trafficWeight();
            }
        }
        return weights;
    }
}
