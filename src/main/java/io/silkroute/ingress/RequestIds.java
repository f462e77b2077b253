package io.silkroute.ingress;

import java.util.concurrent.ThreadLocalRandom;

/** Names requests. Ids are unique enough to find a request again; they are no secret. */
final class RequestIds {

    private static final int LONGEST = 128;

    private RequestIds() {}

    /** The caller's own id when it is of use in a header and a log, otherwise a new one. */
    static String of(String callers) {
        return callers != null && usable(callers) ? callers : fresh();
    }

    private static String fresh() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        StringBuilder id = new StringBuilder(36).append("req_");
        appendHex(id, random.nextLong());
        appendHex(id, random.nextLong());
        return id.toString();
    }

    private static void appendHex(StringBuilder to, long bits) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            to.append(Character.forDigit((int) (bits >>> shift) & 0xF, 16));
        }
    }

    private static boolean usable(String id) {
        return !id.isEmpty() && id.length() <= LONGEST && id.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }
}
