package io.silkroute.stream;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Takes an event stream apart as it arrives, cut at whatever byte, by the rules of the HTML Standard (9.2.6, "Interpreting an
 * event stream"): lines end with LF, CRLF or CR, a byte order mark may come first, an event ends with an empty line, one
 * without data is none, and what follows the last empty line is no event.
 *
 * <p>Keeps no more than {@link #MAX_EVENT_BYTES} of one line and of the data of one event. Belongs to one event loop.
 */
public final class SseParser {

    /** Of the data of an event, and of a line, so much is kept; the rest is read and forgotten. */
    public static final int MAX_EVENT_BYTES = 1 << 20;

    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final String UNNAMED = "message";

    private final Consumer<SseEvent> events;
    private final Bytes line = new Bytes();
    private final Bytes data = new Bytes();
    private String name = "";
    private boolean hasData;
    private boolean afterCr;
    private boolean firstLine = true;

    /**
     * @param events told of each event as soon as it is complete
     */
    public SseParser(Consumer<SseEvent> events) {
        this.events = events;
    }

    /**
     * The next bytes of the stream.
     *
     * @return how many of them belong to what is complete: up to and with the last empty line, 0 when there is none
     */
    public int feed(Buffer bytes) {
        int complete = 0;
        for (int i = 0; i < bytes.length(); i++) {
            byte next = bytes.getByte(i);
            boolean secondOfCrLf = afterCr && next == '\n';
            afterCr = next == '\r';
            if (secondOfCrLf) {
                complete = complete == i ? i + 1 : complete;
                continue;
            }
            if (next != '\n' && next != '\r') {
                line.add(next);
            } else if (endLine()) {
                complete = i + 1;
            }
        }
        return complete;
    }

    /** Whether that ended an event, or would have, had there been one. */
    private boolean endLine() {
        int from = firstLine && line.startsWith(BOM) ? BOM.length : 0;
        firstLine = false;
        boolean empty = line.length == from;
        if (empty) {
            dispatch();
        } else {
            field(from);
        }
        line.clear();
        return empty;
    }

    private void field(int from) {
        int colon = line.indexOf(':', from);
        int nameEnd = colon < 0 ? line.length : colon;
        int valueStart = colon < 0 ? line.length : colon + 1;
        if (valueStart < line.length && line.bytes[valueStart] == ' ') {
            valueStart++;
        }
        if (line.equals(from, nameEnd, DATA)) {
            if (hasData) {
                data.add((byte) '\n');
            }
            hasData = true;
            data.addAll(line, valueStart);
        } else if (line.equals(from, nameEnd, EVENT)) {
            name = line.text(valueStart);
        }
        // A comment has an empty name; id, retry and unknown fields mean nothing here.
    }

    private void dispatch() {
        if (hasData) {
            events.accept(new SseEvent(name.isEmpty() ? UNNAMED : name, data.text(0), data.truncated));
        }
        name = "";
        hasData = false;
        data.clear();
    }

    /** Bytes that grow up to the limit. */
    private static final class Bytes {
        private byte[] bytes = new byte[256];
        private int length;
        private boolean truncated;

        void add(byte next) {
            if (length == MAX_EVENT_BYTES) {
                truncated = true;
                return;
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, bytes.length * 2);
            }
            bytes[length++] = next;
        }

        void addAll(Bytes other, int from) {
            for (int i = from; i < other.length; i++) {
                add(other.bytes[i]);
            }
            truncated |= other.truncated;
        }

        boolean startsWith(byte[] prefix) {
            return length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
        }

        boolean equals(int from, int to, byte[] wanted) {
            return Arrays.equals(bytes, from, to, wanted, 0, wanted.length);
        }

        int indexOf(char wanted, int from) {
            for (int i = from; i < length; i++) {
                if (bytes[i] == wanted) {
                    return i;
                }
            }
            return -1;
        }

        String text(int from) {
            return new String(bytes, from, length - from, StandardCharsets.UTF_8);
        }

        void clear() {
            length = 0;
            truncated = false;
        }
    }
}
