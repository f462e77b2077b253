package io.silkroute.stream;

/**
 * One event of an event stream.
 *
 * @param name the field {@code event}; {@code message} when there was none
 * @param data the lines of the field {@code data}, joined with line feeds
 * @param truncated whether more data came than is kept of one event
 */
public record SseEvent(String name, String data, boolean truncated) {}
