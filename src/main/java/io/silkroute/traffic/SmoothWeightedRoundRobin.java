package io.silkroute.traffic;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/**
 * Shares turns among peers by weight, spread out evenly: with weights 5, 1, 1 the order is a a b a c a a. It is the algorithm of
 * nginx ({@code ngx_http_upstream_get_peer}): every turn each peer gains its weight, the one that has gained most is chosen,
 * and gives back the sum of all weights. Over a cycle of that many turns each peer is chosen exactly as often as its weight
 * says.
 *
 * <p>Thread-safe and lock-free: what was gained is one immutable state, replaced as a whole, so turns that are taken at once
 * follow one another like those of a single thread. Peers that come, go, sit out or change their weight leave what the
 * others have gained untouched.
 *
 * @param <K> what identifies a peer
 */
public final class SmoothWeightedRoundRobin<K> {

    /** What each peer has gained; neither array is ever changed. */
    private record Gains(Object[] peers, long[] gained) {

        boolean areOf(int count, IntFunction<?> peer) {
            if (peers.length != count) {
                return false;
            }
            for (int i = 0; i < count; i++) {
                if (!peers[i].equals(peer.apply(i))) {
                    return false;
                }
            }
            return true;
        }

        long of(Object peer) {
            for (int i = 0; i < peers.length; i++) {
                if (peers[i].equals(peer)) {
                    return gained[i];
                }
            }
            return 0;
        }

        /** The same gains, for other peers or in another order. */
        Gains alignedTo(int count, IntFunction<?> peer) {
            Object[] others = new Object[count];
            long[] theirs = new long[count];
            for (int i = 0; i < count; i++) {
                others[i] = peer.apply(i);
                theirs[i] = of(others[i]);
            }
            return new Gains(others, theirs);
        }
    }

    private final AtomicReference<Gains> state = new AtomicReference<>(new Gains(new Object[0], new long[0]));

    /**
     * Takes a turn.
     *
     * @param weights of the peers; one with 0 sits this turn out
     * @param peer gives the peer at an index
     * @return the index of the peer whose turn it is, -1 when all sit out
     */
    public int next(int[] weights, IntFunction<K> peer) {
        while (true) {
            Gains before = state.get();
            Gains now = before.areOf(weights.length, peer) ? before : before.alignedTo(weights.length, peer);
            long[] gained = now.gained.clone();
            int best = -1;
            long sum = 0;
            for (int i = 0; i < weights.length; i++) {
                if (weights[i] > 0) {
                    gained[i] += weights[i];
                    sum += weights[i];
                    if (best < 0 || gained[i] > gained[best]) {
                        best = i;
                    }
                }
            }
            if (best < 0) {
                return -1;
            }
            gained[best] -= sum;
            if (state.compareAndSet(before, new Gains(now.peers, gained))) {
                return best;
            }
        }
    }
}
