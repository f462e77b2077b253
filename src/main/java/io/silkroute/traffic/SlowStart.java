package io.silkroute.traffic;

/**
 * How many may go in each of a row of equal spans of time, when many wait for something that has only just come back: one, then
 * twice as many with each span that was made use of, so that a thousand are through after ten spans, and whatever
 * came back is not flooded at once. After TCP's slow start (RFC 5681), by time rather than by answers: these may take many seconds.
 *
 * <p>Not thread-safe.
 */
public final class SlowStart {

    private static final int MOST = 1 << 20;

    private int allowed = 1;
    private int gone;

    /** Whether one more may go in this span; if so, it counts as gone. */
    public boolean tryGo() {
        if (gone >= allowed) {
            return false;
        }
        gone++;
        return true;
    }

    /** Gives back what {@link #tryGo} took: it did not go after all. */
    public void stay() {
        gone--;
    }

    /** The next span begins. After one in which nobody went, it begins anew. */
    public void nextSpan() {
        allowed = gone == 0 ? 1 : Math.min(allowed * 2, MOST);
        gone = 0;
    }
}
