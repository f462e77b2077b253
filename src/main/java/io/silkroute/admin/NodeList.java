package io.silkroute.admin;

import java.util.List;

/** The nodes of an account, by weight, then age. */
public record NodeList(List<NodeView> nodes) {}
