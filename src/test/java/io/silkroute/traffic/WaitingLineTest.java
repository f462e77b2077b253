package io.silkroute.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitingLineTest {

    private final WaitingLine<String> line = new WaitingLine<>(3);

    @Test
    void whoCameFirstIsFirst() {
        line.enter("a");
        line.enter("b");
        line.enter("c");

        assertThat(inOrder()).containsExactly("a", "b", "c");
    }

    @Test
    void whoFindsNoRoomDoesNotWait() {
        line.enter("a");
        line.enter("b");
        WaitingLine<String>.Place last = line.enter("c").orElseThrow();
        assertThat(line.enter("d")).isEmpty();
        assertThat(line.length()).isEqualTo(3);

        last.leave();

        assertThat(line.enter("d")).isPresent();
        assertThat(inOrder()).containsExactly("a", "b", "d");
    }

    @Test
    void whoLeavesFromTheMiddleIsGoneAtOnce() {
        line.enter("a");
        WaitingLine<String>.Place middle = line.enter("b").orElseThrow();
        line.enter("c");

        assertThat(middle.leave()).isTrue();

        assertThat(inOrder()).containsExactly("a", "c");
        assertThat(line.length()).isEqualTo(2);
    }

    @Test
    void nobodyLeavesTwice() {
        WaitingLine<String>.Place place = line.enter("a").orElseThrow();

        assertThat(place.leave()).isTrue();
        assertThat(place.leave()).isFalse();
        assertThat(line.length()).isZero();
    }

    /** Callers come and go, time runs out, and a server lets go: everybody leaves once, and there is never no room for no reason. */
    @Test
    void whoeverTakesThemOutEachLeavesOnce() throws InterruptedException {
        int room = 50;
        int each = 20_000;
        WaitingLine<AtomicInteger> crowd = new WaitingLine<>(room);
        Queue<AtomicInteger> entered = new ConcurrentLinkedQueue<>();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger longest = new AtomicInteger();
        List<Thread> comers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            comers.add(new Thread(() -> {
                for (int n = 0; n < each; n++) {
                    AtomicInteger exits = new AtomicInteger();
                    var place = crowd.enter(exits);
                    if (place.isPresent()) {
                        entered.add(exits);
                        if (n % 3 == 0 && place.get().leave()) {
                            exits.incrementAndGet();
                        }
                    }
                    longest.accumulateAndGet(crowd.length(), Math::max);
                }
            }));
        }
        List<Thread> servers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            servers.add(new Thread(() -> {
                while (!done.get() || crowd.length() > 0) {
                    for (var place : crowd) {
                        if (place.leave()) {
                            place.who().incrementAndGet();
                        }
                    }
                }
            }));
        }
        comers.forEach(Thread::start);
        servers.forEach(Thread::start);
        for (Thread comer : comers) {
            comer.join();
        }
        done.set(true);
        for (Thread server : servers) {
            server.join();
        }

        assertThat(entered).hasSizeGreaterThan(room).allMatch(exits -> exits.get() == 1);
        assertThat(longest.get()).isLessThanOrEqualTo(room);
        assertThat(crowd.length()).isZero();
        assertThat(crowd).isEmpty();
    }

    private List<String> inOrder() {
        List<String> all = new ArrayList<>();
        line.forEach(place -> all.add(place.who()));
        return Collections.unmodifiableList(all);
    }
}
