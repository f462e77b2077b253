package io.silkroute.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Keeps the newest of what is added, so many and no more. Thread-safe, lock-free. */
final class Ring<T> {

    private final AtomicReferenceArray<T> slots;
    private final AtomicLong added = new AtomicLong();

    Ring(int size) {
        this.slots = new AtomicReferenceArray<>(size);
    }

    /** Adds one; gives the one that has to go for it. */
    Optional<T> add(T item) {
        int slot = (int) (added.getAndIncrement() % slots.length());
        return Optional.ofNullable(slots.getAndSet(slot, item));
    }

    List<T> newestFirst() {
        List<T> items = new ArrayList<>();
        long newest = added.get() - 1;
        for (long i = newest; i >= 0 && i > newest - slots.length(); i--) {
            T item = slots.get((int) (i % slots.length()));
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }
}
