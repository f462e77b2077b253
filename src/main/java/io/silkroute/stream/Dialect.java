package io.silkroute.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The ways in which APIs use event streams. */
public enum Dialect {
    /** {@code /v1/messages}: named events, from {@code message_start} to {@code message_stop}. */
    ANTHROPIC {
        @Override
        Meaning read(SseEvent event, JsonObject json) {
            return switch (json.getValue("type") instanceof String type ? type : event.name()) {
                case "ping", "message_start" -> Meaning.PREAMBLE;
                case "content_block_start" -> isEmptyBlock(json) ? Meaning.PREAMBLE : Meaning.CONTENT;
                case "message_stop" -> Meaning.LAST;
                case "error" -> error(json);
                default -> Meaning.CONTENT;
            };
        }

        @Override
        public Buffer errorEvent(String type, String message) {
            JsonObject error = new JsonObject().put("type", type).put("message", message);
            return Buffer.buffer("event: error\ndata: "
                    + new JsonObject().put("type", "error").put("error", error) + "\n\n");
        }
    },
    /** {@code /v1/chat/completions} and its kin: chunks with choices, and {@code [DONE]}. */
    OPENAI {
        @Override
        Meaning read(SseEvent event, JsonObject json) {
            if (json.getValue("error") != null) {
                return error(json);
            }
            boolean content = false;
            if (json.getValue("choices") instanceof JsonArray choices) {
                for (Object each : choices) {
                    if (each instanceof JsonObject choice) {
                        if (choice.getValue("finish_reason") != null) {
                            return Meaning.LAST;
                        }
                        content |= saysSomething(choice);
                    }
                }
            }
            return content ? Meaning.CONTENT : Meaning.PREAMBLE;
        }

        @Override
        public Buffer errorEvent(String type, String message) {
            JsonObject error = new JsonObject()
                    .put("message", message)
                    .put("type", type)
                    .putNull("param")
                    .putNull("code");
            return Buffer.buffer("data: " + new JsonObject().put("error", error) + "\n\n");
        }
    },
    /** Any other: every event is content, and a clean end is the end. */
    OTHER {
        @Override
        Meaning read(SseEvent event, JsonObject json) {
            return event.name().equals("error") ? error(json) : Meaning.CONTENT;
        }

        @Override
        public Buffer errorEvent(String type, String message) {
            return ANTHROPIC.errorEvent(type, message);
        }
    };

    private static final Set<String> ANTHROPIC_TYPES = Set.of(
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop",
            "ping",
            "error");

    private static final String DONE = "[DONE]";
    private static final String UNNAMED = "message";
    private static final Pattern NOT_FINISHED = Pattern.compile("\"finish_reason\"\\s*:\\s*null");

    /** What an event means whose data is a JSON object. */
    abstract Meaning read(SseEvent event, JsonObject json);

    /** Whether an event can be an error or the last one; told without taking its data apart, for streams that are committed. */
    boolean mayMatterLate(SseEvent event) {
        String data = event.data();
        return switch (this) {
            case ANTHROPIC ->
                event.name().equals(UNNAMED)
                        ? data.contains("\"message_stop\"") || data.contains("\"error\"")
                        : event.name().equals("message_stop") || event.name().equals("error");
            case OPENAI ->
                data.strip().equals(DONE)
                        || data.contains("\"error\"")
                        || data.contains("\"finish_reason\"")
                                && !NOT_FINISHED.matcher(data).find();
            case OTHER -> event.name().equals("error");
        };
    }

    /** The event that ends a stream which failed. */
    public abstract Buffer errorEvent(String type, String message);

    /** The dialect that the path of a request promises. */
    public static Dialect ofPath(String uri) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        if (path.endsWith("/messages")) {
            return ANTHROPIC;
        }
        return path.endsWith("/completions") ? OPENAI : OTHER;
    }

    /** The dialect that an event is evidently of. */
    static Optional<Dialect> of(SseEvent event) {
        if (event.data().strip().equals(DONE)) {
            return Optional.of(OPENAI);
        }
        Optional<JsonObject> json = json(event);
        if (json.filter(o -> o.containsKey("choices")).isPresent()) {
            return Optional.of(OPENAI);
        }
        boolean typed = json.filter(o -> o.getValue("type") instanceof String type && ANTHROPIC_TYPES.contains(type))
                .isPresent();
        return typed ? Optional.of(ANTHROPIC) : Optional.empty();
    }

    /** What an event means. */
    Meaning meaning(SseEvent event) {
        if (this == OPENAI && event.data().strip().equals(DONE)) {
            return Meaning.LAST;
        }
        if (event.truncated()) {
            // So much of it can only be content.
            return Meaning.CONTENT;
        }
        Optional<JsonObject> json = json(event);
        if (json.isEmpty()) {
            return this == OTHER ? read(event, new JsonObject()) : Meaning.MALFORMED;
        }
        return read(event, json.get());
    }

    private static Optional<JsonObject> json(SseEvent event) {
        try {
            return Optional.of(new JsonObject(event.data()));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    private static Meaning error(JsonObject json) {
        if (json.getValue("error") instanceof JsonObject error) {
            return new Meaning(
                    Meaning.Kind.ERROR,
                    String.valueOf(error.getValue("type", "")),
                    String.valueOf(error.getValue("message", "")));
        }
        return new Meaning(Meaning.Kind.ERROR, "", "");
    }

    /** A block of text or thought that is still to be filled. */
    private static boolean isEmptyBlock(JsonObject json) {
        return json.getValue("content_block") instanceof JsonObject block
                && block.stream()
                        .filter(field -> !field.getKey().equals("type"))
                        .allMatch(field -> isEmpty(field.getValue()));
    }

    /** A role alone says nothing yet. */
    private static boolean saysSomething(JsonObject choice) {
        if (!isEmpty(choice.getValue("text"))) {
            return true;
        }
        return choice.getValue("delta") instanceof JsonObject delta
                && delta.stream()
                        .filter(field -> !field.getKey().equals("role"))
                        .map(Map.Entry::getValue)
                        .anyMatch(value -> !isEmpty(value));
    }

    private static boolean isEmpty(Object value) {
        return value == null || value.equals("") || value instanceof JsonArray array && array.isEmpty();
    }
}
