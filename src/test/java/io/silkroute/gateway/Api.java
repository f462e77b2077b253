package io.silkroute.gateway;

import io.silkroute.testing.FakeNode;
import io.silkroute.testing.FakeNode.Behaviour;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A dialect: its path, a whole stream event by event, how many of them are no content yet, and its markers. */
enum Api {
    ANTHROPIC(
            "/v1/messages",
            List.of(
                    event("message_start", "{\"type\":\"message_start\",\"message\":{\"id\":\"NAME\",\"content\":[]}}"),
                    ": a comment\n\n",
                    event("ping", "{\"type\":\"ping\"}"),
                    event(
                            "content_block_start",
                            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"),
                    event(
                            "content_block_delta",
                            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hällo\"}}"),
                    event(
                            "content_block_delta",
                            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" from NAME\"}}"),
                    event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}"),
                    event("message_delta", "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}"),
                    event("message_stop", "{\"type\":\"message_stop\"}")),
            4,
            8,
            event("error", "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}")),
    OPENAI(
            "/v1/chat/completions",
            List.of(
                    "data: {\"id\":\"NAME\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\r\n\r\n",
                    ": keep-alive\r\n\r\n",
                    "data: {\"id\":\"NAME\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hällo\"},\"finish_reason\":null}]}\r\n\r\n",
                    "data: {\"id\":\"NAME\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" from\"},\"finish_reason\":null}]}\r\n\r\n",
                    "data: {\"id\":\"NAME\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\r\n\r\n",
                    "data: [DONE]\r\n\r\n"),
            2,
            4,
            "data: {\"error\":{\"type\":\"server_error\",\"message\":\"busy\"}}\r\n\r\n");

    final String path;
    final List<String> events;
    final int preamble;
    /** The events before the one that makes the stream whole. */
    final int beforeLast;

    final String error;

    Api(String path, List<String> events, int preamble, int beforeLast, String error) {
        this.path = path;
        this.events = events;
        this.preamble = preamble;
        this.beforeLast = beforeLast;
        this.error = error;
    }

    String stream(String name, int count) {
        return String.join("", events.subList(0, count)).replace("NAME", name);
    }

    String whole(String name) {
        return stream(name, events.size());
    }

    boolean endsInError(String body) {
        return this == ANTHROPIC
                ? body.matches("(?s).*\n\nevent: error\ndata: \\{\"type\":\"error\",\"error\":\\{[^\n]*}}\n\n")
                : body.matches("(?s).*\n\r?\ndata: \\{\"error\":\\{[^\n]*}}\r?\n\r?\n");
    }

    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    /** How a stream ends. */
    enum Ending {
        CLEAN,
        CUT,
        RESET,
        STALL
    }

    /** A node that sends this much of a stream, and then ends it so. */
    static Behaviour streaming(String stream, Ending ending) {
        return exchange -> {
            head(exchange);
            if (!stream.isEmpty()) {
                exchange.chunk(stream);
            }
            switch (ending) {
                case CLEAN -> exchange.raw("0\r\n\r\n");
                case CUT -> exchange.close();
                case RESET -> exchange.reset();
                case STALL -> exchange.hang();
            }
        };
    }

    /** A node that sends a stream byte by byte. */
    static Behaviour byteByByte(String stream) {
        return exchange -> {
            head(exchange);
            for (byte each : stream.getBytes(StandardCharsets.UTF_8)) {
                exchange.chunk(new byte[] {each});
            }
            exchange.raw("0\r\n\r\n");
        };
    }

    /** A node that sends so many events of a stream, each for itself, and closes its connection at once. */
    Behaviour cuttingAfter(String name, int count) {
        return exchange -> {
            head(exchange);
            for (String event : events.subList(0, count)) {
                exchange.chunk(event.replace("NAME", name));
            }
            exchange.close();
        };
    }

    /** A node that sends so many bytes of a stream, and closes its connection. */
    static Behaviour cutting(byte[] stream, int at) {
        return exchange -> {
            head(exchange);
            exchange.chunk(Arrays.copyOf(stream, at));
            exchange.close();
        };
    }

    static void head(FakeNode.Exchange exchange) throws IOException {
        exchange.raw(
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n");
    }
}
