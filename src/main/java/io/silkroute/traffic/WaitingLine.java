package io.silkroute.traffic;

import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Those who wait, first in, first out, and never more than there is room for. Whoever waits leaves exactly once: of all who want
 * to take somebody out, for whatever reason, one succeeds.
 *
 * <p>Thread-safe and lock-free. Taking out the first costs the same whatever the length; anybody else, a walk to his place.
 *
 * @param <T> who waits
 */
public final class WaitingLine<T> implements Iterable<WaitingLine<T>.Place> {

    /** A place in the line. */
    public final class Place {
        private final T who;
        private final AtomicBoolean left = new AtomicBoolean();

        private Place(T who) {
            this.who = who;
        }

        /** Whose place it is. */
        public T who() {
            return who;
        }

        /** Gives the place up; true for the one call that does. */
        public boolean leave() {
            if (!left.compareAndSet(false, true)) {
                return false;
            }
            places.remove(this);
            length.decrementAndGet();
            return true;
        }
    }

    private final int room;
    private final Queue<Place> places = new ConcurrentLinkedQueue<>();
    private final AtomicInteger length = new AtomicInteger();

    /**
     * @param room places there are, 1 or more ({@code REQUEST_QUEUE_SIZE})
     */
    public WaitingLine(int room) {
        this.room = room;
    }

    /** Lines up behind all others; empty when there is no room. */
    public Optional<Place> enter(T who) {
        int before;
        do {
            before = length.get();
            if (before >= room) {
                return Optional.empty();
            }
        } while (!length.compareAndSet(before, before + 1));
        Place place = new Place(who);
        places.add(place);
        return Optional.of(place);
    }

    /** Goes from the one who has waited longest to the last; each stays until he leaves. */
    @Override
    public Iterator<Place> iterator() {
        return Collections.unmodifiableCollection(places).iterator();
    }

    /** How many wait. */
    public int length() {
        return length.get();
    }
}
