package io.silkroute.upstream;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Bytes of a response that were read and not yet passed on, in order. Belongs to one event loop. */
final class HeldBody {

    /** Smaller pieces are put together: each costs an object beside its bytes. */
    private static final int BLOCK_BYTES = 16 * 1024;

    private final Deque<Buffer> blocks = new ArrayDeque<>();
    private final Optional<BodyMemory.Reservation> memory;
    private long length;

    private HeldBody(Optional<BodyMemory.Reservation> memory) {
        this.memory = memory;
    }

    /** For the little that is held on the way. */
    static HeldBody small() {
        return new HeldBody(Optional.empty());
    }

    /** For a whole body, which counts. */
    static HeldBody within(BodyMemory.Reservation memory) {
        return new HeldBody(Optional.of(memory));
    }

    /** Takes the bytes in any case; false when they are more than the memory set aside. */
    boolean add(Buffer bytes) {
        if (bytes.length() == 0) {
            return true;
        }
        length += bytes.length();
        Buffer last = blocks.peekLast();
        if (last != null && last.length() + bytes.length() <= BLOCK_BYTES) {
            last.appendBuffer(bytes);
        } else {
            // A buffer of our own where more may be added to it: the given one can be a slice of another's memory.
            blocks.add(bytes.length() < BLOCK_BYTES ? Buffer.buffer().appendBuffer(bytes) : bytes);
        }
        return memory.isEmpty() || memory.get().growTo(length);
    }

    /** The next bytes, which are held no longer; null when there are none. */
    Buffer poll() {
        Buffer next = blocks.poll();
        if (next != null) {
            length -= next.length();
        }
        if (blocks.isEmpty()) {
            memory.ifPresent(BodyMemory.Reservation::release);
        }
        return next;
    }

    /** Forgets all of them. */
    void clear() {
        blocks.clear();
        length = 0;
        memory.ifPresent(BodyMemory.Reservation::release);
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }
}
