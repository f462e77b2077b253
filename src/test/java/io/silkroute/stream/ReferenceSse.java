package io.silkroute.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The HTML Standard's algorithm, word by word, on the whole stream at once. */
final class ReferenceSse {

    private ReferenceSse() {}

    static List<SseEvent> parse(byte[] stream) {
        String text = new String(stream, StandardCharsets.UTF_8);
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        List<SseEvent> events = new ArrayList<>();
        String eventType = "";
        StringBuilder data = new StringBuilder();
        String[] lines = text.split("\r\n|\n|\r", -1);
        // What follows the last line end is no line.
        for (int i = 0; i < lines.length - 1; i++) {
            String line = lines[i];
            if (line.isEmpty()) {
                if (data.length() > 0) {
                    events.add(new SseEvent(
                            eventType.isEmpty() ? "message" : eventType, data.substring(0, data.length() - 1), false));
                }
                eventType = "";
                data.setLength(0);
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            if (value.startsWith(" ")) {
                value = value.substring(1);
            }
            if (field.equals("event")) {
                eventType = value;
            } else if (field.equals("data")) {
                data.append(value).append('\n');
            }
        }
        return events;
    }
}
