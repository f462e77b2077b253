package io.silkroute.observe;

import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that an operator wants to know of afterwards. Immutable.
 *
 * @param at when
 * @param type what, for machines, for example {@code switched}
 * @param account whose
 * @param node which node it is about
 * @param nodeName its name then
 * @param message what happened, for people; holds no secret
 * @param reason of a switch, for machines
 */
public record Event(
        Instant at,
        String type,
        AccountId account,
        NodeId node,
        String nodeName,
        String message,
        Optional<String> reason) {}
