package io.silkroute.admin;

import java.util.List;

/** Events, newest first. */
public record EventList(List<EventView> events) {}
