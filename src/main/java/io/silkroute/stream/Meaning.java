package io.silkroute.stream;

/**
 * What an event says about its stream.
 *
 * @param kind in what way
 * @param errorType of an error, as the dialect names it; otherwise empty
 * @param message of an error; otherwise empty
 */
public record Meaning(Kind kind, String errorType, String message) {

    /** In what way an event matters. */
    public enum Kind {
        /** The caller has nothing of it yet: another node could still begin anew. */
        PREAMBLE,
        /** Something that the caller asked for. */
        CONTENT,
        /** The stream is whole. */
        LAST,
        /** The node says that it failed. */
        ERROR,
        /** Not what its dialect allows. */
        MALFORMED
    }

    static final Meaning PREAMBLE = new Meaning(Kind.PREAMBLE, "", "");
    static final Meaning CONTENT = new Meaning(Kind.CONTENT, "", "");
    static final Meaning LAST = new Meaning(Kind.LAST, "", "");
    static final Meaning MALFORMED = new Meaning(Kind.MALFORMED, "", "");
}
