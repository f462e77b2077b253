package io.silkroute.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SmoothWeightedRoundRobinTest {

    private final SmoothWeightedRoundRobin<String> turns = new SmoothWeightedRoundRobin<>();

    @Test
    void theOrderIsThatOfNginx() {
        assertThat(order(7, new int[] {5, 1, 1}, "a", "b", "c")).isEqualTo("aabacaa");
    }

    @Test
    void onePeerAloneHasEveryTurn() {
        assertThat(order(3, new int[] {7}, "a")).isEqualTo("aaa");
    }

    @Test
    void whoHasNoWeightSitsOut() {
        assertThat(order(4, new int[] {1, 0, 1}, "a", "b", "c")).isEqualTo("acac");
        assertThat(turns.next(new int[] {0, 0}, i -> "x" + i)).isEqualTo(-1);
    }

    @Test
    void whoSatOutDoesNotCatchUp() {
        order(100, new int[] {1, 0}, "a", "b");

        assertThat(order(4, new int[] {1, 1}, "a", "b")).isEqualTo("abab");
    }

    @Test
    void whoeverComesOrGoesTheOthersKeepTheirTurns() {
        assertThat(order(1, new int[] {1, 1}, "a", "b")).isEqualTo("a");
        assertThat(order(1, new int[] {1, 1, 1}, "c", "a", "b")).isEqualTo("b");
        assertThat(order(1, new int[] {1, 1}, "b", "c")).isEqualTo("c");
    }

    @Test
    void aWeightThatChangesOverAndOverDoesNotStarveAnybody() {
        int[] chosen = new int[2];
        for (int i = 0; i < 1000; i++) {
            // Begun anew with each change, the light one would never have its turn.
            chosen[turns.next(new int[] {90 + i % 2, 10}, n -> "p" + n)]++;
        }
        assertThat(chosen[1]).isBetween(98, 102);
    }

    @Property
    void everyCycleIsFairToTheTurn(@ForAll("weights") int[] weights) {
        SmoothWeightedRoundRobin<Integer> fresh = new SmoothWeightedRoundRobin<>();
        int sum = sum(weights);
        for (int cycle = 0; cycle < 3; cycle++) {
            int[] chosen = new int[weights.length];
            for (int turn = 0; turn < sum; turn++) {
                chosen[fresh.next(weights, i -> i)]++;
            }
            assertThat(chosen).isEqualTo(weights);
        }
    }

    @Property
    void itIsTheTextbookAlgorithmWhateverChangesMeanwhile(@ForAll("histories") List<int[]> history) {
        SmoothWeightedRoundRobin<Integer> fresh = new SmoothWeightedRoundRobin<>();
        long[] gained = new long[PEERS];
        for (int[] weights : history) {
            for (int turn = 0; turn < 7; turn++) {
                assertThat(fresh.next(weights, i -> i)).isEqualTo(textbook(weights, gained));
            }
        }
    }

    @Test
    void manyThreadsTakeTurnsLikeOne() throws InterruptedException {
        int[] weights = {5, 3, 2};
        int threads = 8;
        int each = 10_000;
        AtomicIntegerArray chosen = new AtomicIntegerArray(weights.length);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                await(start);
                for (int turn = 0; turn < each; turn++) {
                    chosen.incrementAndGet(turns.next(weights, n -> "p" + n));
                }
            });
            thread.start();
            running.add(thread);
        }
        start.countDown();
        for (Thread thread : running) {
            thread.join();
        }
        int cycles = threads * each / sum(weights);
        assertThat(List.of(chosen.get(0), chosen.get(1), chosen.get(2)))
                .containsExactly(5 * cycles, 3 * cycles, 2 * cycles);
    }

    private static final int PEERS = 4;

    @Provide
    Arbitrary<int[]> weights() {
        return Arbitraries.integers()
                .between(1, 100)
                .array(int[].class)
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<int[]>> histories() {
        return Arbitraries.integers()
                .between(0, 100)
                .array(int[].class)
                .ofSize(PEERS)
                .list()
                .ofMaxSize(20);
    }

    /** As in the source of nginx: one pass over the peers, with their state in place. */
    private static int textbook(int[] weights, long[] gained) {
        int best = -1;
        int total = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] == 0) {
                continue;
            }
            gained[i] += weights[i];
            total += weights[i];
            if (best == -1 || gained[i] > gained[best]) {
                best = i;
            }
        }
        if (best >= 0) {
            gained[best] -= total;
        }
        return best;
    }

    private String order(int count, int[] weights, String... peers) {
        StringBuilder order = new StringBuilder();
        IntFunction<String> peer = i -> peers[i];
        for (int i = 0; i < count; i++) {
            order.append(peers[turns.next(weights, peer)]);
        }
        return order.toString();
    }

    private static int sum(int[] weights) {
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        return sum;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
