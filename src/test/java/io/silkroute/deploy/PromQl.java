package io.silkroute.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of Prometheus' language as it takes to see which samples an expression asks for. */
final class PromQl {

    /** Samples of a name whose labels match; a condition that is no equality counts for its label alone. */
    record Selector(String metric, Map<String, String> equal, Set<String> labels) {}

    private static final Pattern GROUPING =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right) *\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?: *\\{([^}]*)})?( *\\()?");
    private static final Pattern CONDITION = Pattern.compile("([a-z_]+) *(=~|!~|!=|=) *\"([^\"]*)\"");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    private PromQl() {}

    static List<Selector> selectors(String expression) {
        String rest = GROUPING.matcher(expression).replaceAll(" ").replaceAll("\\[[^]]*]", " ");
        List<Selector> selectors = new ArrayList<>();
        Matcher names = NAME.matcher(rest);
        while (names.find()) {
            // What is followed by a parenthesis is a function.
            if (names.group(3) == null && !WORDS.contains(names.group(1))) {
                selectors.add(selector(names.group(1), names.group(2)));
            }
        }
        return selectors;
    }

    private static Selector selector(String metric, String conditions) {
        Map<String, String> equal = new TreeMap<>();
        Map<String, String> all = new TreeMap<>();
        Matcher each = CONDITION.matcher(conditions == null ? "" : conditions);
        while (each.find()) {
            all.put(each.group(1), each.group(3));
            if (each.group(2).equals("=")) {
                equal.put(each.group(1), each.group(3));
            }
        }
        return new Selector(metric, equal, all.keySet());
    }
}
