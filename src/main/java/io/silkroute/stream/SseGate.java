package io.silkroute.stream;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Watches one event stream: whether it has content yet, so that its response may be committed; whether the node said that it
 * failed; whether it came to its end. Belongs to one event loop.
 */
public final class SseGate {

    private final SseParser parser = new SseParser(this::event);
    private static final int MAX_TAIL = 64 * 1024;
    private static final Buffer NOTHING = Buffer.buffer();

    private final Dialect promised;
    private Buffer tail = Buffer.buffer();
    private Optional<Dialect> spoken = Optional.empty();
    private boolean content;
    private boolean whole;
    private long events;
    private Optional<Meaning> failure = Optional.empty();

    /**
     * @param promised the dialect to expect, until the stream shows which it is
     */
    public SseGate(Dialect promised) {
        this.promised = promised;
    }

    /**
     * The next bytes; gives those that may go on to the caller: whole events only, so that a stream which breaks off inside of
     * one can still be ended with an error that is understood. A very long event goes on as it comes.
     */
    public Buffer feed(Buffer bytes) {
        int complete = parser.feed(bytes);
        if (complete == 0 && tail.length() + bytes.length() <= MAX_TAIL) {
            tail.appendBuffer(bytes);
            return NOTHING;
        }
        boolean tooLong = complete == 0 || bytes.length() - complete > MAX_TAIL;
        int passed = tooLong ? bytes.length() : complete;
        Buffer ready = tail.length() == 0 ? bytes.slice(0, passed) : tail.appendBuffer(bytes, 0, passed);
        tail = passed == bytes.length() ? Buffer.buffer() : bytes.getBuffer(passed, bytes.length());
        return ready;
    }

    /** At the end: what came after the last whole event, and was not passed on. */
    public Buffer rest() {
        return tail;
    }

    /** Whether there was something that the caller asked for, so that the response may be committed. */
    public boolean hasContent() {
        return content;
    }

    /** The error event, or the malformed one before any content, if there was one. */
    public Optional<Meaning> failure() {
        return failure;
    }

    /** Whether the dialect's last event was there: nothing is missing, whatever becomes of the connection. */
    public boolean isWhole() {
        return whole;
    }

    /** Whether the stream may end now: it is whole, or its dialect knows no last event. */
    public boolean mayEnd() {
        return whole || dialect() == Dialect.OTHER;
    }

    /** Events so far. */
    public long events() {
        return events;
    }

    /** The dialect of the stream, as far as it is known. */
    public Dialect dialect() {
        return spoken.orElse(promised);
    }

    private void event(SseEvent event) {
        events++;
        if (spoken.isEmpty()) {
            spoken = Dialect.of(event);
        }
        if (content && !dialect().mayMatterLate(event)) {
            return;
        }
        Meaning meaning = dialect().meaning(event);
        switch (meaning.kind()) {
            case PREAMBLE -> {}
            case CONTENT -> content = true;
            case LAST -> {
                content = true;
                whole = true;
            }
            case ERROR -> failure = failure.or(() -> Optional.of(meaning));
            case MALFORMED -> failure = content ? failure : failure.or(() -> Optional.of(meaning));
        }
    }
}
